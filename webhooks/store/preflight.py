"""Whether a service may start on a database: what will never become one is said at once, what is merely away may come
back.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import sqlalchemy as sa

from flows.source.finding import UsageError
from webhooks.settings.problems import problem
from webhooks.store.connection import database_url

__all__ = ["refuse_hopeless"]

_MAGIC = b"SQLite format 3\0"
"""How a SQLite file begins: sqlite.org/fileformat.html, 1.3.1."""
_OWN = frozenset({"autocommit", "prepare_threshold"})
"""Options of psycopg itself; all others are those of PostgreSQL's library."""

_NONE = '--database "" keeps no records'


def refuse_hopeless(database: str) -> None:
    """Look at a database before the first call comes; nothing is opened, made or changed.

    Parameters
    ----------
    database : str
        As `webhooks.store.connection.database_url` takes it.

    Raises
    ------
    UsageError
        When no record could ever be written into it.

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
        raise _hopeless(name, "it is no regular file", "name a file such as calls.sqlite")
    if not os.access(file, os.R_OK | os.W_OK):
        raise _hopeless(name, "it may not be read and written", "give this user the right to, or name another file")
    try:
        with file.open("rb") as opened:
            head = opened.read(len(_MAGIC))
    except OSError as error:
        raise _hopeless(name, error.strerror or str(error), "name a file that this user can open") from None
    if head not in (b"", _MAGIC):
        raise _hopeless(name, "it is a file of another kind, not of SQLite", "name another file, or move this one away")
    _look_at_folder(name, file.parent)


def _look_at_folder(name: str, folder: Path) -> None:
    """SQLite writes a log of changes beside the file."""
    if not folder.is_dir():
        raise _hopeless(
            name, f"there is no folder {str(folder)!r}", f"make the folder, or name a file in another; {_NONE}"
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _hopeless(
            name,
            f"nothing may be written in the folder {str(folder)!r}",
            f"give this user the right to, or name a file elsewhere; {_NONE}",
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
            "leave them out, or see postgresql.org/docs/current/libpq-connect.html for what there is",
            code="W003",
        )


def _hopeless(name: str, why: str, hint: str) -> UsageError:
    return problem(f"the database {name!r} cannot be used: {why}", hint, code="W003")
