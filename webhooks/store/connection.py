"""Opens SQLite and PostgreSQL, with a limit on every wait, because a caller may be waiting too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from flows.source.finding import UsageError
from webhooks.settings.problems import problem

__all__ = ["database_url", "engine_for", "untouched"]

_CONNECT_S = 2
_STATEMENT_S = 4
_POOL = 5


def database_url(database: str) -> sa.URL:
    """A SQLAlchemy URL from an address, or from the path of a SQLite file.

    Parameters
    ----------
    database : str
        ``FILE``, ``sqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST/NAME``.

    Raises
    ------
    UsageError
        For any other database, and for one in memory: each worker and thread would have its own.

    Examples
    --------
    >>> str(database_url("calls.sqlite")), database_url("postgres://ivr@db.internal/ivr").drivername
    ('sqlite:///calls.sqlite', 'postgresql+psycopg')
    >>> database_url("mysql://localhost/ivr")
    Traceback (most recent call last):
    flows.source.finding.UsageError: W003 the database is 'mysql', which is neither SQLite nor PostgreSQL
    """
    if "\0" in database or ("://" in database and "%00" in database):
        raise _unusable("the name of the database contains a zero byte")
    if "://" not in database:
        return _file(sa.URL.create("sqlite", database=database))
    try:
        url = sa.make_url(database)
    except (ArgumentError, ValueError):  # the message would repeat the password
        raise _unusable("the database's address cannot be read") from None
    kind = url.drivername.partition("+")[0]
    if kind == "sqlite":
        return _file(url.set(drivername="sqlite"))
    if kind in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    raise _unusable(f"the database is {kind!r}, which is neither SQLite nor PostgreSQL")


def _file(url: sa.URL) -> sa.URL:
    """The address of a SQLite file; other connections, and the lock beside it, must find it under the same name."""
    if url.host or url.username:
        raise _unusable("the address of a SQLite file names a host")
    if url.query:
        raise _unusable(f"the address of a SQLite file has options: {', '.join(sorted(url.query))}")
    if not url.database or url.database == ":memory:":
        raise _unusable("the database is not a file, and workers cannot share one in memory")
    return url


def _unusable(message: str) -> UsageError:
    return problem(
        message, "give a file such as calls.sqlite, or postgresql://USER:PASSWORD@HOST:5432/NAME", code="W003"
    )


def engine_for(url: sa.URL) -> sa.Engine:
    """An engine whose connections give up within seconds.

    Parameters
    ----------
    url : sqlalchemy.URL
        From `database_url`.
    """
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, connect_args={"timeout": 1.0, "check_same_thread": False})
        sa.event.listen(engine, "connect", _prepare_sqlite)
        return engine
    # The limits on connecting and on unanswered bytes detect a dead server, the ping a restarted one.
    limits = {"connect_timeout": _CONNECT_S, "tcp_user_timeout": _STATEMENT_S * 1_000, "application_name": "ivr"}
    engine = sa.create_engine(
        url,
        pool_pre_ping=True,
        pool_size=_POOL,
        max_overflow=_POOL,
        pool_timeout=_CONNECT_S,
        pool_recycle=1_800,
        connect_args=limits,
    )
    sa.event.listen(engine, "connect", _prepare_postgresql)
    return engine


@contextmanager
def untouched(url: sa.URL) -> Iterator[sa.Connection]:
    """A connection that changes nothing, for looking at a database that may belong to another program.

    A connection of `engine_for` would switch a SQLite file to WAL.

    Parameters
    ----------
    url : sqlalchemy.URL
        From `database_url`.
    """
    sqlite = url.get_backend_name() == "sqlite"
    engine = sa.create_engine(url, connect_args={"timeout": 1.0}) if sqlite else engine_for(url)
    try:
        with engine.connect() as connection:
            if sqlite:
                connection.exec_driver_sql("BEGIN")  # the driver would begin only with the first change
            yield connection
    finally:
        engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=ON")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.execute(f"SET statement_timeout = {_STATEMENT_S * 1_000}")
    # The sessions of a machine that vanishes, and the locks they hold, end after 2 + 3 x 1 s of silence.
    connection.execute("SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3")
    connection.commit()
