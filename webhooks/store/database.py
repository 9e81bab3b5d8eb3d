"""A database that is opened when first needed, opened again when its file is gone, and left alone while it is
unreachable.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from webhooks.store.connection import database_url, engine_for
from webhooks.store.failure_reason import failure_reason
from webhooks.store.migrate import ForeignDatabaseError, SchemaTooNewError, bring_up_to_date

__all__ = ["UNREACHABLE", "Database", "OutOfReachError"]

_RETRY_S = 1.0
"""How long callers do not wait for the database again after a failure."""


class OutOfReachError(OSError):
    """The database was unreachable a moment ago, and a caller does not wait for another try."""


UNREACHABLE = (SQLAlchemyError, OSError, SchemaTooNewError, ForeignDatabaseError)
"""What is raised while the database cannot be used."""


class Database:
    """Connections to one database, its schema brought up to date. Usable from any thread, and after a fork.

    Parameters
    ----------
    database : str
        Path of a SQLite file, or the address of a PostgreSQL database.

    Attributes
    ----------
    file : Path or None
        The file of SQLite; None for PostgreSQL.

    Raises
    ------
    UsageError
        When `database` is neither.
    """

    def __init__(self, database: str) -> None:
        self._url = database_url(database)
        is_file = self._url.get_backend_name() == "sqlite" and self._url.database
        self.file = Path(self._url.database) if is_file and self._url.database else None
        self._opening = threading.Lock()
        self._engine: sa.Engine | None = None
        self._opened_as: tuple[int, int] = (0, 0)
        self._closed_until_s = 0.0
        self._in_doubt = False

    @property
    def shown(self) -> str:
        """The database's name or address, without a password."""
        return str(self.file) if self.file else self._url.render_as_string(hide_password=True)

    def check(self) -> None:
        """Open the database; raises what the database raises."""
        self._ready()

    def unusable(self) -> str:
        """Why the database cannot be read now; empty when it can."""
        try:
            with self._ready().connect() as connection:
                connection.execute(sa.select(sa.literal(1)))
        except UNREACHABLE as error:
            self._in_doubt = True
            return failure_reason(error)
        return ""

    @contextmanager
    def call_transaction(self, connection: sa.Connection | None = None) -> Iterator[sa.Connection]:
        """A transaction while a caller waits.

        Parameters
        ----------
        connection : sqlalchemy.Connection, optional
            From `call_connection`; otherwise any.

        Raises
        ------
        Exception
            One of `UNREACHABLE`: at once, when the database could not be reached within the last second.
        """
        with self._watched():
            if connection is None:
                with self._ready().begin() as opened:
                    yield opened
            else:
                with connection.begin():
                    yield connection

    @contextmanager
    def call_connection(self) -> Iterator[sa.Connection]:
        """A connection to keep while a caller waits, for `call_transaction`; raises the same exceptions."""
        with self._watched():
            connection = self._ready().connect()
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """A transaction that no caller waits for; raises what the database raises."""
        with self._ready().begin() as connection:
            yield connection

    @contextmanager
    def autocommit(self) -> Iterator[sa.Connection]:
        """A separate connection for statements that cannot run in a transaction, such as VACUUM."""
        engine = self._ready()
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            yield connection
        finally:
            connection.invalidate()  # others must not get its settings
            connection.close()

    @contextmanager
    def if_open(self) -> Iterator[sa.Connection | None]:
        """A connection if the database is open in this process, else None; it is not closed meanwhile."""
        with self._opening:
            if self._engine is None or self._opened_as != self._identity():
                yield None
                return
            with self._engine.connect() as connection:
                yield connection

    def close(self) -> None:
        """Close all connections; the next use opens the database again."""
        with self._opening:
            if self._engine:
                self._engine.dispose()
            self._engine = None

    @contextmanager
    def _watched(self) -> Iterator[None]:
        if time.monotonic() < self._closed_until_s:
            raise OutOfReachError("the database was out of reach a moment ago")
        try:
            yield
        except (DataError, IntegrityError):
            raise
        except UNREACHABLE:
            self._closed_until_s, self._in_doubt = time.monotonic() + _RETRY_S, True
            raise

    def _ready(self) -> sa.Engine:
        identity = self._identity()
        if self._engine is not None and self._opened_as == identity and identity[1] and not self._in_doubt:
            return self._engine
        with self._opening:
            if self._engine is not None and (self._opened_as != (now := self._identity()) or not now[1]):
                # Connections inherited by a fork are not ours to close; those to a deleted file are.
                self._engine.dispose(close=self._opened_as[0] == os.getpid())
                self._engine = None
            engine = self._engine or engine_for(self._url)
            try:
                bring_up_to_date(engine)
            except BaseException:
                engine.dispose()
                raise
            self._opened_as, self._engine, self._in_doubt = self._identity(), engine, False
            self._opened()
            return engine

    def _opened(self) -> None:
        """The database was opened, and may be a new one."""

    def _identity(self) -> tuple[int, int]:
        """This process, and the inode of the file: 0 when it is gone, 1 for PostgreSQL."""
        if self.file is None:
            return os.getpid(), 1
        try:
            return os.getpid(), self.file.stat().st_ino
        except OSError:
            return os.getpid(), 0
