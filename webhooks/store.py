"""Calls in a database: what is known of them as facts keyed by CallSid, written so that nothing is counted twice.

SQLite in WAL mode by default, so that several workers may write and a report may read meanwhile. Times are
microseconds since 1970. Of a caller's input nothing is stored: nodes, outcomes and times only. The columns are those
of ``ivr.record_schema`` where they are facts; what follows from them (time in the menu, talk) is worked out on reading.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from flows.model import Flow
from webhooks.journal import CallMoved, CallOver, Change, MessageLeft, QueueJoined, QueueLeft, StepSeen, WaitAnnounced

if TYPE_CHECKING:
    from ivr.records import Records
    from webhooks.live_records import Row

__all__ = ["METADATA", "Store", "database_url", "read_records"]

_log = logging.getLogger("ivr.records")
METADATA = sa.MetaData()
"""Every table of the service."""


def _sid() -> sa.Column[str]:
    return sa.Column("call_sid", sa.String(64), primary_key=True)


def _seq() -> sa.Column[int]:
    return sa.Column("seq", sa.Integer, primary_key=True)


_CALLS = sa.Table(
    "calls", METADATA, _sid(),
    sa.Column("arrived_us", sa.BigInteger, nullable=False, index=True),
    sa.Column("language", sa.String(35)),
    sa.Column("outcome", sa.String(20)),
    sa.Column("zero_out", sa.Boolean, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("menu_left_us", sa.BigInteger),
    sa.Column("ended_us", sa.BigInteger),
    sa.Column("last_us", sa.BigInteger, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
)  # fmt: skip
_STEPS = sa.Table(
    "steps", METADATA, _sid(), _seq(),
    sa.Column("node", sa.String(64), nullable=False),
    sa.Column("outcome", sa.String(80)),
    sa.Column("at_us", sa.BigInteger, nullable=False),
)  # fmt: skip
_VISITS = sa.Table(
    "visits", METADATA, _sid(), _seq(),
    sa.Column("queue", sa.String(200), nullable=False),
    sa.Column("offered_us", sa.BigInteger, nullable=False),
    sa.Column("left_us", sa.BigInteger),
    sa.Column("result", sa.String(20)),
    sa.Column("waited_us", sa.BigInteger),
    sa.Column("announced_wait_us", sa.BigInteger),
)  # fmt: skip
_ENDINGS = sa.Table("endings", METADATA, _sid(), sa.Column("at_us", sa.BigInteger, nullable=False))
_MESSAGES = sa.Table(
    "messages", METADATA, _sid(), _seq(),
    sa.Column("box", sa.String(200), nullable=False), sa.Column("url", sa.String(500), nullable=False),
    sa.Column("length_us", sa.BigInteger, nullable=False), sa.Column("at_us", sa.BigInteger, nullable=False),
)  # fmt: skip
_LEFT_BY = sa.Table("left_by", METADATA, _sid(), _seq(), sa.Column("key", sa.String(8), nullable=False))
_FLOWS = sa.Table("flows", METADATA, sa.Column("digest", sa.String(16), primary_key=True), sa.Column("flow", sa.Text, nullable=False))


def _by(wanted: sa.Column[Any], *columns: sa.Column[Any]) -> sa.Select[Any]:
    return sa.select(wanted).where(*(column == sa.bindparam(column.name) for column in columns))


_OUTCOME_OF = _by(_STEPS.c.outcome, _STEPS.c.call_sid, _STEPS.c.seq, _STEPS.c.node)
_KEY_OF = _by(_LEFT_BY.c.key, _LEFT_BY.c.call_sid, _LEFT_BY.c.seq)
_FLOW_OF = _by(_FLOWS.c.flow, _FLOWS.c.digest)


def database_url(database: str) -> sa.URL:
    """A SQLAlchemy URL from one, or from the path of a SQLite file.

    Examples
    --------
    >>> str(database_url("calls.sqlite"))
    'sqlite:///calls.sqlite'
    """
    return sa.make_url(database) if "://" in database else sa.URL.create("sqlite", database=database)


class Store:
    """The database of one service. Opened when first needed, opened again when its file is gone.

    Parameters
    ----------
    database : str
        Path of a SQLite file, or a SQLAlchemy URL.
    """

    def __init__(self, database: str) -> None:
        self._url = database_url(database)
        self._file = Path(self._url.database) if self._url.get_backend_name() == "sqlite" and self._url.database else None
        self._opening = threading.Lock()
        self._engine: sa.Engine | None = None
        self._opened_as: tuple[int, int] = (0, 0)

    def write(self, batch: Sequence[Change]) -> None:
        """Write changes in one transaction; raises what the database raises."""
        rows: dict[sa.Table, list[dict[str, Any]]] = defaultdict(list)
        for change in batch:
            table, row = _row(change)
            rows[table].append(row)
        engine = self._ready()
        with engine.begin() as connection:
            for table, values in rows.items():
                connection.execute(_upsert(table, engine.dialect.name), values)

    def outcome_of(self, call_sid: str, seq: int, node: str) -> str:
        """With which outcome the call left a node before; empty when that is not known (or not to be had)."""
        return self._look_up(_OUTCOME_OF, call_sid=call_sid, seq=seq, node=node)

    def remember_key(self, call_sid: str, seq: int, key: str) -> None:
        """Keep the key by which a caller leaves a queue: the next request asks for it, perhaps in another worker."""
        self._insert(_LEFT_BY, {"call_sid": call_sid, "seq": seq, "key": key})

    def key_of(self, call_sid: str, seq: int) -> str:
        """The key `remember_key` kept; empty when there is none."""
        return self._look_up(_KEY_OF, call_sid=call_sid, seq=seq)

    def keep_flow(self, flow: Flow) -> None:
        """Keep a version of the flow, for calls that outlive it."""
        text = json.dumps(flow.model_dump(mode="json", by_alias=True, exclude_defaults=True), ensure_ascii=False)
        self._insert(_FLOWS, {"digest": flow.digest, "flow": text})

    def flow(self, digest: str) -> Flow | None:
        """The version of the flow with this digest, if it was kept."""
        text = self._look_up(_FLOW_OF, digest=digest)
        if not text:
            return None
        flow = Flow.model_validate(json.loads(text))
        return flow if flow.digest == digest else None

    def rows(self) -> Mapping[str, list[Row]]:
        """Every row of every table of records, in order; raises what the database raises."""
        with self._ready().connect() as connection:
            tables = {t.name: t for t in (_CALLS, _STEPS, _VISITS, _ENDINGS)}
            queries = {name: sa.select(t).order_by(*t.primary_key.columns) for name, t in tables.items()}
            return {name: [dict(row) for row in connection.execute(query).mappings()] for name, query in queries.items()}

    def engine(self) -> sa.Engine:
        """The open database; raises what it raises."""
        return self._ready()

    def close(self) -> None:
        """Let go of the database."""
        with self._opening:
            if self._engine:
                self._engine.dispose()
            self._engine = None

    def _insert(self, table: sa.Table, row: Mapping[str, Any]) -> None:
        try:
            engine = self._ready()
            with engine.begin() as connection:
                connection.execute(_upsert(table, engine.dialect.name), [dict(row)])
        except (SQLAlchemyError, OSError) as error:
            _log.warning("records: %s cannot be written now (%s); calls go on without", table.name, type(error).__name__)

    def _look_up(self, query: sa.Select[Any], **named: str | int) -> str:
        try:
            with self._ready().connect() as connection:
                return connection.execute(query, named).scalar() or ""
        except (SQLAlchemyError, OSError) as error:
            _log.warning("records: cannot be read now (%s); calls go on without", type(error).__name__)
            return ""

    def _ready(self) -> sa.Engine:
        here = self._identity()
        if self._engine is not None and self._opened_as == here and here[1]:
            return self._engine
        with self._opening:
            if self._engine is not None and (self._opened_as != (now := self._identity()) or not now[1]):
                # Another process's connections are not ours to close; a deleted file's are.
                self._engine.dispose(close=self._opened_as[0] == os.getpid())
                self._engine = None
            if self._engine is None:
                engine = _open(self._url)
                METADATA.create_all(engine)
                self._opened_as, self._engine = self._identity(), engine
            return self._engine

    def _identity(self) -> tuple[int, int]:
        """This process, and the file behind the database: 0 when it is gone."""
        if self._file is None:
            return os.getpid(), 1
        try:
            return os.getpid(), self._file.stat().st_ino
        except OSError:
            return os.getpid(), 0


def read_records(database: str, *, now_us: int | None = None) -> Records:
    """Live calls as records, for the measures and reports that simulated calls have.

    Parameters
    ----------
    database : str
        Path of a SQLite file, or a SQLAlchemy URL.
    now_us : int, optional
        Microseconds since 1970. With it, calls without an ending that were heard of in the last 4 hours are left
        out as still in progress; without it they end where they were last heard of.

    Returns
    -------
    Records
        Times count from the full hour before the first call.
    """
    from webhooks.live_records import build  # NumPy, which answering calls does not need

    store = Store(database)
    try:
        return build(store.rows(), now_us=now_us)
    finally:
        store.close()


def _open(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(url, connect_args={"timeout": 1.0, "check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

    return engine


def _row(change: Change) -> tuple[sa.Table, dict[str, Any]]:
    match change:
        case CallMoved():
            left_us = change.at_us if change.leaves_menu else None
            return _CALLS, {
                "call_sid": change.call_sid, "arrived_us": change.at_us, "language": change.language,
                "outcome": change.outcome, "zero_out": change.zero_out, "attempt": 1, "menu_left_us": left_us,
                "ended_us": change.at_us if change.ended else None, "last_us": change.at_us, "seq": change.seq,
            }  # fmt: skip
        case StepSeen():
            return _STEPS, {"call_sid": change.call_sid, "seq": change.seq, "node": change.node,
                            "outcome": change.outcome, "at_us": change.at_us}  # fmt: skip
        case QueueJoined():
            return _VISITS, _visit(change)
        case QueueLeft():
            return _VISITS, _visit(change, left_us=change.at_us, result=change.result, waited_us=change.waited_us)
        case WaitAnnounced():
            return _VISITS, _visit(change, announced_wait_us=change.wait_us)
        case MessageLeft():
            return _MESSAGES, {"call_sid": change.call_sid, "seq": change.seq, "box": change.box, "url": change.url,
                               "length_us": change.length_us, "at_us": change.at_us}  # fmt: skip
        case CallOver():
            return _ENDINGS, {"call_sid": change.call_sid, "at_us": change.at_us}
        case _:
            assert_never(change)


def _visit(change: QueueJoined | QueueLeft | WaitAnnounced, **known: Any) -> dict[str, Any]:
    row = {"left_us": None, "result": None, "waited_us": None, "announced_wait_us": None} | known
    return row | {"call_sid": change.call_sid, "seq": change.seq, "queue": change.queue, "offered_us": change.at_us}


@cache
def _upsert(table: sa.Table, dialect: str) -> Any:
    """An insert that leaves an existing row as it is, but for what was not known yet."""
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    new, key = insert.excluded, list(table.primary_key.columns)
    if table is _STEPS:
        return insert.on_conflict_do_update(index_elements=key, set_={"outcome": sa.func.coalesce(table.c.outcome, new.outcome)})
    if table is _VISITS:
        late = {n: sa.func.coalesce(table.c[n], new[n]) for n in ("left_us", "result", "waited_us", "announced_wait_us")}
        return insert.on_conflict_do_update(index_elements=key, set_={**late, "offered_us": _least(table.c.offered_us, new.offered_us)})
    if table is _CALLS:
        later = new.seq > table.c.seq
        newest = {n: sa.case((later, new[n]), else_=table.c[n]) for n in ("language", "outcome", "zero_out", "last_us", "ended_us", "seq")}
        first = {n: _least(table.c[n], new[n]) for n in ("arrived_us", "menu_left_us")}
        return insert.on_conflict_do_update(index_elements=key, set_={**newest, **first})
    return insert.on_conflict_do_nothing()


def _least(old: Any, new: Any) -> Any:
    return sa.case((old.is_(None), new), (new.is_(None), old), (new < old, new), else_=old)
