"""A database that must be there already: whoever reads or deletes in it, misspells its name or is cut off, is told
so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, InterfaceError

from flows.source.finding import Finding, IvrError
from webhooks.store.connection import database_url, untouched
from webhooks.store.database import Store
from webhooks.store.tables import CALLS

if TYPE_CHECKING:
    from ivr.records.tables import Records

__all__ = ["existing_store", "live_records"]


@contextmanager
def existing_store(database: str) -> Iterator[Store]:
    """The store in a database, closed again at the end.

    Parameters
    ----------
    database : str
        Path of a SQLite file, or the address of a PostgreSQL database.

    Raises
    ------
    IvrError
        When there is none, or it cannot be used now.

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
        if not _has_calls(url):  # nothing is made in what belongs to somebody else
            raise _finding(
                f"the database {store.shown!r} holds no calls of this program", "name the one that the service writes"
            )
        yield store
    except (DatabaseError, InterfaceError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[:1]
        raise _finding(
            f"the database {store.shown!r} cannot be used: {''.join(reason)}",
            "see that it runs, is reachable from here, is a database of this program, and is not locked",
        ) from None
    finally:
        store.close()


def live_records(database: str) -> Records:
    """The records of all calls in a database that have ended.

    Raises
    ------
    IvrError
        As `existing`.
    """
    from webhooks.records.from_database import build  # NumPy, which deleting does not need

    with existing_store(database) as store:
        return build(store.rows(), flows=store.flows(), now_us=time_ns() // 1_000)


def _has_calls(url: sa.URL) -> bool:
    with untouched(url) as connection:
        return sa.inspect(connection).has_table(CALLS.name)


def _finding(message: str, hint: str) -> IvrError:
    return IvrError(Finding(code="W003", severity="error", message=message, hint=hint))
