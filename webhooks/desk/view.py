"""What an agent's page shows, as JSON-ready data: themselves, the call in hand, the queues and their day.

Times are microseconds since 1970, on the floor's clock, which `now_us` tells the page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from flows.model.flow import Flow
from ivr.dispatch.offer_state import said
from ivr.phone.call_time import zone_of
from webhooks.desk import call_in_hand
from webhooks.desk.guard import Person
from webhooks.desk.number_in_hand import NumberInHand
from webhooks.desk.work import Work
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.rows import Offer
from webhooks.dispatch.views import AgentNow, Day, WaitingNow
from webhooks.store import Store

__all__ = ["View", "label_of", "midnight_us"]

_LATEST = 12
"""Calls of the day that are listed."""
_STEP_US = 10_000_000
"""The talk in hand counts in these, so that a page is not told of every second; talks that are over count whole."""


class View:
    """What pages show of one line.

    Parameters
    ----------
    flow : callable
        Gives the version of the line that new calls hear.
    store : Store
    floor : Floor
    work : Work
        Callbacks and voicemails.
    numbers : NumberInHand
        What an agent is shown of the number of the call that they have.
    notice : callable
        Gives what everybody at the desk should know now; empty for nothing.
    """

    def __init__(
        self,
        flow: Callable[[], Flow],
        store: Store,
        floor: Floor,
        work: Work,
        numbers: NumberInHand,
        notice: Callable[[], str],
    ) -> None:
        self._flow, self._store, self._floor, self._work = flow, store, floor, work
        self._numbers, self._notice = numbers, notice

    def of_agent(self, person: Person) -> dict[str, Any]:
        """The page of somebody who is signed in; raises what the database raises."""
        floor, name = self._floor, person.agent
        agents, waiting, now_us = floor.agents_now(), floor.waiting_now(), floor.now_us
        me = next(one for one in agents if one.agent == name)
        day = floor.day_of(name, midnight_us(self._flow(), now_us))
        had = (one for one in day.offers if one.state == "ended")
        last = next(had, None) if me.state.state == "wrap_up" else None
        return {
            "now_us": now_us,
            "notice": self._notice(),
            "me": _me(me, person),
            "call": self._call(me.offer or last),
            "queues": self.queues(waiting, me.group),
            "agents": [
                {"agent": one.agent, "name": one.name, "state": one.state.state} for one in agents if one is not me
            ],
            "work": self._work.open(),
            "day": _day(day),
        }

    def queues(self, waiting: Sequence[WaitingNow], group: str = "") -> list[dict[str, Any]]:
        """The queues: how many wait, and since when; whether a group answers them."""
        table = self._floor.people.table
        g = table.groups.index(group) if group in table.groups else None
        return [
            {
                "queue": queue,
                "label": label_of(self._flow(), queue),
                "waiting": len(calls := [one for one in waiting if one.queue == queue]),
                "since_us": min((one.joined_us for one in calls), default=None),
                "mine": g is not None and table.rank[q][g] is not None,
            }
            for q, queue in enumerate(table.queues)
        ]

    def _call(self, offer: Offer | None) -> dict[str, Any] | None:
        return None if offer is None else call_in_hand.shown(self._store, self._flow(), offer, self._numbers)


def _me(me: AgentNow, person: Person) -> dict[str, Any]:
    return {
        "agent": me.agent,
        "name": me.name,
        "role": person.stated.role,
        "rings_at": person.stated.rings_at,
        "state": me.state.state,
        "reason": me.state.reason,
        "since_us": me.state.since_us,
        "until_us": me.state.until_us,
        "misses": me.state.misses,
    }


def _day(day: Day) -> dict[str, Any]:
    busy = sum(day.spent_us.get(state, 0) for state in ("talking", "wrap_up"))
    available = busy + sum(day.spent_us.get(state, 0) for state in ("ready", "offered"))
    over_us = sum(one.ended_us - one.accepted_us for one in day.offers if one.ended_us and one.accepted_us)
    return {
        "calls": day.calls,
        "missed": day.missed,
        "talk_us": over_us + (day.talk_us - over_us) // _STEP_US * _STEP_US,
        "occupancy": round(busy / available, 2) if available else None,
        "offers": [_offer(one) for one in day.offers[:_LATEST]],
    }


def _offer(one: Offer) -> dict[str, Any]:
    return {
        "offer": one.offer,
        "queue": one.queue,
        "at_us": one.made_us,
        "state": one.state,
        "words": said(one.state) or {"cancelled": "the caller hung up", "ended": "answered"}.get(one.state, "in hand"),
        "talk_us": one.ended_us - one.accepted_us if one.ended_us and one.accepted_us else None,
    }


def label_of(flow: Flow, queue: str) -> str:
    """How people call a queue: by its label, else by its name.

    Examples
    --------
    >>> from flows.model.load import load
    >>> label_of(load("northwind").flow, "tech_tier2"), label_of(load("northwind").flow, "fax_machine")
    ('Technical support, second tier', 'fax machine')
    """
    known = flow.queues.get(queue)
    return (known.label if known else "") or queue.replace("_", " ")


def midnight_us(flow: Flow, now_us: int) -> int:
    """When the day of the line began, on its own clock.

    Parameters
    ----------
    flow : Flow
    now_us : int

    Examples
    --------
    >>> from flows.model.load import load
    >>> noon_in_new_york = dt.datetime(2026, 12, 1, 17, tzinfo=dt.UTC)
    >>> began = midnight_us(load("northwind").flow, int(noon_in_new_york.timestamp() * 1e6))
    >>> dt.datetime.fromtimestamp(began / 1e6, dt.UTC).isoformat()
    '2026-12-01T05:00:00+00:00'
    """
    here = dt.datetime.fromtimestamp(now_us / 1e6, zone_of(flow))
    return round(here.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1e6)
