"""Carries out what is asked of the carrier.

An order is written before it is sent, and claimed by one worker. What may be repeated is repeated: to hang up or to
move a call twice does no harm. A call is placed at most once: when the answer is lost, the order is unknown, until the
carrier reports the leg or lists it; only when it is not in that list has it not been placed. A worker that dies in the
middle leaves the order to the next in the same way.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

import sqlalchemy as sa

from flows.values.units import US_PER_S
from webhooks.dispatch.order_times import OrderTimes
from webhooks.dispatch.telephone import Gone, Leg, Refused, Telephone, Unknown
from webhooks.store import UNREACHABLE, Store
from webhooks.store.floor_tables import LIVE, OFFERS, ORDERS
from webhooks.store.tables import here

__all__ = ["Address", "OrderNews", "Orders"]

_log = logging.getLogger("ivr.floor")
_ONCE = ("ring", "dial", "message", "mail", "webhook")
"""Orders that must not be carried out twice."""
_LISTED = ("ring", "dial")
"""Those that the carrier can be asked about afterwards."""
_AT_ONCE = 8
_PAUSE_S = 1.0
"""A worker that has not looked for so long had no lease, and others may have begun what they could not end."""
_STATUS = {"busy": "busy", "no-answer": "missed", "failed": "failed", "canceled": "cancelled"}
"""How an offer ends, by the status of a leg that is over."""

Address = Callable[[str, str], str]
"""The whole address of one of our documents: path and offer."""


class OrderNews(Protocol):
    """Who wants to know how orders went. Everything may be told twice."""

    def offer_rings(self, offer: str, leg_sid: str) -> object:
        """The agent's phone is being called."""
        ...

    def offer_missed(self, offer: str, how: str) -> object:
        """The agent's phone was not called (``failed``), or its call is over already."""
        ...

    def move_failed(self, offer: str, call_sid: str, *, gone: bool) -> object:
        """The caller could not be moved; `gone`: their call is over."""
        ...

    def dial_placed(self, offer: str, leg_sid: str) -> object:
        """The caller of a callback is being called."""
        ...

    def dial_failed(self, offer: str, how: str) -> object:
        """The caller of a callback was not called, or their call is over already."""
        ...

    def guest_placed(self, offer: str, leg_sid: str) -> object:
        """Somebody outside, whom an agent has asked, is being called."""
        ...

    def guest_failed(self, offer: str, how: str) -> object:
        """They were not called, or their call is over already."""
        ...


