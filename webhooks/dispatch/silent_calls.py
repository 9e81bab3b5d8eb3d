"""Calls of which nothing is heard any more: the carrier is asked whether they are over.

A status callback may get lost, and with it the end of an agent's leg, of a caller, of a callback or of a guest. So a
call that is silent is fetched, one request after the other: soon while somebody waits for it, later and later while
people talk. What is over is told to the floor as the callback would have told it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from flows.values.units import US_PER_S
from webhooks.dispatch import guests
from webhooks.dispatch.rows import Offer, Rows, read_rows
from webhooks.dispatch.telephone import Gone, Refused, Telephone, Unknown
from webhooks.dispatch.times import FloorTimes
from webhooks.store import UNREACHABLE, Store
from webhooks.store.floor_tables import ORDERS, WAITING
from webhooks.store.tables import here

__all__ = ["LookTimes", "SilentCall", "SilentCalls", "StatusNews"]

_log = logging.getLogger("ivr.floor")
_OVER = ("completed", "busy", "failed", "no-answer", "canceled")


class StatusNews(Protocol):
    """Who wants to know that a call is over; `status` is the carrier's word. Everything may be told twice."""

    def agent_over(self, offer: str, status: str) -> object:
        """The leg of an agent."""
        ...

    def callback_over(self, offer: str, status: str) -> object:
        """The caller of a callback."""
        ...

    def guest_over(self, offer: str, status: str) -> object:
        """Somebody outside, whom an agent has asked."""
        ...

    def caller_over(self, call_sid: str) -> object:
        """A caller."""
        ...


@dataclass(frozen=True)
class LookTimes:
    """When silent calls are looked at, in seconds.

    Parameters
    ----------
    ringing_s : float
        The first look at a call that was placed, or whose caller should have asked again.
    talking_s : float
        The first look at a call in a conversation.
    longest_s : float
        From one look to the next, a pause that doubles up to this.
    between_s : float
        From any request to the next, whatever call it is about; doubled with each that the carrier refuses.
    """

    ringing_s: float = 15.0
    talking_s: float = 60.0
    longest_s: float = 120.0
    between_s: float = 0.5


@dataclass(frozen=True)
class SilentCall:
    """A call to be looked after.

    Parameters
    ----------
    call_sid : str
    kind : str
        ``agent``, ``callback``, ``guest`` or ``caller``.
    about : str
        The offer, or the caller's call itself.
    since_us : int
        When it was heard of last.
    first_s : float
        So long it may be silent.
    """

    call_sid: str
    kind: str
    about: str
    since_us: int
    first_s: float


class SilentCalls:
    """Looks after the calls of one database, for the worker that has the dispatcher's lease.

    Parameters
    ----------
    store : Store
    telephone : Telephone
    told : StatusNews
    clock_us : callable
        Microseconds since 1970.
    times : LookTimes
    """

    def __init__(
        self,
        store: Store,
        telephone: Telephone,
        told: StatusNews,
        clock_us: Callable[[], int],
        times: LookTimes | None = None,
    ) -> None:
        self._store, self._telephone, self._told, self._clock_us = store, telephone, told, clock_us
        self._times = times or LookTimes()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="ivr-silent")
        self._under_way: Future[None] | None = None
        self._next_us = self._failures = 0
        self._looked: dict[tuple[str, int], tuple[int, int]] = {}

    def turn(self, *, wait: bool = False) -> None:
        """Ask about the call that has been silent for longest, if any is due; raises what the database raises.

        Parameters
        ----------
        wait : bool
            Whether to return only when the carrier has answered.
        """
        now_us = self._clock_us()
        if now_us < self._next_us or (self._under_way is not None and not self._under_way.done()):
            return
        self._next_us = now_us + round(self._times.between_s * US_PER_S)
        with read_rows(self._store) as rows:
            calls = {(one.call_sid, one.since_us): one for one in self._calls(rows)}
        self._looked = {key: seen for key, seen in self._looked.items() if key in calls}
        due_us, key = min(((self._due_us(one), key) for key, one in calls.items()), default=(now_us + 1, ("", 0)))
        if due_us > now_us:
            return
        looks = self._looked.get(key, (0, 0))[0]
        pause_s = min(self._times.longest_s, calls[key].first_s * 2.0**looks)
        self._looked[key] = looks + 1, now_us + round(pause_s * US_PER_S)
        self._under_way = self._pool.submit(self._look, calls[key])
        if wait:
            self._under_way.result()

    def _due_us(self, one: SilentCall) -> int:
        known = self._looked.get((one.call_sid, one.since_us))
        return known[1] if known else one.since_us + round(one.first_s * US_PER_S)

    def _calls(self, rows: Rows) -> Iterator[SilentCall]:
        """Every call that somebody on the floor waits for, or talks in."""
        ringing_s, talking_s = self._times.ringing_s, self._times.talking_s
        offers = {one.offer: one for one in rows.live_offers()}
        for one in offers.values():
            if one.leg_sid:
                yield SilentCall(one.leg_sid, "agent", one.offer, _since_us(one), self._first_s(one))
        dialled = here(ORDERS, what="dial", state="done")
        for order in rows.all(ORDERS, dialled, ORDERS.c.offer.in_(offers)) if offers else ():
            call = rows.call(offers[order["offer"]].call_sid)
            if call is not None and call["kind"] == "callback":
                yield SilentCall(order["result"], "callback", order["offer"], order["done_us"], ringing_s)
        for call in rows.all(WAITING, here(WAITING, kind="call"), WAITING.c.state.in_(("waiting", "taken"))):
            if call["state"] == "waiting" and call["until_us"]:  # that is long after they should have asked again
                slack_us = FloorTimes().us(FloorTimes().slack_s)
                yield SilentCall(call["call_sid"], "caller", call["call_sid"], call["until_us"] - slack_us, ringing_s)
            else:
                since_us = call["left_us"] or call["since_us"]
                yield SilentCall(call["call_sid"], "caller", call["call_sid"], since_us, talking_s)
            guest = guests.guest_of(call) if guests.is_live(call) else {}
            if guest.get("leg"):
                first_s = ringing_s if guest["state"] == "asked" else talking_s
                yield SilentCall(guest["leg"], "guest", guest["offer"], guest["at_us"], first_s)

    def _first_s(self, offer: Offer) -> float:
        return self._times.talking_s if offer.state == "connected" else self._times.ringing_s

    def _look(self, one: SilentCall) -> None:
        try:
            status = self._telephone.status_of(one.call_sid)
        except Gone:
            status = "completed"
        except (Refused, Unknown) as error:
            self._failures += 1
            pause_s = min(self._times.longest_s, self._times.between_s * 2.0**self._failures)
            after_s = error.after_s if isinstance(error, Refused) else 0.0
            self._next_us = self._clock_us() + round(max(pause_s, after_s) * US_PER_S)
            return
        self._failures = 0
        if status not in _OVER:
            return
        _log.warning("%s is over (%s), which nobody had reported", one.call_sid, status)
        try:
            if one.kind == "caller":
                self._told.caller_over(one.about)
            else:
                getattr(self._told, f"{one.kind}_over")(one.about, status)
        except UNREACHABLE as error:
            _log.warning("%s: the database is out of reach (%s)", one.call_sid, type(error).__name__)


def _since_us(offer: Offer) -> int:
    return offer.connected_us or offer.accepted_us or offer.answered_us or offer.made_us
