"""Calls in a database: facts keyed by CallSid, written so that nothing is counted twice.

SQLite in WAL mode by default, so that several workers may write and a report may read meanwhile; PostgreSQL for several
machines. Times are microseconds since 1970. Nothing that a caller entered is stored, only nodes, outcomes and times.
The columns are those of ``ivr.records.schema`` where they are facts; what follows from them (time in the menu, talk)
is computed on reading.
"""

from __future__ import annotations

import json
import logging
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError

from flows.model.flow import Flow
from webhooks.records.changes import Change
from webhooks.store.database import UNREACHABLE, Database, OutOfReachError
from webhooks.store.failure_reason import failure_reason
from webhooks.store.floor_tables import AGENT_LOG, OFFERS, WAITING
from webhooks.store.rows import Values, row, upsert, write_rows
from webhooks.store.tables import AUDIT, CALLS, ENDINGS, FLOWS, LEFT_BY, SECRETS, STEPS, VISITS
from webhooks.store.tombstones import unerased

if TYPE_CHECKING:
    from ivr.records.tables import Records
    from webhooks.records.from_database import Row

__all__ = ["Store", "read_records"]

_log = logging.getLogger("ivr.records")
_RECORDS = {table.name: table for table in (CALLS, STEPS, VISITS, ENDINGS, OFFERS, WAITING, AGENT_LOG)}
_UNFIT = (DataError, IntegrityError, OverflowError)
"""What is raised for a row that the database will never take."""


def _by(wanted: sa.Column[Any], *columns: sa.Column[Any]) -> sa.Select[Any]:
    return sa.select(wanted).where(*(column == sa.bindparam(column.name) for column in columns))


_OUTCOME_OF = _by(STEPS.c.outcome, STEPS.c.call_sid, STEPS.c.seq, STEPS.c.node)
_KEY_OF = _by(LEFT_BY.c.key, LEFT_BY.c.call_sid, LEFT_BY.c.seq)
_FLOW_OF = _by(FLOWS.c.flow, FLOWS.c.digest)
_SECRET_OF = _by(SECRETS.c.sealed, SECRETS.c.handle).where(SECRETS.c.until_us >= sa.bindparam("now_us"))
_ERASURES = sa.select(sa.func.count(), sa.func.max(AUDIT.c.at_us)).where(AUDIT.c.what == "erase")