class Orders:
    """The orders of one database, for the worker that has the dispatcher's lease.

    Parameters
    ----------
    store : Store
    telephone : Telephone
    told : OrderNews
    address : callable
        See `Address`.
    from_number : str
        The number that calls and messages come from.
    number_of : callable
        The number of a callback's caller by the name of its call in ``waiting``; empty when there is none any more.
    clock_us : callable
        Microseconds since 1970.
    times : OrderTimes
    others : mapping of str to callable
        What carries out orders that are not for the carrier, each at most once, and raises as a telephone does.
    """

    def __init__(
        self,
        store: Store,
        telephone: Telephone,
        told: OrderNews,
        address: Address,
        *,
        from_number: str,
        number_of: Callable[[str], str],
        clock_us: Callable[[], int],
        times: OrderTimes | None = None,
        others: Mapping[str, Callable[[Mapping[str, Any]], str]] | None = None,
    ) -> None:
        self._store, self._telephone, self._told, self._address = store, telephone, told, address
        self._from, self._number_of, self._clock_us = from_number, number_of, clock_us
        self._times, self._others = times or OrderTimes(), others or {}
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="ivr-orders")
        self._under_way: dict[int, Future[None]] = {}
        self._turned_s = -_PAUSE_S
        self._looking = threading.Lock()

    def carry_out(self, *, wait: bool = False) -> None:
        """Claim the orders that are due and carry them out in threads of their own; raises what the database raises.

        Parameters
        ----------
        wait : bool
            Whether to return only when all are done.
        """
        self._under_way = {number: one for number, one in self._under_way.items() if not one.done()}
        if time.monotonic() - self._turned_s >= _PAUSE_S:
            self._adopt()
        self._turned_s = time.monotonic()
        for order in self._due():
            if len(self._under_way) >= _AT_ONCE:
                break  # an order that waits for a thread is not claimed, so that no lease runs out meanwhile
            if order["id"] not in self._under_way and self._claim(order):
                self._under_way[order["id"]] = self._pool.submit(self._one, order)
        for one in list(self._under_way.values()) if wait else ():
            one.result()

    def _adopt(self) -> None:
        """Look at once after what another worker was sending when it lost the dispatcher's lease."""
        theirs = here(ORDERS, state="sending"), ORDERS.c.id.not_in(self._under_way)
        with self._store.transaction() as connection:
            connection.execute(sa.update(ORDERS).where(*theirs).values(next_us=self._clock_us()))

    def found(self, offer: str, leg_sid: str, what: str = "ring") -> None:
        """The carrier has reported the leg of an offer: an order whose answer was lost was carried out."""
        lost = here(ORDERS, offer=offer, what=what)
        with self._store.transaction() as connection:
            connection.execute(
                sa.update(ORDERS)
                .where(lost, ORDERS.c.state.in_(("sending", "unknown")))
                .values(state="done", done_us=self._clock_us(), result=leg_sid)
            )

    def close(self) -> None:
        """Wait for what is under way."""
        self._pool.shutdown()

    def _due(self) -> list[dict[str, Any]]:
        due = ORDERS.c.state.in_(("planned", "sending", "unknown")), ORDERS.c.next_us <= self._clock_us()
        with self._store.transaction() as connection:
            rows = connection.execute(sa.select(ORDERS).where(*due).order_by(ORDERS.c.id)).mappings()
            return [dict(row) for row in rows]

    def _claim(self, order: dict[str, Any]) -> bool:
        """Take an order, unless another worker has it; what a worker left in the middle may have been done."""
        lost = order["what"] in _ONCE and order["state"] != "planned"
        now_us = self._clock_us()
        taken: dict[str, Any] = {"state": "unknown" if lost else "sending", "next_us": now_us + self._times.lease_us}
        if lost:
            taken["lost_us"] = order["lost_us"] or now_us
        same = here(ORDERS, **{name: order[name] for name in ("id", "state", "tries", "next_us")})
        with self._store.transaction() as connection:
            claimed = connection.execute(
                sa.update(ORDERS).where(same).values(tries=order["tries"] + 1, **taken)
            ).rowcount
        order.update(taken, tries=order["tries"] + 1)
        return claimed == 1

    def _one(self, order: dict[str, Any]) -> None:
        try:
            details = json.loads(order["details"])
            if order["state"] == "unknown":
                with self._looking:  # two orders to one number must not find the same call
                    self._look_for(order, details)
            else:
                self._send(order, details)
        except UNREACHABLE as error:
            _log.warning("order %s: the database is out of reach (%s)", order["id"], type(error).__name__)
        except Exception as error:  # one order must not stop the others; it is looked at again when its lease is over
            _log.error("order %s (%s): %s", order["id"], order["what"], type(error).__name__)

    def _send(self, order: dict[str, Any], details: Mapping[str, Any]) -> None:
        if order["what"] in ("ring", "dial") and not self._still_wanted(order["offer"]):
            self._end(order, "failed", "no longer wanted")
            return
        try:
            result = self._ask(order, details)
        except Gone as error:
            self._end(order, "done" if order["what"] == "hang_up" else "failed", error.why, gone=True)
        except Refused as error:
            self._refused(order, error)
        except Unknown as error:
            if order["what"] in _ONCE:
                self._put(order, "unknown", self._times.first_look_us, error.why, lost_us=self._clock_us())
            else:
                self._again(order, error.why, 0.0)
        else:
            self._end(order, "done", result)

    def _still_wanted(self, offer: str) -> bool:
        with self._store.transaction() as connection:
            found = sa.select(OFFERS.c.offer).where(here(OFFERS, offer=offer), OFFERS.c.state.in_(LIVE))
            return connection.execute(found).scalar() is not None

    def _ask(self, order: Mapping[str, Any], details: Mapping[str, Any]) -> str:
        """Carry out one order; the sid of what it has made."""
        offer, call_sid = order["offer"] or "", details.get("call_sid", "")
        match order["what"]:
            case "ring":
                ours = self._address("/agent", offer), self._address("/agent/status", offer)
                return self._ring(details["to"], *ours, int(details.get("timeout_s") or self._times.ring_s))
            case "dial":
                way = "/guest" if details.get("to") else "/callback"
                ours = self._address(way, offer), self._address(f"{way}/status", offer)
                return self._ring(self._number(order, details), *ours, self._times.ring_s)
            case "hang_up":
                self._telephone.hang_up(call_sid)
            case "move":
                self._move(details, self._address(details["path"], details.get("offer", offer)))
            case "message":
                return self._telephone.send_message(self._number(order, details), self._from, details["text"])
            case what if what in self._others:
                return self._others[what](details)
            case what:
                raise Refused(f"nobody carries out '{what}'")
        return str(call_sid)

    def _move(self, details: Mapping[str, Any], where: str) -> None:
        if queue_sid := details.get("queue_sid"):
            try:
                self._telephone.move_queued(queue_sid, details["call_sid"], where)
                return
            except Gone:
                _log.info("%s is not in its queue any more", details["call_sid"])  # an earlier try may have moved it
        self._telephone.move(details["call_sid"], where)

    def _ring(self, to: str, url: str, status_url: str, timeout_s: int) -> str:
        return self._telephone.ring(to, self._from, url=url, status_url=status_url, timeout_s=timeout_s)

    def _number(self, order: Mapping[str, Any], details: Mapping[str, Any]) -> str:
        number = details.get("to") or self._number_of(details.get("call_sid", ""))
        if not number:
            raise Refused("the number is no longer known")
        return str(number)

    def _refused(self, order: dict[str, Any], error: Refused) -> None:
        if error.again:
            self._again(order, error.why, error.after_s)
        else:
            _log.error("order %s (%s) refused: %s", order["id"], order["what"], error.why)
            self._end(order, "failed", error.why)

    def _again(self, order: dict[str, Any], why: str, after_s: float) -> None:
        """Send it once more after a pause that grows, until its time is over."""
        pause_us = max(self._times.pause_us(order["tries"]), round(after_s * US_PER_S))
        if self._clock_us() + pause_us > order["made_us"] + self._times.patience_us(order["what"]):
            _log.error("order %s (%s) given up after %d tries: %s", order["id"], order["what"], order["tries"], why)
            self._end(order, "failed", why)
        else:
            self._put(order, "planned", pause_us, why)

    def _look_for(self, order: dict[str, Any], details: Mapping[str, Any]) -> None:
        """Find out whether a call was placed whose answer was lost."""
        if order["what"] not in _LISTED:  # nobody can tell; rather none than two
            self._end(order, "failed", "nobody knows whether it was sent")
            return
        try:
            number = self._number(order, details)
            legs = self._telephone.calls_to(number, order["made_us"])
        except (Refused, Unknown) as error:
            self._put(order, "unknown", self._times.pause_us(order["tries"]), error.why)
            return
        known = self._known_legs()
        leg = next((one for one in reversed(legs) if one.call_sid not in known), None)
        if leg:
            self._end(order, "done", leg.call_sid, leg=leg)
        elif self._clock_us() < order["lost_us"] + self._times.listed_us:
            self._put(order, "unknown", self._times.pause_us(order["tries"]), "not listed yet")
        else:
            self._end(order, "failed", "not placed")

    def _known_legs(self) -> set[str]:
        """The legs that belong to an offer or to an order that is done."""
        with self._store.transaction() as connection:
            legs = connection.scalars(sa.select(OFFERS.c.leg_sid).where(OFFERS.c.leg_sid.is_not(None)))
            placed = here(ORDERS, state="done"), ORDERS.c.what.in_(_ONCE)
            return {*legs, *connection.scalars(sa.select(ORDERS.c.result).where(*placed))}

    def _put(self, order: Mapping[str, Any], state: str, after_us: int, why: str, **more: int) -> None:
        self._write(order, state=state, next_us=self._clock_us() + after_us, result=why[:200], **more)

    def _end(
        self, order: Mapping[str, Any], state: str, result: str, *, gone: bool = False, leg: Leg | None = None
    ) -> None:
        """Tell whoever it concerns, then write it down: what is told twice does no harm, and nothing is left untold."""
        self._tell(order, state, result, gone=gone, leg=leg)
        self._write(order, state=state, done_us=self._clock_us(), result=result[:200])

    def _write(self, order: Mapping[str, Any], **values: Any) -> None:
        """Change an order, unless another worker has it by now."""
        mine = here(ORDERS, id=order["id"], state=order["state"], tries=order["tries"])
        with self._store.transaction() as connection:
            connection.execute(sa.update(ORDERS).where(mine).values(values))

    def _tell(self, order: Mapping[str, Any], state: str, result: str, *, gone: bool, leg: Leg | None) -> None:
        offer, what = order["offer"] or "", order["what"]
        over = _STATUS.get(leg.status) if leg else None
        if what == "dial" and json.loads(order["details"]).get("to"):
            self._tell_of_guest(offer, state, result, over)
            return
        if what == "ring" and state == "done":
            self._told.offer_rings(offer, result)
        elif what == "dial" and state == "done":
            self._told.dial_placed(offer, result)
        if what == "ring" and (state == "failed" or over):
            self._told.offer_missed(offer, over or "failed")
        elif what == "dial" and (state == "failed" or over):
            self._told.dial_failed(offer, over or "failed")
        elif what == "move" and state == "failed":
            self._told.move_failed(offer, json.loads(order["details"])["call_sid"], gone=gone)

    def _tell_of_guest(self, offer: str, state: str, result: str, over: str | None) -> None:
        if state == "done":
            self._told.guest_placed(offer, result)
        if state == "failed" or over:
            self._told.guest_failed(offer, over or "failed")
