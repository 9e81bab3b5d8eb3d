"""From changes to rows: one table and one row each, and the statement that writes it any number of times alike."""

from __future__ import annotations

from functools import cache
from typing import Any, assert_never

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from webhooks.journal import CallMoved, CallOver, Change, MessageLeft, QueueJoined, QueueLeft, StepSeen, WaitAnnounced
from webhooks.store_tables import CALLS, ENDINGS, MESSAGES, STEPS, VISITS

__all__ = ["row", "upsert"]


def row(change: Change) -> tuple[sa.Table, dict[str, Any]]:
    """Where a change is written, and what.

    Examples
    --------
    >>> table, values = row(CallOver("CA1", 5))
    >>> table.name, values
    ('endings', {'call_sid': 'CA1', 'at_us': 5})
    """
    match change:
        case CallMoved():
            left_us = change.at_us if change.leaves_menu else None
            return CALLS, {
                "call_sid": change.call_sid, "arrived_us": change.at_us, "language": change.language,
                "outcome": change.outcome, "zero_out": change.zero_out, "attempt": 1, "menu_left_us": left_us,
                "ended_us": change.at_us if change.ended else None, "last_us": change.at_us, "seq": change.seq,
                "caller": change.caller or None, "caller_shown": change.caller_shown or None,
            }  # fmt: skip
        case StepSeen():
            return STEPS, {"call_sid": change.call_sid, "seq": change.seq, "node": change.node,
                           "outcome": change.outcome, "at_us": change.at_us}  # fmt: skip
        case QueueJoined():
            return VISITS, _visit(change)
        case QueueLeft():
            return VISITS, _visit(change, left_us=change.at_us, result=change.result, waited_us=change.waited_us)
        case WaitAnnounced():
            return VISITS, _visit(change, announced_wait_us=change.wait_us)
        case MessageLeft():
            return MESSAGES, {"call_sid": change.call_sid, "seq": change.seq, "box": change.box, "url": change.url,
                              "length_us": change.length_us, "at_us": change.at_us}  # fmt: skip
        case CallOver():
            return ENDINGS, {"call_sid": change.call_sid, "at_us": change.at_us}
        case _:
            assert_never(change)


def _visit(change: QueueJoined | QueueLeft | WaitAnnounced, **known: Any) -> dict[str, Any]:
    values = {"left_us": None, "result": None, "waited_us": None, "announced_wait_us": None} | known
    return values | {"call_sid": change.call_sid, "seq": change.seq, "queue": change.queue, "offered_us": change.at_us}


@cache
def upsert(table: sa.Table, dialect: str) -> Any:
    """An insert that leaves an existing row as it is, but for what was not known yet.

    Parameters
    ----------
    table : sqlalchemy.Table
    dialect : {"sqlite", "postgresql"}
    """
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    new, key = insert.excluded, list(table.primary_key.columns)
    if table is STEPS:
        return insert.on_conflict_do_update(index_elements=key, set_={"outcome": sa.func.coalesce(table.c.outcome, new.outcome)})
    if table is VISITS:
        late = {n: sa.func.coalesce(table.c[n], new[n]) for n in ("left_us", "result", "waited_us", "announced_wait_us")}
        return insert.on_conflict_do_update(index_elements=key, set_={**late, "offered_us": _least(table.c.offered_us, new.offered_us)})
    if table is CALLS:
        later = new.seq > table.c.seq
        newest = {n: sa.case((later, new[n]), else_=table.c[n]) for n in ("language", "outcome", "zero_out", "last_us", "ended_us", "seq")}
        first = {n: _least(table.c[n], new[n]) for n in ("arrived_us", "menu_left_us")}
        known = {n: sa.func.coalesce(table.c[n], new[n]) for n in ("caller", "caller_shown")}
        return insert.on_conflict_do_update(index_elements=key, set_={**newest, **first, **known})
    return insert.on_conflict_do_nothing()


def _least(old: Any, new: Any) -> Any:
    return sa.case((old.is_(None), new), (new.is_(None), old), (new < old, new), else_=old)
