"""Calls in a database: what is known of them as facts keyed by CallSid, written so that nothing is counted twice.

SQLite in WAL mode by default, so that several workers may write and a report may read meanwhile; PostgreSQL for several
machines. Times are microseconds since 1970. Of a caller's input nothing is stored: nodes, outcomes and times only. The
columns are those of ``ivr.records.schema`` where they are facts; what follows from them (time in the menu, talk) is
worked out on reading.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from flows.model.flow import Flow
from webhooks.records.changes import Change
from webhooks.store.connection import database_url, engine_for
from webhooks.store.failure_reason import failure_reason
from webhooks.store.look import look_up
from webhooks.store.migrate import ForeignDatabaseError, SchemaTooNewError, bring_up_to_date
from webhooks.store.rows import Values, row, upsert, write_rows
from webhooks.store.tables import AUDIT, CALLS, ENDINGS, FLOWS, LEFT_BY, SECRETS, STEPS, VISITS
from webhooks.store.tombstones import unerased

if TYPE_CHECKING:
    from ivr.records.tables import Records
    from webhooks.records.from_database import Row

__all__ = ["UNREACHABLE", "OutOfReachError", "SchemaTooNewError", "Store", "read_records"]

_log = logging.getLogger("ivr.records")
_RECORDS = {table.name: table for table in (CALLS, STEPS, VISITS, ENDINGS)}
_BREATH_S = 1.0
_UNFIT = (DataError, IntegrityError, OverflowError)
"""What is raised for a row that the database will never take."""


class OutOfReachError(OSError):
    """The database could not be reached a moment ago, and a caller does not wait for another try."""


UNREACHABLE = (SQLAlchemyError, OSError, SchemaTooNewError, ForeignDatabaseError)
"""What is raised while the database cannot be used."""


def _by(wanted: sa.Column[Any], *columns: sa.Column[Any]) -> sa.Select[Any]:
    return sa.select(wanted).where(*(column == sa.bindparam(column.name) for column in columns))


_OUTCOME_OF = _by(STEPS.c.outcome, STEPS.c.call_sid, STEPS.c.seq, STEPS.c.node)
_KEY_OF = _by(LEFT_BY.c.key, LEFT_BY.c.call_sid, LEFT_BY.c.seq)
_FLOW_OF = _by(FLOWS.c.flow, FLOWS.c.digest)
_SECRET_OF = _by(SECRETS.c.sealed, SECRETS.c.handle).where(SECRETS.c.until_us >= sa.bindparam("now_us"))

_ERASURES = sa.select(sa.func.count(), sa.func.max(AUDIT.c.at_us)).where(AUDIT.c.what == "erase")


class Store:
    """The database of one service. Opened when first needed, opened again when its file is gone.

    Parameters
    ----------
    database : str
        Path of a SQLite file, or the address of a PostgreSQL database.

    Raises
    ------
    UsageError
        When it is neither.

    Attributes
    ----------
    file : Path or None
        Of SQLite.
    """

    def __init__(self, database: str) -> None:
        self._url = database_url(database)
        self.file = (
            Path(self._url.database) if self._url.get_backend_name() == "sqlite" and self._url.database else None
        )
        self._opening = threading.Lock()
        self._engine: sa.Engine | None = None
        self._opened_as: tuple[int, int] = (0, 0)
        self._closed_until = 0.0
        self._in_doubt = False
        self._flows: dict[str, tuple[str, int]] = {}
        self._unkept: set[str] = set()
        self._unreadable: set[str] = set()

    @property
    def shown(self) -> str:
        """The database as it may be shown: without a password."""
        return str(self.file) if self.file else self._url.render_as_string(hide_password=True)

    def check(self) -> None:
        """Open the database; raises what it raises."""
        self._ready()

    def unusable(self) -> str:
        """Why nothing can be read from the database now; empty when it can."""
        try:
            with self._ready().connect() as connection:
                connection.execute(sa.select(sa.literal(1)))
        except UNREACHABLE as error:
            self._in_doubt = True
            return failure_reason(error)
        return ""

    def write(self, batch: Sequence[Change]) -> None:
        """Write changes in one transaction; raises what the database raises. What it will never take is given up."""
        try:
            self._write(batch)
        except _UNFIT:
            if len(batch) == 1:
                _log.error("records: one %s given up: the database does not take it", type(batch[0]).__name__)
                return
            half = len(batch) // 2
            self.write(batch[:half])
            self.write(batch[half:])
        except UNREACHABLE:
            self._in_doubt = True
            raise

    def _write(self, batch: Sequence[Change]) -> None:
        engine = self._ready()
        with engine.begin() as connection:
            rows: dict[sa.Table, list[Values]] = defaultdict(list)
            for change in unerased(connection, batch):
                table, values = row(change)
                rows[table].append(values)
            # In one order, whoever writes: two workers with the same calls must not wait for each other.
            for table in sorted(rows, key=lambda table: table.name):
                write_rows(connection, table, sorted(rows[table], key=itemgetter(slice(len(table.primary_key)))))
        self._closed_until = 0.0
        self._keep_flows()

    def outcome_of(self, call_sid: str, seq: int, node: str) -> str:
        """With which outcome the call left a node before; empty when that is not known (or not to be had)."""
        return self._look_up(_OUTCOME_OF, call_sid=call_sid, seq=seq, node=node)

    def remember_key(self, call_sid: str, seq: int, key: str) -> None:
        """Keep the key by which a caller leaves a queue: the next request asks for it, perhaps in another worker."""
        try:
            with self.call_transaction() as connection:
                connection.execute(
                    upsert(LEFT_BY, connection.dialect.name), [{"call_sid": call_sid, "seq": seq, "key": key}]
                )
        except UNREACHABLE as error:
            _say(error, "a key cannot be kept now")

    def key_of(self, call_sid: str, seq: int) -> str:
        """The key `remember_key` kept; empty when there is none."""
        return self._look_up(_KEY_OF, call_sid=call_sid, seq=seq)

    def keep_secret(self, handle: str, call_sid: str, sealed: str, until_us: int) -> None:
        """Keep a sealed value, for another worker that goes on with the call."""
        try:
            with self.call_transaction() as connection:
                row = {"handle": handle, "call_sid": call_sid, "sealed": sealed, "until_us": until_us}
                connection.execute(upsert(SECRETS, connection.dialect.name), [row])
        except UNREACHABLE as error:
            _say(error, "a secret cannot be kept now")

    def secret(self, handle: str, now_us: int) -> str:
        """The sealed value that `keep_secret` kept; empty when there is none, or its time is over."""
        return self._look_up(_SECRET_OF, handle=handle, now_us=now_us)

    def erasures(self) -> tuple[int, int] | None:
        """How many erasures are noted, and when the last was (0: never); None while no database is open here."""
        with self._opening:  # it is not closed meanwhile
            if self._engine is None or self._opened_as != self._identity():
                return None
            with self._engine.connect() as connection:
                count, latest_us = connection.execute(_ERASURES).one()
            return count, latest_us or 0

    def keep_flow(self, flow: Flow) -> None:
        """Keep a version of the flow, for calls that outlive it: now, or as soon as the database can be written."""
        text = json.dumps(flow.model_dump(mode="json", by_alias=True, exclude_defaults=True), ensure_ascii=False)
        self._flows[flow.digest] = text, time.time_ns() // 1_000
        self._unkept.add(flow.digest)
        try:
            self._ready()
            self._keep_flows()
        except UNREACHABLE as error:
            self._in_doubt = True
            _say(error, "the flow cannot be kept now")

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
        """Every row of every table of records, in order; raises what the database raises."""
        with self._ready().connect() as connection:
            queries = {name: sa.select(t).order_by(*t.primary_key.columns) for name, t in _RECORDS.items()}
            return {
                name: [dict(row) for row in connection.execute(query).mappings()] for name, query in queries.items()
            }

    def flows(self) -> list[Flow]:
        """The versions of the flow that were kept and can be read, the last put into service first; raises what the
        database raises.
        """
        query = sa.select(FLOWS.c.flow).order_by(sa.func.coalesce(FLOWS.c.kept_us, 0).desc(), FLOWS.c.digest)
        with self._ready().connect() as connection:
            texts = connection.execute(query).scalars().all()
        return [flow for text in texts if (flow := _flow_in(text)) is not None]

    @contextmanager
    def call_transaction(self, kept: sa.Connection | None = None) -> Iterator[sa.Connection]:
        """A transaction while a caller waits: raises one of `UNREACHABLE`, at once when it has done so within the last
        second.

        Parameters
        ----------
        kept : sqlalchemy.Connection, optional
            From `session`; otherwise any.
        """
        with self._watched():
            if kept is None:
                with self._ready().begin() as connection:
                    yield connection
            else:
                with kept.begin():
                    yield kept

    @contextmanager
    def session(self) -> Iterator[sa.Connection]:
        """A connection that is kept while a caller waits, for `call_transaction`; raises as that does."""
        with self._watched():
            connection = self._ready().connect()
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        if time.monotonic() < self._closed_until:
            raise OutOfReachError("the database was out of reach a moment ago")
        try:
            yield
        except (DataError, IntegrityError):
            raise
        except UNREACHABLE:
            self._closed_until, self._in_doubt = time.monotonic() + _BREATH_S, True
            raise

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """A transaction that nobody waits for; raises what the database raises."""
        with self._ready().begin() as connection:
            yield connection

    @contextmanager
    def autocommit(self) -> Iterator[sa.Connection]:
        """A connection of its own for what no transaction may hold, such as giving room back."""
        engine = self._ready()
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            yield connection
        finally:
            connection.invalidate()  # its settings are not for others
            connection.close()

    def close(self) -> None:
        """Let go of the database."""
        with self._opening:
            if self._engine:
                self._engine.dispose()
            self._engine = None

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
        try:
            with self._watched():
                engine = self._ready()
                if engine.dialect.name == "sqlite":
                    return look_up(engine, query, named)
                with engine.begin() as connection:
                    return connection.execute(query, named).scalar() or ""
        except UNREACHABLE as error:
            _say(error, "cannot be read now")
            return ""

    def _ready(self) -> sa.Engine:
        here = self._identity()
        if self._engine is not None and self._opened_as == here and here[1] and not self._in_doubt:
            return self._engine
        with self._opening:
            if self._engine is not None and (self._opened_as != (now := self._identity()) or not now[1]):
                # Another process's connections are not ours to close; a deleted file's are.
                self._engine.dispose(close=self._opened_as[0] == os.getpid())
                self._engine = None
            engine = self._engine or engine_for(self._url)
            try:
                bring_up_to_date(engine)
            except BaseException:
                engine.dispose()
                raise
            self._opened_as, self._engine, self._in_doubt = self._identity(), engine, False
            self._unkept.update(self._flows)  # it may be a new database
            return engine

    def _identity(self) -> tuple[int, int]:
        """This process, and the file behind the database: 0 when it is gone."""
        if self.file is None:
            return os.getpid(), 1
        try:
            return os.getpid(), self.file.stat().st_ino
        except OSError:
            return os.getpid(), 0


def _flow_in(text: str) -> Flow | None:
    """A version as it was kept; None for one of a later version of this program, or a damaged one."""
    try:
        return Flow.model_validate(json.loads(text))
    except ValueError:
        return None


def _say(error: Exception, what: str) -> None:
    """Once for each failure, not for each caller who comes in the moment after it."""
    if not isinstance(error, OutOfReachError):
        _log.warning("records: %s (%s); calls go on without", what, failure_reason(error))


def read_records(database: str, *, now_us: int | None = None) -> Records:
    """Live calls as records, for the measures and reports that simulated calls have.

    Parameters
    ----------
    database : str
        Path of a SQLite file, or the address of a PostgreSQL database.
    now_us : int, optional
        Microseconds since 1970. With it, calls without an ending that were heard of in the last 4 hours are left
        out as still in progress; without it they end where they were last heard of.

    Returns
    -------
    Records
        Times count from the full hour before the first call.
    """
    from webhooks.records.from_database import build  # NumPy, which answering calls does not need

    store = Store(database)
    try:
        return build(store.rows(), flows=store.flows(), now_us=now_us)
    finally:
        store.close()
