"""Deletes from the database: rows that are too old, and everything of one caller."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from flows.source.counted import counted
from flows.values.caller_numbers import plain_number
from webhooks.security.caller_numbers import CallerNumbers
from webhooks.store.floor_lock import lock_floor
from webhooks.store.floor_privacy import CALLERS, erase_callbacks, erase_from_floor, purge_floor
from webhooks.store.line_tables import LATER_MESSAGES, PLACES
from webhooks.store.rows import upsert
from webhooks.store.store import Store
from webhooks.store.tables import (
    AUDIT,
    CALLBACKS,
    CALLS,
    EFFECTS,
    ENDINGS,
    ERASED_CALLERS,
    ERASED_CALLS,
    LEFT_BY,
    MESSAGES,
    METADATA,
    SECRETS,
    STEPS,
    TRACES,
    VISITS,
)
from webhooks.store.tombstones import hold_off_writers

__all__ = ["Erasure", "TableSize", "erase", "purge", "table_sizes"]

_log = logging.getLogger("ivr.data")
_DAY_US = 86_400_000_000
_LONGEST_CALL_US = 4 * 3_600_000_000
_REMEMBERED_DAYS = 30
"""How long tombstones stay: a worker may hold rows of an erased call while the database is unreachable."""
_AT_ONCE = 500
_PATIENCE_MS = 60_000


@dataclass(frozen=True)
class Erasure:
    """What an erasure deleted.

    Parameters
    ----------
    rows : mapping of table to int
    recordings : tuple of str
        Addresses of recordings at the carrier, to be deleted there.
    """

    rows: Mapping[str, int]
    recordings: tuple[str, ...]


@dataclass(frozen=True)
class TableSize:
    """How many rows a table has.

    Parameters
    ----------
    rows : int
    oldest_us : int or None
        Microseconds since 1970; None where rows have no time, or there are none.
    """

    rows: int
    oldest_us: int | None


def erase(store: Store, numbers: CallerNumbers, number: str, now_us: int) -> Erasure:
    """Erase the rows of one number's calls, here and in the memory of every worker; raises what the database raises.

    Parameters
    ----------
    store : Store
    numbers : CallerNumbers
        How the service keeps numbers.
    number : str
    now_us : int
        Microseconds since 1970; calls after it are recorded again.
    """
    callers, rows = numbers.found(number), Counter[str]()
    with store.transaction() as connection:
        _be_patient(connection)
        hold_off_writers(connection)
        lock_floor(connection)
        _remember(connection, ERASED_CALLERS, [{"caller": caller, "at_us": now_us} for caller in callers])
        sids = list(connection.scalars(sa.select(CALLS.c.call_sid).where(CALLS.c.caller.in_(callers))))
        recordings: list[str] = []
        for some in _portions(sids):
            _remember(connection, ERASED_CALLS, [{"call_sid": sid, "at_us": now_us} for sid in some])
            recordings += connection.scalars(
                sa.select(MESSAGES.c.url).where(MESSAGES.c.call_sid.in_(some)).order_by(MESSAGES.c.at_us)
            )
            for table in (*TRACES, PLACES, LATER_MESSAGES):
                rows[table.name] += connection.execute(sa.delete(table).where(table.c.call_sid.in_(some))).rowcount
            rows["effects"] += _forget_effects(connection, some, now_us)
            rows.update(erase_from_floor(connection, some))
        promised = CALLBACKS.c.number.in_({number[:32], plain_number(number)[:32]})
        rows.update(erase_callbacks(connection, promised))
        rows["callbacks"] += connection.execute(sa.delete(CALLBACKS).where(promised)).rowcount
        theirs = LATER_MESSAGES.c.recipient.in_({number[:32], plain_number(number)[:32]})
        rows["later_messages"] += connection.execute(sa.delete(LATER_MESSAGES).where(theirs)).rowcount
        _note(connection, now_us, "erase", rows, caller=callers[0])
    _overwrite(store)
    _log.warning("erased the calls of %s: %s", callers[0], _said(rows))
    return Erasure({name: count for name, count in rows.items() if count}, tuple(recordings))


def purge(store: Store, days: Mapping[str, int | None], now_us: int) -> Mapping[str, int]:
    """Delete rows past their retention, and count them by table; raises what the database raises.

    Parameters
    ----------
    store : Store
    days : mapping of str to int or None
        As `webhooks.settings.retention.keep_days` gives them.
    now_us : int
    """
    rows = Counter[str]()
    if days["calls"]:
        while gone := _purge_calls(store, now_us - days["calls"] * _DAY_US):
            rows.update(gone)
    until = {"messages": MESSAGES, "callbacks": CALLBACKS, "effects": EFFECTS, "audit": AUDIT}
    limits = [(table, days[kind]) for kind, table in until.items()]
    limits += [(PLACES, days["callbacks"]), (LATER_MESSAGES, days["callbacks"])]
    limits += [(ENDINGS, days["calls"]), (ERASED_CALLERS, _REMEMBERED_DAYS), (ERASED_CALLS, _REMEMBERED_DAYS)]
    with store.transaction() as connection:
        _be_patient(connection)
        for table, kept in limits:
            if kept:
                rows[table.name] += connection.execute(
                    sa.delete(table).where(table.c.at_us < now_us - kept * _DAY_US)
                ).rowcount
        calls, audit = (now_us - kept * _DAY_US if (kept := days[kind]) else None for kind in ("calls", "audit"))
        rows.update(purge_floor(connection, calls_before_us=calls, audit_before_us=audit))
        connection.execute(sa.delete(SECRETS).where(SECRETS.c.until_us < now_us))  # too many for the audit
        found = {name: count for name, count in rows.items() if count}
        if found:
            _note(connection, now_us, "purge", found)
    if found:
        _log.info("purged: %s", _said(found))
    return found


def table_sizes(store: Store) -> Mapping[str, TableSize]:
    """The size of every table; raises what the database raises."""
    out = {}
    with store.transaction() as connection:
        for table in sorted(METADATA.tables.values(), key=lambda table: table.name):
            times = [name for name in ("arrived_us", "offered_us", "at_us") if name in table.c]
            oldest = sa.func.min(table.c[times[0]]) if times else sa.null()
            rows, oldest_us = connection.execute(sa.select(sa.func.count(), oldest).select_from(table)).one()
            out[table.name] = TableSize(rows, oldest_us)
    return out


def _purge_calls(store: Store, before_us: int) -> Mapping[str, int]:
    """Delete some of the calls that are too old, in a transaction too short for a caller to notice."""
    with store.transaction() as connection:
        _be_patient(connection)
        sids = list(
            connection.scalars(sa.select(CALLS.c.call_sid).where(CALLS.c.arrived_us < before_us).limit(_AT_ONCE))
        )
        return (
            {
                t.name: connection.execute(sa.delete(t).where(t.c.call_sid.in_(sids))).rowcount
                for t in (STEPS, VISITS, ENDINGS, LEFT_BY, CALLS)
            }
            if sids
            else {}
        )


def _forget_effects(connection: sa.Connection, sids: Sequence[str], now_us: int) -> int:
    """Delete old effects. For calls that may be in progress delete only the answers, or the effects would be done
    again.
    """
    theirs, over = EFFECTS.c.call_sid.in_(sids), EFFECTS.c.at_us < now_us - _LONGEST_CALL_US
    gone = connection.execute(sa.delete(EFFECTS).where(theirs, over)).rowcount
    return gone + connection.execute(sa.update(EFFECTS).where(theirs).values(answer=None)).rowcount


def _remember(connection: sa.Connection, table: sa.Table, rows: list[dict[str, object]]) -> None:
    """Write tombstones; a second erasure replaces the first."""
    key = next(iter(table.primary_key.columns))
    connection.execute(sa.delete(table).where(key.in_([row[key.name] for row in rows])))
    connection.execute(upsert(table, connection.dialect.name), rows)


def _note(
    connection: sa.Connection, now_us: int, what: str, rows: Mapping[str, int], *, caller: str | None = None
) -> None:
    counts = json.dumps({name: count for name, count in sorted(rows.items()) if count})
    connection.execute(sa.insert(AUDIT), {"at_us": now_us, "what": what, "caller": caller, "rows": counts})


def _be_patient(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SET LOCAL statement_timeout = {_PATIENCE_MS}"))


def _overwrite(store: Store) -> None:
    """Remove deleted rows from the file, where they would stay until overwritten."""
    with store.autocommit() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text(f"SET statement_timeout = {_PATIENCE_MS}"))
            connection.execute(
                sa.text("VACUUM " + ", ".join(table.name for table in (*TRACES, *CALLERS, EFFECTS, LATER_MESSAGES)))
            )
        else:  # PRAGMA secure_delete has zeroed the pages; this empties the write-ahead log
            connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _portions(sids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (sids[start : start + _AT_ONCE] for start in range(0, len(sids), _AT_ONCE))


def _said(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{counted(count, 'row')} of {name}" for name, count in sorted(rows.items()) if count) or "nothing"
