"""What the floor looks like now, and an agent's day, for the desk."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ivr.dispatch.agent_state import AgentState
from ivr.dispatch.offer_state import MISSED
from webhooks.dispatch.rows import Offer, Rows
from webhooks.store.floor_tables import AGENT_LOG, OFFERS, WAITING

__all__ = ["AgentNow", "Day", "WaitingNow", "day_of", "waiting_now"]


@dataclass(frozen=True)
class AgentNow:
    """An agent as supervisors see them.

    Parameters
    ----------
    agent, name, group : str
        The short name, the name among colleagues, the group.
    state : AgentState
    offer : Offer or None
        The call in hand, or being offered.
    """

    agent: str
    name: str
    group: str
    state: AgentState
    offer: Offer | None = None


@dataclass(frozen=True)
class WaitingNow:
    """A call that waits, or is being offered.

    Parameters
    ----------
    call_sid, queue, kind : str
    language : str
    began_us, joined_us : int
    told : mapping
        What the agent may see.
    agent : str
        Who is being asked to take it; empty when nobody is.
    """

    call_sid: str
    queue: str
    kind: str
    language: str
    began_us: int
    joined_us: int
    told: dict[str, Any] = field(default_factory=dict)
    agent: str = ""


@dataclass(frozen=True)
class Day:
    """An agent's day, as far as it has come. Times are microseconds.

    Parameters
    ----------
    calls : int
        Calls taken.
    missed : int
        Calls offered and not taken.
    spent_us : mapping of str to int
        Time in each state except signed out.
    paused_us : mapping of str to int
        Time in pauses, by reason.
    talk_us : int
        Time with callers, that of the present talk included.
    offers : tuple of Offer
        Latest first.
    """

    calls: int
    missed: int
    spent_us: dict[str, int]
    paused_us: dict[str, int]
    talk_us: int
    offers: tuple[Offer, ...]


def waiting_now(rows: Rows) -> list[WaitingNow]:
    """The calls that wait, those who came first at the front."""
    asked = {offer.call_sid: offer.agent for offer in rows.live_offers()}
    return [
        WaitingNow(
            row["call_sid"],
            row["queue"],
            row["kind"],
            row["language"] or "",
            row["began_us"],
            row["joined_us"],
            json.loads(row["told"] or "{}"),
            asked.get(row["call_sid"], ""),
        )
        for row in rows.all(WAITING, WAITING.c.state == "waiting", order=(WAITING.c.joined_us, WAITING.c.call_sid))
    ]


def day_of(rows: Rows, agent: str, since_us: int, now_us: int) -> Day:
    """The day of an agent since a moment, such as midnight."""
    offers = rows.offers(OFFERS.c.agent == agent, OFFERS.c.made_us >= since_us)
    spent, paused = Counter[str](), Counter[str]()
    before = rows.all(AGENT_LOG, AGENT_LOG.c.agent == agent, order=(AGENT_LOG.c.at_us, AGENT_LOG.c.id))
    for row, after in zip(before, [*before[1:], None], strict=True):
        length_us = (after["at_us"] if after else now_us) - max(row["at_us"], since_us)
        if row["state"] != "signed_out" and length_us > 0:
            spent[row["state"]] += length_us
            if row["state"] == "paused":
                paused[row["reason"] or ""] += length_us
    taken = [offer for offer in offers if offer.accepted_us is not None]
    talk_us = sum((one.ended_us or now_us) - (one.accepted_us or now_us) for one in taken)
    missed = sum(offer.state in MISSED for offer in offers)
    return Day(len(taken), missed, dict(spent), dict(paused), talk_us, tuple(reversed(offers)))
