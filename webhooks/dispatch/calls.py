"""Calls on the floor: they come to wait, are looked for, and leave."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from flows.values.units import US_PER_S
from webhooks.dispatch import guests
from webhooks.dispatch.offers import cancel, offer_of_call, over
from webhooks.dispatch.rows import Rows, WaitingRow
from webhooks.store.floor_tables import WORK
from webhooks.store.tables import CALLS, ERASED_CALLS, VISITS

__all__ = ["as_recorded", "draw_of", "leave", "wait"]

_CLOSE_US = 60 * US_PER_S


def draw_of(call_sid: str) -> int:
    """The random number of a call, always the same, from 0 to 2**64 - 1.

    Examples
    --------
    >>> draw_of("CA1") == draw_of("CA1") != draw_of("CA2")
    True
    """
    return int.from_bytes(hashlib.sha256(f"draw {call_sid}".encode()).digest()[:8], "big")


def wait(rows: Rows, row: WaitingRow, now_us: int) -> bool:
    """A call waits: True if it is new. One that was taken or has left this queue stays so, and a callback that was
    erased meanwhile does not wait.
    """
    if row.kind == "callback" and not _promised(rows, row):
        return False
    known = rows.call(row.call_sid)
    if known is None or known["visit"] < row.visit:
        row = as_recorded(rows, row)
        if rows.one(ERASED_CALLS, call_sid=row.call_sid) is not None:
            row = replace(row, told={})
        rows.put_call(row, since_us=now_us, draw=draw_of(row.call_sid), now_us=now_us)
        return True
    if known["visit"] == row.visit and known["state"] != "left":
        sid, continues = row.queue_sid or known["queue_sid"], row.continues or known["continues"]
        rows.change_call(row.call_sid, seen_us=now_us, until_us=row.until_us, queue_sid=sid, continues=continues)
    return False


def _promised(rows: Rows, row: WaitingRow) -> bool:
    call_sid, seq = row.told["work"]
    return rows.one(WORK, call_sid=call_sid, seq=seq) is not None


def as_recorded(rows: Rows, row: WaitingRow) -> WaitingRow:
    """The row with the times of the records, where they know better when the call began and joined the queue."""
    call = rows.one(CALLS, call_sid=row.call_sid)
    visit = rows.one(VISITS, call_sid=row.call_sid, seq=row.visit)
    began_us = call["arrived_us"] if call else row.began_us
    joined_us = visit["offered_us"] if visit else row.joined_us
    if abs(joined_us - row.joined_us) > _CLOSE_US:  # a rehearsal with a clock of its own
        return row
    return replace(row, began_us=min(began_us, joined_us), joined_us=joined_us)


def leave(rows: Rows, call_sid: str, why: str, wrap_up_us: int, now_us: int) -> bool:
    """A call is gone: nobody is asked for it any more, and who talked with the caller wraps up.

    Parameters
    ----------
    rows : Rows
    call_sid : str
    why : str
        For the log and the desk: hung up, pressed a key, time is up.
    wrap_up_us : int
        How long agents wrap up.
    now_us : int
    """
    known = rows.call(call_sid)
    if known is None or known["state"] == "left":
        return False
    rows.change_call(call_sid, state="left", left_us=known["left_us"] or now_us)
    if guest := guests.guest_of(known):
        asked_by = rows.offer(guest["offer"])
        if asked_by is not None:
            guests.ends(rows, asked_by, "not needed any more", now_us)
    offer = offer_of_call(rows, call_sid)
    if offer is not None:
        leave(rows, offer.offer, why, wrap_up_us, now_us)  # whoever was asked for help with it
        if not cancel(rows, offer, why, now_us):
            over(rows, offer, wrap_up_us, now_us)
    return True
