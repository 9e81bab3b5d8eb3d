"""Turns changes into rows, and writes them with statements that may run any number of times."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, assert_never

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from webhooks.records.changes import (
    CallMoved,
    CallOver,
    Change,
    MessageLeft,
    QueueJoined,
    QueueLeft,
    StepSeen,
    WaitAnnounced,
)
from webhooks.store.tables import CALLS, ENDINGS, FLOWS, MESSAGES, STEPS, VISITS

__all__ = ["Values", "row", "upsert", "write_rows"]

Values = tuple[Any, ...]
"""Values in the order of the table's columns."""
_AT_ONCE = 64
"""Most rows in a statement; a power of two, so that few statements are ever prepared."""


def row(change: Change) -> tuple[sa.Table, Values]:
    """The table and the row of a change.

    Examples
    --------
    >>> table, values = row(CallOver("CA1", 5))
    >>> table.name, table.columns.keys(), values
    ('endings', ['call_sid', 'at_us'], ('CA1', 5))
    """
    one = change
    match one:
        case StepSeen():
            return STEPS, (one.call_sid, one.seq, one.node, one.outcome, one.at_us)
        case CallMoved():
            left_us, ended_us = one.at_us if one.leaves_menu else None, one.at_us if one.ended else None
            return CALLS, (
                one.call_sid,
                one.at_us,
                one.language,
                one.outcome,
                one.zero_out,
                1,
                left_us,
                ended_us,
                one.at_us,
                one.seq,
                one.caller or None,
                one.caller_shown or None,
                one.key_presses,
            )
        case QueueJoined():
            return VISITS, (one.call_sid, one.seq, one.queue, one.at_us, None, None, None, None)
        case QueueLeft():
            return VISITS, (one.call_sid, one.seq, one.queue, one.at_us, one.at_us, one.result, one.waited_us, None)
        case WaitAnnounced():
            return VISITS, (one.call_sid, one.seq, one.queue, one.at_us, None, None, None, one.wait_us)
        case MessageLeft():
            return MESSAGES, (one.call_sid, one.seq, one.box, one.url, one.length_us, one.at_us)
        case CallOver():
            return ENDINGS, (one.call_sid, one.at_us)
        case _:
            assert_never(one)


def write_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[Values]) -> None:
    """Write rows of one table with the statement of `upsert`, in the way that is quickest with the driver.

    SQLite gets many rows per statement: with one statement per row, the writing thread and the answering threads would
    pass Python's lock back and forth. PostgreSQL does not allow the same row twice in one statement, so it gets a
    batch of statements.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    table : sqlalchemy.Table
    rows : sequence of Values
    """
    dialect = connection.dialect.name
    if dialect != "sqlite":
        names = table.columns.keys()
        connection.execute(upsert(table, dialect), [dict(zip(names, values, strict=True)) for values in rows])
        return
    done = 0
    while done < len(rows):
        count = min(_AT_ONCE, 1 << (len(rows) - done).bit_length() - 1)
        values = tuple(value for one in rows[done : done + count] for value in one)
        connection.exec_driver_sql(_sqlite_text(table, count), values)
        done += count


@cache
def _sqlite_text(table: sa.Table, count: int) -> str:
    """The statement of `upsert` for this many rows; its parameters are their values, row by row."""
    text = str(upsert(table, "sqlite").compile(dialect=sqlite.dialect(paramstyle="qmark")))
    one = f"({', '.join('?' * len(table.columns))})"
    before, after = text.split(f" VALUES {one}")
    return f"{before} VALUES {', '.join([one] * count)}{after}"


@cache
def upsert(table: sa.Table, dialect: str) -> Any:
    """An insert that changes an existing row only where the new one knows more.

    Parameters
    ----------
    table : sqlalchemy.Table
    dialect : {"sqlite", "postgresql"}
    """
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    new, key = insert.excluded, list(table.primary_key.columns)
    if table is STEPS:
        return insert.on_conflict_do_update(
            index_elements=key, set_={"outcome": sa.func.coalesce(table.c.outcome, new.outcome)}
        )
    if table is VISITS:
        late = {
            n: sa.func.coalesce(table.c[n], new[n]) for n in ("left_us", "result", "waited_us", "announced_wait_us")
        }
        return insert.on_conflict_do_update(
            index_elements=key, set_={**late, "offered_us": _least(table.c.offered_us, new.offered_us)}
        )
    if table is CALLS:
        later = new.seq > table.c.seq
        newest = {
            n: sa.case((later, new[n]), else_=table.c[n])
            for n in ("language", "outcome", "zero_out", "last_us", "ended_us", "seq", "key_presses")
        }
        first = {n: _least(table.c[n], new[n]) for n in ("arrived_us", "menu_left_us")}
        known = {n: sa.func.coalesce(table.c[n], new[n]) for n in ("caller", "caller_shown")}
        return insert.on_conflict_do_update(index_elements=key, set_={**newest, **first, **known})
    if table is FLOWS:
        last = sa.case((new.kept_us > sa.func.coalesce(table.c.kept_us, 0), new.kept_us), else_=table.c.kept_us)
        return insert.on_conflict_do_update(index_elements=key, set_={"kept_us": last})
    return insert.on_conflict_do_nothing()


def _least(old: Any, new: Any) -> Any:
    return sa.case((old.is_(None), new), (new.is_(None), old), (new < old, new), else_=old)
