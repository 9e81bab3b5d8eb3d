"""The floor of a line: everything that agents, callers and the carrier do to it, each a short transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flows.values.units import US_PER_S
from ivr.dispatch.agent_state import GONE, AgentState, can
from ivr.dispatch.offer_state import MISSED
from ivr.dispatch.places import Place
from webhooks.dispatch import announced, calls, expiry, guests, offering, offers, returning, transfers, views
from webhooks.dispatch.people import People
from webhooks.dispatch.rows import ClockUs, Offer, Rows, WaitingRow, floor_rows, read_rows, wall_us
from webhooks.dispatch.times import FloorTimes
from webhooks.store.floor_tables import OFFERS
from webhooks.store.store import Store

__all__ = ["Floor"]


class Floor:
    """Agents, waiting calls and offers, in the database. Usable from any thread, worker and machine.

    Each method is one transaction, and only one is carried out at a time. Those that say what has happened return
    whether it changed anything: what is reported twice, or too late, changes nothing. Each raises what the database
    raises.

    Parameters
    ----------
    store : Store
    people : People
        Who may sign in, and their routing table.
    clock : callable
        Gives microseconds since 1970.
    times : FloorTimes

    Attributes
    ----------
    changed : threading.Event
        Set when something was changed from this process.
    """

    def __init__(self, store: Store, people: People, clock: ClockUs = wall_us, times: FloorTimes | None = None) -> None:
        self.store, self._clock = store, clock
        self.people, self.times = people, times or FloorTimes()
        self.changed = threading.Event()

    @property
    def now_us(self) -> int:
        """The floor's clock."""
        return self._clock()

    @property
    def wrap_up_us(self) -> int:
        """How long agents wrap up after a call, whatever its queue."""
        return round(self.people.agents.wrap_up * US_PER_S)

    @contextmanager
    def _rows(self) -> Iterator[Rows]:
        with floor_rows(self.store, self._group_of) as rows:
            yield rows
        self.changed.set()

    def _group_of(self, agent: str) -> str:
        agents = self.people.agents
        return agents.group_of(agent) if agent in agents.agents else ""

    # Agents

    def sign_in(self, agent: str) -> bool:
        """The agent's shift begins, with a pause until they are ready."""
        return agent in self.people.agents.agents and self._agent(
            agent, "sign_in", lambda state, now_us: state.sign_in(now_us)
        )

    def sign_out(self, agent: str) -> bool:
        """The shift ends; not while they talk. A call that is being offered goes to another agent."""
        return self._agent(agent, "sign_out", lambda state, now_us: state.sign_out(now_us))

    def ready(self, agent: str) -> bool:
        """The agent may be offered calls: now, or after the call in hand."""
        return self._agent(agent, "ready", lambda state, now_us: state.ready(now_us))

    def pause(self, agent: str, reason: str) -> bool:
        """The agent pauses: now, or after the call in hand."""
        return self._agent(agent, "pause", lambda state, now_us: state.pause(reason[:100] or "break", now_us))

    def wrap_up_done(self, agent: str) -> bool:
        """The agent has wrapped up before the clock says so."""
        with self._rows() as rows:
            if rows.agent(agent).state != "wrap_up":
                return False
            expiry.end_wrap_up(rows, agent, self._clock())
            return True

    def alive(self, agent: str) -> bool:
        """The agent's page shows a sign of life; one who was taken for gone is ready again."""
        with self._rows() as rows:
            now_us, state = self._clock(), rows.agent(agent)
            rows.seen(agent, now_us)
            if state.state != "paused" or state.reason != GONE:
                return False
            rows.put_agent(agent, state.ready(now_us), now_us)
            return True

    def _agent(self, agent: str, what: str, then: Callable[[AgentState, int], AgentState]) -> bool:
        with self._rows() as rows:
            now_us, state = self._clock(), rows.agent(agent)
            if not can(state.state, what):
                return False
            for offer in rows.live_offers(OFFERS.c.agent == agent) if state.state == "offered" else ():
                offers.miss(rows, offer, "declined", now_us)
                state = rows.agent(agent)
            if state.state == "wrap_up":
                expiry.end_wrap_up(rows, agent, now_us)
                state = rows.agent(agent)
            rows.put_agent(agent, then(state, now_us), now_us)
            return True

    # Calls

    def call_waits(self, row: WaitingRow) -> bool:
        """A call waits, and the carrier asks what it hears; True if it is new here."""
        with self._rows() as rows:
            return calls.wait(rows, row, self._clock())

    def announced(self, row: WaitingRow) -> Place:
        """What a waiting caller may be told now: their place, and the expected wait."""
        with read_rows(self.store) as rows:
            return announced.announced(rows, row, self.people, self.times, self._clock())

    def caller_came(self, offer: str) -> None:
        """A caller who was to be moved for this offer has come; they are not moved again."""
        with self._rows() as rows:
            rows.carried_out(offer, "move", "came", self._clock())

    def call_left(self, call_sid: str, why: str) -> bool:
        """A call has left its queue for good, or is over: no phone rings for it any more."""
        with self._rows() as rows:
            return calls.leave(rows, call_sid, why, self.wrap_up_us, self._clock())

    def caller_returns(self, call_sid: str, visit: int, form: Mapping[str, str]) -> str:
        """How a call goes on that has left a queue or a conversation, see `webhooks.dispatch.returning`."""
        with self._rows() as rows:
            return returning.returns(rows, call_sid, visit, form, self.wrap_up_us, self._clock())

    # Offers

    def offer_rings(self, offer: str, leg_sid: str) -> bool:
        """The carrier has placed the call to the agent as `leg_sid`; one that nobody needs any more is ended."""
        with self._rows() as rows:
            one = rows.offer(offer)
            return one is not None and offers.rings(rows, one, leg_sid, self._clock())

    def offer_answered(self, offer: str) -> bool:
        """Somebody, or a mailbox, has picked up."""
        with self._rows() as rows:
            one = rows.offer(offer)
            return one is not None and offers.answer(rows, one, self._clock())

    def offer_accepted(self, offer: str) -> bool:
        """The agent takes the call; False if it has gone, or is another's."""
        with self._rows() as rows:
            one = rows.offer(offer)
            return one is not None and offers.accept(rows, one, self._clock())

    def offer_declined(self, offer: str) -> bool:
        """The agent does not want the call."""
        return self.offer_missed(offer, "declined")

    def offer_missed(self, offer: str, how: str, why: str = "", *, leg_ended: bool = False) -> bool:
        """The agent did not take the call; `how` is one of `ivr.dispatch.offer_state.MISSED`.

        `leg_ended` says that their phone does not ring any more.
        """
        with self._rows() as rows:
            one = rows.offer(offer)
            how = how if how in MISSED else "missed"
            return one is not None and offers.miss(rows, one, how, self._clock(), why=why, leg_ended=leg_ended)

    def offer_connected(self, offer: str) -> bool:
        """The caller is with the agent."""
        with self._rows() as rows:
            one = rows.offer(offer)
            return one is not None and offers.connect(rows, one, self._clock())

    def talk_over(self, offer: str) -> bool:
        """The agent's part in the call is over: they wrap up. Whoever they asked for help has the caller then."""
        with self._rows() as rows:
            one = rows.offer(offer)
            return one is not None and offers.over(rows, one, self.wrap_up_us, self._clock())

    def hang_up(self, offer: str) -> bool:
        """The agent ends their part: their telephone is hung up, and what follows is as if they had done it."""
        with self._rows() as rows:
            one = rows.offer(offer)
            return one is not None and offers.hang_up(rows, one, self.wrap_up_us, self._clock())

    def leg_over(self, offer: str) -> bool:
        """The agent has hung up: the talk is over, or they did not take the call."""
        with self._rows() as rows:
            one = rows.offer(offer)
            return one is not None and offers.leg_over(rows, one, self.wrap_up_us, self._clock())

    def move_failed(self, offer: str, gone: bool) -> bool:
        """The caller could not be brought to the agent who took the call; `gone`: because they have left."""
        with self._rows() as rows:
            one = rows.offer(offer)
            if one is None:
                return False
            if gone:
                return calls.leave(rows, one.call_sid, "gone", self.wrap_up_us, self._clock())
            return offers.not_moved(rows, one, self._clock())

    def transfer(self, offer: str, to: str, kind: str) -> bool:
        """Pass the caller on: `to` a queue, an agent or a number; `kind` is cold, or warm. False if it cannot be."""
        with self._rows() as rows:
            one = rows.offer(offer)
            return one is not None and transfers.transfer(
                rows, one, to, kind, self.people, self.wrap_up_us, self._clock()
            )

    # Guests

    def guest_rings(self, offer: str, leg_sid: str) -> bool:
        """The carrier has placed the call to somebody outside whom the agent has asked."""
        with self._rows() as rows:
            one = rows.offer(offer)
            return one is not None and guests.ring(rows, one, leg_sid, self._clock())

    def guest_joins(self, offer: str, *, again: bool = False) -> tuple[str, bool]:
        """The conference for a guest who is on the line, empty for none; and whether it ends when they leave.

        `again` says that the conference with the agent is over.
        """
        with self._rows() as rows:
            one = rows.offer(offer)
            return guests.joins(rows, one, self._clock(), again=again) if one is not None else ("", True)

    def guest_ends(self, offer: str, why: str) -> bool:
        """The guest does not come, or has gone; the agent sees why, and a caller who is alone waits on."""
        with self._rows() as rows:
            one = rows.offer(offer)
            return one is not None and guests.ends(rows, one, why, self._clock())

    # The dispatcher

    def dispatch(self, now_us: int | None = None) -> list[str]:
        """Offer waiting calls to agents who are ready; the offers made."""
        with floor_rows(self.store, self._group_of) as rows:
            now_us = self._clock() if now_us is None else now_us
            return offering.offer_all(rows, self.people, self.times, now_us)

    def expire(self) -> None:
        """Do what is due: phones stop ringing, wrap-up ends, agents and callers who vanished are taken off."""
        with floor_rows(self.store, self._group_of) as rows:
            expiry.expire(rows, self.people, self.times, self.wrap_up_us, self._clock())

    # What is there

    def agents_now(self) -> list[views.AgentNow]:
        """Every agent, in the order of the file."""
        with read_rows(self.store) as rows:
            states = rows.agents()
            in_hand = {offer.agent: offer for offer in rows.live_offers()}
        agents, nowhere = self.people.agents, AgentState("signed_out", 0)
        return [
            views.AgentNow(name, agent.name, agents.group_of(name), states.get(name, nowhere), in_hand.get(name))
            for name, agent in agents.agents.items()
        ]

    def waiting_now(self) -> list[views.WaitingNow]:
        """The calls that wait, also those that are being offered."""
        with read_rows(self.store) as rows:
            return views.waiting_now(rows)

    def state_of(self, agent: str) -> AgentState:
        """Where an agent is."""
        with read_rows(self.store) as rows:
            return rows.agent(agent)

    def offer(self, offer: str) -> Offer | None:
        """An offer."""
        with read_rows(self.store) as rows:
            return rows.offer(offer)

    def call(self, call_sid: str) -> Mapping[str, Any] | None:
        """What is known of a call: its row in the table ``waiting``."""
        with read_rows(self.store) as rows:
            return rows.call(call_sid)

    def offer_of_call(self, call_sid: str) -> Offer | None:
        """The live offer of a call."""
        with read_rows(self.store) as rows:
            return offers.offer_of_call(rows, call_sid)

    def offer_of(self, agent: str) -> Offer | None:
        """The call that an agent has in hand, or is offered."""
        with read_rows(self.store) as rows:
            return next(iter(rows.live_offers(OFFERS.c.agent == agent)), None)

    def day_of(self, agent: str, since_us: int) -> views.Day:
        """An agent's day since a moment, such as midnight."""
        with read_rows(self.store) as rows:
            return views.day_of(rows, agent, since_us, self._clock())
