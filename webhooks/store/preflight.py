"""Checks a database before a service starts on it, and before a command reads or deletes in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, InterfaceError

from flows.source.finding import Finding, IvrError, UsageError
from webhooks.settings.problems import problem
from webhooks.store.connection import database_url, untouched
from webhooks.store.store import Store
from webhooks.store.tables import CALLS

if TYPE_CHECKING:
    from ivr.records.tables import Records

__all__ = ["existing_store", "live_records", "refuse_hopeless"]

_MAGIC = b"SQLite format 3\0"
"""How a SQLite file begins: sqlite.org/fileformat.html, 1.3.1."""
_OWN = frozenset({"autocommit", "prepare_threshold"})
"""Options of psycopg itself; all others are those of PostgreSQL's library."""

_NONE = '--database "" keeps no records'


def refuse_hopeless(database: str) -> None:
    """Refuse a database that could never take a record; nothing is opened, created or changed.

    Parameters
    ----------
    database : str
        As `webhooks.store.connection.database_url` takes it.

    Raises
    ------
    UsageError
        Says what is wrong, and what to do.

    Examples
    --------
    >>> refuse_hopeless("/no/such/folder/calls.sqlite")
    Traceback (most recent call last):
    flows.source.finding.UsageError: W003 the database '/no/such/folder/calls.sqlite' cannot be used: there is no folder
    '/no/such/folder'
    """
    url = database_url(database)
    if url.get_backend_name() == "sqlite":
        _look_at_file(url.database or "")
    else:
        _look_at_options(url)


@contextmanager
def existing_store(database: str) -> Iterator[Store]:
    """The store in a database that must exist already; it is closed at the end.

    Parameters
    ----------
    database : str
        Path of a SQLite file, or the address of a PostgreSQL database.

    Raises
    ------
    IvrError
        When there is none, it has no calls of this program, or it cannot be used now.

    Examples
    --------
    >>> with existing_store("no/such/calls.sqlite") as store:
    ...     store.rows()
    Traceback (most recent call last):
    flows.source.finding.IvrError: W003 there is no database 'no/such/calls.sqlite'
    """
    url = database_url(database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise _finding(
            f"there is no database {url.database!r}",
            "name the file that the service writes (--database, IVR_DATABASE_URL)",
        )
    store = Store(database)
    try:
        if not _has_calls(url):  # never make tables in another program's database
            raise _finding(
                f"the database {store.shown!r} has no calls of this program", "name the one that the service writes"
            )
        yield store
    except (DatabaseError, InterfaceError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[:1]
        raise _finding(
            f"the database {store.shown!r} cannot be used: {''.join(reason)}",
            "check that it runs, can be reached from here, belongs to this program, and is not locked",
        ) from None
    finally:
        store.close()


def live_records(database: str) -> Records:
    """The records of all ended calls in a database.

    Raises
    ------
    IvrError
        As `existing`.
    """
    from webhooks.records.from_database import build  # imports NumPy, which deleting does not need

    with existing_store(database) as store:
        return build(store.rows(), flows=store.flows(), now_us=time_ns() // 1_000)


def _look_at_file(name: str) -> None:
    file = Path(os.path.realpath(name))
    try:
        kind = file.stat().st_mode
    except FileNotFoundError:
        _look_at_folder(name, file.parent)
        return
    except OSError as error:
        raise _hopeless(name, error.strerror or str(error), "name a file that this user can open") from None
    if stat.S_ISDIR(kind):
        raise _hopeless(name, "it is a folder", f"name a file in it: {Path(name) / 'calls.sqlite'}")
    if not stat.S_ISREG(kind):
        raise _hopeless(name, "it is not a regular file", "name a file such as calls.sqlite")
    if not os.access(file, os.R_OK | os.W_OK):
        raise _hopeless(
            name, "this user may not read and write it", "let this user read and write it, or name another file"
        )
    try:
        with file.open("rb") as opened:
            head = opened.read(len(_MAGIC))
    except OSError as error:
        raise _hopeless(name, error.strerror or str(error), "name a file that this user can open") from None
    if head not in (b"", _MAGIC):
        raise _hopeless(name, "it is not a SQLite file", "name another file, or move this one away")
    _look_at_folder(name, file.parent)


def _look_at_folder(name: str, folder: Path) -> None:
    """SQLite writes a log of changes next to the file."""
    if not folder.is_dir():
        raise _hopeless(
            name, f"there is no folder {str(folder)!r}", f"make the folder, or name a file in another; {_NONE}"
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _hopeless(
            name,
            f"this user may not write in the folder {str(folder)!r}",
            f"let this user write there, or name a file elsewhere; {_NONE}",
        )


def _look_at_options(url: sa.URL) -> None:
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo

    unknown = []
    for option in sorted(set(url.query) - _OWN):
        try:
            make_conninfo(**{option: ""})
        except ProgrammingError:
            unknown.append(option)
    if unknown:
        raise problem(
            f"the database's address has options that PostgreSQL does not know: {', '.join(unknown)}",
            "leave them out; postgresql.org/docs/current/libpq-connect.html lists the known ones",
            code="W003",
        )


def _hopeless(name: str, why: str, hint: str) -> UsageError:
    return problem(f"the database {name!r} cannot be used: {why}", hint, code="W003")


def _has_calls(url: sa.URL) -> bool:
    with untouched(url) as connection:
        return sa.inspect(connection).has_table(CALLS.name)


def _finding(message: str, hint: str) -> IvrError:
    return IvrError(Finding(code="W003", severity="error", message=message, hint=hint))
