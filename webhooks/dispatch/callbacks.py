"""Promised callbacks: taken up as work, offered to agents in their place, dialled, tried again, marked.

A callback waits like a call, from when the caller asked for it. When an agent has taken it, the caller is dialled into
their conversation. One who does not answer is called again, as often as the flow says.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from flows.model.flow import Flow
from flows.values.units import US_PER_S
from webhooks.dispatch.callback_due import due_us, open_hours, tries_of
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.offers import hang_up_leg
from webhooks.dispatch.rows import WaitingRow, floor_rows, read_rows
from webhooks.security.caller_numbers import masked_number
from webhooks.settings.spending import AllowedNumbers
from webhooks.store.floor_tables import LIVE, OFFERS, ORDERS, WAITING, WORK
from webhooks.store.store import Store
from webhooks.store.tables import CALLBACKS, CALLS, EFFECTS, here
from webhooks.store.waiting_names import waiting_sid

__all__ = ["RESULTS", "CallbackWork", "callback_result", "open_callbacks"]

_log = logging.getLogger("ivr.floor")
RESULTS = ("done", "again", "failed")
"""What an agent may say of a callback."""
_AT_ONCE = 100
_LOOK_US = US_PER_S // 2
_DIALLED = here(ORDERS, what="dial", state="done")


class CallbackWork:
    """The callbacks of a line.

    Parameters
    ----------
    floor : Floor
    flow : callable
        Gives the flow as it is now.
    allowed : AllowedNumbers
        The numbers that may be called.
    calls_from : str
        The number that calls come from; numbers without a country code are read as in its country.
    """

    def __init__(self, floor: Floor, flow: Callable[[], Flow], allowed: AllowedNumbers, calls_from: str) -> None:
        self._floor, self._flow, self._allowed, self._from = floor, flow, allowed, calls_from
        self._looked_us = 0

    def turn(self) -> None:
        """Take up what was promised, and let what is due wait for an agent; raises what the database raises."""
        if self._floor.now_us - self._looked_us < _LOOK_US:
            return
        self._looked_us = self._floor.now_us
        self._take_up()
        self._let_go()
        self._drop_erased()
        for work, visit in self._due(self._floor.now_us):
            number, asked_us = masked_number(work["number"]), work["at_us"]
            told = {"caller": number, "asked_us": asked_us, "tries": work["tries"]}
            self._floor.call_waits(
                WaitingRow(
                    waiting_sid(work["call_sid"], work["seq"]),
                    work["queue"],
                    began_us=asked_us,
                    joined_us=asked_us,
                    visit=visit,
                    language=work["language"] or "",
                    kind="callback",
                    told={**told, "work": [work["call_sid"], work["seq"]]},
                )
            )

    def number_of(self, waiting: str) -> str:
        """The number to dial for a waiting callback, with its country code; empty if it is gone or not allowed."""
        work = self._work_of(waiting)
        if work is None:
            return ""
        with self._floor.store.transaction() as connection:
            mine = here(CALLBACKS, call_sid=work[0], seq=work[1])
            number = connection.execute(sa.select(CALLBACKS.c.number).where(mine)).scalar() or ""
        if refused := self._allowed.refusal(number, self._from):
            _log.warning("callback %s is not dialled: %s", waiting, refused)
            return ""
        return self._allowed.in_full(number, self._from)

    def taken(self, offer: str) -> None:
        """The caller of an offer is being dialled: the agent waits for them."""
        one = self._floor.offer(offer)
        if one is not None and one.state in LIVE and (work := self._work_of(one.call_sid)):
            self._mark(work, ("open",), state="taken", agent=one.agent)
        self._floor.offer_connected(offer)

    def rings(self, offer: str, leg_sid: str) -> None:
        """The carrier has placed the call to the caller."""
        with self._floor.store.transaction() as connection:
            order = here(ORDERS, offer=offer, what="dial"), ORDERS.c.state.in_(("sending", "unknown"))
            done = {"state": "done", "result": leg_sid, "done_us": self._floor.now_us}
            connection.execute(sa.update(ORDERS).where(*order).values(done))
        self.taken(offer)

    def reached(self, offer: str) -> None:
        """The caller has answered."""
        one = self._floor.offer(offer)
        if one is not None and (work := self._work_of(one.call_sid)):
            now_us = self._floor.now_us
            tries = WORK.c.tries + 1
            self._mark(
                work, ("open", "taken"), state="done", done_us=now_us, next_us=None, agent=one.agent, tries=tries
            )

    def over(self, offer: str) -> None:
        """The caller has hung up."""
        one = self._floor.offer(offer)
        if one is not None:
            self._floor.call_left(one.call_sid, "called back")

    def not_reached(self, offer: str, how: str) -> None:
        """The caller was not called, or does not answer: they are called again later, or not any more."""
        one = self._floor.offer(offer)
        if one is None or one.state not in LIVE:
            return  # told twice, or the agent has gone: see `_let_go`
        if work := self._work_of(one.call_sid):  # else it was erased
            with self._floor.store.transaction() as connection:
                _try_again(connection, work, self._flow(), self._floor.now_us, how)
        self._floor.call_left(one.call_sid, f"callback: {how}")
        with floor_rows(self._floor.store) as rows:
            hang_up_leg(rows, one, self._floor.now_us)

    def _work_of(self, waiting: str) -> tuple[str, int] | None:
        call = self._floor.call(waiting)
        work = json.loads(call["told"] or "{}").get("work") if call and call["kind"] == "callback" else None
        return (str(work[0]), int(work[1])) if work else None

    def _mark(self, work: tuple[str, int], states: tuple[str, ...], **values: Any) -> None:
        with self._floor.store.transaction() as connection:
            mine = here(WORK, call_sid=work[0], seq=work[1]), WORK.c.state.in_(states)
            connection.execute(sa.update(WORK).where(*mine).values(values))

    def _take_up(self) -> None:
        """Make work of the promises that are not yet."""
        flow, queues = self._flow(), self._floor.people.table.queues
        known = sa.exists().where(WORK.c.call_sid == CALLBACKS.c.call_sid, WORK.c.seq == CALLBACKS.c.seq)
        with self._floor.store.transaction() as connection:
            new = connection.execute(sa.select(CALLBACKS).where(~known).limit(_AT_ONCE)).mappings().all()
            for row in new:
                queue = row["queue"] or next(iter(queues), "")
                work = {"call_sid": row["call_sid"], "seq": row["seq"], "kind": "callback", "queue": queue}
                times = {"at_us": row["at_us"], "next_us": due_us(flow, row["due"], row["at_us"])}
                connection.execute(sa.insert(WORK), {**work, **times, "state": "open", "tries": 0})

    def _let_go(self) -> None:
        """Callers who are being dialled for an agent who has gone are dialled no more, and again later."""
        taken = here(WORK, kind="callback", state="taken")
        with read_rows(self._floor.store) as rows:
            works = {waiting_sid(one["call_sid"], one["seq"]): one for one in rows.all(WORK, taken)}
            held = {one.call_sid for one in rows.live_offers(OFFERS.c.call_sid.in_(works))} if works else set()
            lost = [(sid, one, rows.offers(OFFERS.c.call_sid == sid)) for sid, one in works.items() if sid not in held]
        for sid, one, offers in lost:
            with self._floor.store.transaction() as connection:
                work = (one["call_sid"], one["seq"])
                _try_again(connection, work, self._flow(), self._floor.now_us, "the agent has gone")
            with floor_rows(self._floor.store) as rows:
                for leg in rows.all(ORDERS, ORDERS.c.offer.in_([offer.offer for offer in offers]), _DIALLED):
                    rows.order("hang_up", {"call_sid": leg["result"]}, offer=leg["offer"], now_us=self._floor.now_us)
            self._floor.call_left(sid, "the agent has gone")

    def _drop_erased(self) -> None:
        """Callbacks that an agent was asked for when they were erased wait for nobody else."""
        with read_rows(self._floor.store) as rows:
            waits = rows.all(WAITING, here(WAITING, kind="callback", state="waiting", told="{}"))
            asked = {one.call_sid for one in rows.live_offers()} if waits else set()
        for row in waits:
            if row["call_sid"] not in asked:
                self._floor.call_left(row["call_sid"], "erased")

    def _due(self, now_us: int) -> list[tuple[Mapping[str, Any], int]]:
        """The work that is due and waits for nobody yet, and how often it has waited before."""
        same = CALLBACKS.c.call_sid == WORK.c.call_sid, CALLBACKS.c.seq == WORK.c.seq
        due = here(WORK, kind="callback", state="open"), WORK.c.next_us <= now_us
        query = (
            sa.select(WORK, CALLBACKS.c.number, CALLS.c.language)
            .join(CALLBACKS, sa.and_(*same))
            .outerjoin(CALLS, CALLS.c.call_sid == WORK.c.call_sid)
            .where(*due)
            .order_by(WORK.c.at_us)
            .limit(_AT_ONCE)
        )
        with read_rows(self._floor.store) as rows:
            found = [dict(row) for row in rows.connection.execute(query).mappings()]
            sids = [waiting_sid(row["call_sid"], row["seq"]) for row in found]
            there = {one["call_sid"]: one for one in rows.all(WAITING, WAITING.c.call_sid.in_(sids))}
            asked = {one.call_sid for one in rows.live_offers(OFFERS.c.call_sid.in_(sids))}
        waits = {sid for sid, one in there.items() if one["state"] == "waiting"} | asked
        pairs = [(row, there.get(sid)) for row, sid in zip(found, sids, strict=True) if sid not in waits]
        return [(row, before["visit"] + 1 if before else 0) for row, before in pairs]


def _try_again(connection: sa.Connection, work: tuple[str, int], flow: Flow, now_us: int, how: str) -> None:
    mine = here(WORK, call_sid=work[0], seq=work[1])
    row = connection.execute(sa.select(WORK).where(mine)).mappings().one_or_none()
    if row is None or row["state"] not in ("open", "taken"):
        return
    node = connection.execute(sa.select(EFFECTS.c.node).where(here(EFFECTS, call_sid=work[0], seq=work[1]))).scalar()
    most, again_us = tries_of(flow, node or "")
    tries, values = row["tries"] + 1, dict[str, Any]()
    if tries < most:
        values = {"state": "open", "next_us": open_hours(flow, now_us + again_us), "agent": None}
    else:
        values = {"state": "failed", "next_us": None, "done_us": now_us}
    connection.execute(sa.update(WORK).where(mine).values(tries=tries, note=how[:200], **values))


def open_callbacks(store: Store, *, most: int = 200) -> list[dict[str, Any]]:
    """The promised callbacks, those that are due first at the front, then those that are done, latest first.

    Parameters
    ----------
    store : Store
    most : int
        How many at most.

    Returns
    -------
    list of dict
        ``call_sid``, ``seq``, ``queue``, ``number`` (masked), ``due``, ``at_us``, ``next_us``, ``done_us``, ``tries``,
        ``state``, ``agent``, ``note``.
    """
    same = CALLBACKS.c.call_sid == WORK.c.call_sid, CALLBACKS.c.seq == WORK.c.seq
    over = WORK.c.state.in_(("done", "failed"))
    query = (
        sa.select(WORK, CALLBACKS.c.number, CALLBACKS.c.due)
        .join(CALLBACKS, sa.and_(*same))
        .where(WORK.c.kind == "callback")
        .order_by(over, sa.func.coalesce(WORK.c.next_us, -WORK.c.done_us), WORK.c.at_us)
        .limit(most)
    )
    with store.transaction() as connection:
        rows = connection.execute(query).mappings().all()
    shown = ("call_sid", "seq", "queue", "due", "at_us", "next_us", "done_us", "tries", "state", "agent", "note")
    return [{**{name: row[name] for name in shown}, "number": masked_number(row["number"])} for row in rows]


def callback_result(
    store: Store, call_sid: str, seq: int, agent: str, how: str, *, flow: Flow, now_us: int, note: str = ""
) -> bool:
    """What an agent says of a callback: done, to be tried again, or not to be tried any more; False if it is unknown.

    Parameters
    ----------
    store : Store
    call_sid : str
    seq : int
    agent : str
    how : str
        One of `RESULTS`.
    flow : Flow
        Says when it is tried again.
    now_us : int
    note : str
    """
    if how not in RESULTS:
        raise ValueError(f"{how!r} is not one of {', '.join(RESULTS)}")
    mine = here(WORK, call_sid=call_sid, seq=seq, kind="callback")
    values: dict[str, Any] = {"agent": agent, "note": note[:2_000] or None}
    if how == "again":
        with store.transaction() as connection:
            of = here(EFFECTS, call_sid=call_sid, seq=seq)
            node = connection.execute(sa.select(EFFECTS.c.node).where(of)).scalar() or ""
        _, again_us = tries_of(flow, node)
        values |= {"state": "open", "next_us": open_hours(flow, now_us + again_us), "done_us": None}
    else:
        values |= {"state": how, "next_us": None, "done_us": now_us}
    with store.transaction() as connection:
        return connection.execute(sa.update(WORK).where(mine).values(values)).rowcount == 1
