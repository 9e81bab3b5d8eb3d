"""Tombstones of erased calls and callers, so that no worker writes their rows again from memory."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from webhooks.records.changes import CallMoved, Change
from webhooks.store.rows import upsert
from webhooks.store.tables import ERASED_CALLERS, ERASED_CALLS

__all__ = ["hold_off_writers", "unerased"]

_LOCK = 0x6976_7201
_ANY_ERASED = str(
    sa.select(sa.exists(sa.select(ERASED_CALLS.c.call_sid)), sa.exists(sa.select(ERASED_CALLERS.c.caller)))
)
"""Quick check for any tombstone; there is nearly always none."""


def unerased(connection: sa.Connection, batch: Sequence[Change]) -> Sequence[Change]:
    """The changes that may be written: those of erased calls, and of callers before their erasure, are left out.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        In the transaction that writes them.
    batch : sequence of Change
    """
    if connection.dialect.name == "postgresql":
        # Writers share the lock; an erasure waits for them, and they for it.
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(_LOCK)))
    else:  # the driver would begin only with the first row, after these reads
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    if not any(connection.exec_driver_sql(_ANY_ERASED).one()):
        return batch
    gone = set(
        connection.scalars(
            sa.select(ERASED_CALLS.c.call_sid).where(ERASED_CALLS.c.call_sid.in_({c.call_sid for c in batch}))
        )
    )
    callers = {change.caller for change in batch if isinstance(change, CallMoved)} - {""}
    if callers:
        known = sa.select(ERASED_CALLERS.c.caller, ERASED_CALLERS.c.at_us).where(ERASED_CALLERS.c.caller.in_(callers))
        until_us = {row.caller: row.at_us for row in connection.execute(known)}
        new = {c.call_sid: c.at_us for c in batch if isinstance(c, CallMoved) and c.at_us <= until_us.get(c.caller, -1)}
        if new.keys() - gone:  # later changes of such a call may not name its caller
            rows = [{"call_sid": sid, "at_us": new[sid]} for sid in sorted(new.keys() - gone)]
            connection.execute(upsert(ERASED_CALLS, connection.dialect.name), rows)
        gone |= new.keys()
    return [change for change in batch if change.call_sid not in gone] if gone else batch


def hold_off_writers(connection: sa.Connection) -> None:
    """Wait for batches that are being written, and block others until this transaction ends.

    In SQLite the first change of a transaction does that, because batches begin with the write lock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