class Store(Database):
    """What one service keeps about its calls.

    Parameters
    ----------
    database : str
        Path of a SQLite file, or the address of a PostgreSQL database.

    Raises
    ------
    UsageError
        When it is neither.
    """

    def __init__(self, database: str) -> None:
        super().__init__(database)
        self._flows: dict[str, tuple[str, int]] = {}
        self._unkept: set[str] = set()
        self._unreadable: set[str] = set()

    def write(self, batch: Sequence[Change]) -> None:
        """Write changes in one transaction, without rows that the database will never take; raises what it raises."""
        try:
            self._write(batch)
        except _UNFIT:
            if len(batch) == 1:
                _log.error("records: one %s dropped: the database does not accept it", type(batch[0]).__name__)
                return
            half = len(batch) // 2
            self.write(batch[:half])
            self.write(batch[half:])
        except UNREACHABLE:
            self._in_doubt = True
            raise

    def _write(self, batch: Sequence[Change]) -> None:
        with self.transaction() as connection:
            rows: dict[sa.Table, list[Values]] = defaultdict(list)
            for change in unerased(connection, batch):
                table, values = row(change)
                rows[table].append(values)
            # In a fixed order, so that two workers with the same calls never deadlock.
            for table in sorted(rows, key=lambda table: table.name):
                write_rows(connection, table, sorted(rows[table], key=itemgetter(slice(len(table.primary_key)))))
        self._closed_until_s = 0.0
        self._keep_flows()

    def outcome_of(self, call_sid: str, seq: int, node: str) -> str:
        """The outcome a call left a node with earlier; empty when it is not known, or cannot be read now."""
        return self._look_up(_OUTCOME_OF, call_sid=call_sid, seq=seq, node=node)

    def remember_key(self, call_sid: str, seq: int, key: str) -> None:
        """Keep the key a caller leaves a queue with; another worker may get the next request."""
        self._keep(LEFT_BY, {"call_sid": call_sid, "seq": seq, "key": key}, "a key cannot be kept now")

    def key_of(self, call_sid: str, seq: int) -> str:
        """The key that `remember_key` kept; empty when there is none."""
        return self._look_up(_KEY_OF, call_sid=call_sid, seq=seq)

    def keep_secret(self, handle: str, call_sid: str, sealed: str, until_us: int) -> None:
        """Keep a sealed value; another worker may continue the call."""
        row = {"handle": handle, "call_sid": call_sid, "sealed": sealed, "until_us": until_us}
        self._keep(SECRETS, row, "a secret cannot be kept now")

    def secret(self, handle: str, now_us: int) -> str:
        """The sealed value that `keep_secret` kept; empty when there is none, or its time is over."""
        return self._look_up(_SECRET_OF, handle=handle, now_us=now_us)

    def erasures(self) -> tuple[int, int] | None:
        """How many erasures there were and when the last was (0: never); None while the database is not open here."""
        with self.if_open() as connection:
            if connection is None:
                return None
            count, latest_us = connection.execute(_ERASURES).one()
            return count, latest_us or 0

    def keep_flow(self, flow: Flow) -> None:
        """Keep a version of the flow for calls that outlive it: now, or as soon as the database can be written."""
        text = json.dumps(flow.model_dump(mode="json", by_alias=True, exclude_defaults=True), ensure_ascii=False)
        self._flows[flow.digest] = text, time.time_ns() // 1_000
        self._unkept.add(flow.digest)
        try:
            self.check()
            self._keep_flows()
        except UNREACHABLE as error:
            self._in_doubt = True
            _warn(error, "the flow cannot be kept now")

    def flow(self, digest: str) -> Flow | None:
        """The version of the flow with this digest, if it was kept and can be read."""
        text = self._look_up(_FLOW_OF, digest=digest)
        if not text:
            return None
        flow = _flow_in(text)
        if flow is not None and flow.digest == digest:
            return flow
        if digest not in self._unreadable:
            self._unreadable.add(digest)
            _log.warning("records: version %s of the flow cannot be read; calls that are on it begin again", digest)
        return None

    def rows(self) -> Mapping[str, list[Row]]:
        """Every row of every records table, in order; raises what the database raises."""
        queries = {name: sa.select(t).order_by(*t.primary_key.columns) for name, t in _RECORDS.items()}
        with self.transaction() as connection:
            return {
                name: [dict(row) for row in connection.execute(query).mappings()] for name, query in queries.items()
            }

    def flows(self) -> list[Flow]:
        """The kept versions of the flow that can be read, latest put into service first; raises what the database
        raises.
        """
        query = sa.select(FLOWS.c.flow).order_by(sa.func.coalesce(FLOWS.c.kept_us, 0).desc(), FLOWS.c.digest)
        with self.transaction() as connection:
            texts = connection.execute(query).scalars().all()
        return [flow for text in texts if (flow := _flow_in(text)) is not None]

    def _opened(self) -> None:
        self._unkept.update(self._flows)

    def _keep(self, table: sa.Table, row: Mapping[str, object], failure: str) -> None:
        try:
            with self.call_transaction() as connection:
                connection.execute(upsert(table, connection.dialect.name), [row])
        except UNREACHABLE as error:
            _warn(error, failure)

    def _keep_flows(self) -> None:
        if not self._unkept:
            return
        waiting = sorted(self._unkept)
        with self.transaction() as connection:
            rows = [
                {"digest": digest, "flow": text, "kept_us": kept_us}
                for digest in waiting
                for text, kept_us in [self._flows[digest]]
            ]
            connection.execute(upsert(FLOWS, connection.dialect.name), rows)
        self._unkept.difference_update(waiting)

    def _look_up(self, query: sa.Select[Any], **named: str | int) -> str:
        """One value, for a waiting caller; empty when there is none, or it cannot be read now."""
        try:
            with self.call_transaction() as connection:
                return connection.execute(query, named).scalar() or ""
        except UNREACHABLE as error:
            _warn(error, "cannot be read now")
            return ""


def _flow_in(text: str) -> Flow | None:
    """A kept version of the flow; None if it is damaged, or from a later version of this program."""
    try:
        return Flow.model_validate(json.loads(text))
    except ValueError:
        return None


def _warn(error: Exception, what: str) -> None:
    """Log a failure once, not for each caller within the next second."""
    if not isinstance(error, OutOfReachError):
        _log.warning("records: %s (%s); calls go on without", what, failure_reason(error))


def read_records(database: str, *, now_us: int | None = None) -> Records:
    """Live calls as records, for the same measures and reports as simulated calls.

    Parameters
    ----------
    database : str
        Path of a SQLite file, or the address of a PostgreSQL database.
    now_us : int, optional
        Microseconds since 1970. With it, calls without an ending that were last seen within 4 hours are left out as
        still in progress; without it, they end where they were last seen.

    Returns
    -------
    Records
        Times count from the full hour before the first call.
    """
    from webhooks.records.from_database import build  # imports NumPy, which answering calls does not need

    store = Store(database)
    try:
        return build(store.rows(), flows=store.flows(), now_us=now_us)
    finally:
        store.close()
