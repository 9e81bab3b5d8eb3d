"""A claim on a database file: one service on this machine answers a line from it with people."""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from webhooks.settings.problems import problem
from webhooks.store.connection import database_url

__all__ = ["claim_desk"]

_FCNTL: Any = importlib.import_module("fcntl") if sys.platform == "linux" else None


def claim_desk(database: str) -> ExitStack:
    """Claim a database file for the desk of this process; PostgreSQL, whose workers share a floor, needs no claim.

    The claim is a lock on a file beside the database. The operating system ends it with the process, however that
    ends. Other systems than Linux lack it, and nothing is claimed there.

    Parameters
    ----------
    database : str
        As `webhooks.store.connection.database_url` takes it.

    Returns
    -------
    ExitStack
        Holds the claim until it is closed.

    Raises
    ------
    UsageError
        When another process has it: each of the two would ring the agents of the other.

    Examples
    --------
    >>> with claim_desk("postgresql://localhost/calls"):
    ...     print("shared")
    shared
    """
    held = ExitStack()
    url = database_url(database)
    if url.get_backend_name() != "sqlite" or _FCNTL is None:
        return held
    name = url.database or ""
    file = os.open(f"{os.path.realpath(name)}-desk", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    held.callback(os.close, file)
    try:
        _FCNTL.flock(file, _FCNTL.LOCK_EX | _FCNTL.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise problem(
            f"another 'ivr serve --desk' answers calls with the database {name!r}",
            f"stop that one, or give this line a database of its own: --database {_own(name)}",
            code="W003",
        ) from None
    return held


def _own(name: str) -> str:
    """A name beside a database that no file has yet."""
    path = Path(name)
    number = 2
    while (own := path.with_name(f"{path.stem}-{number}{path.suffix}")).exists():
        number += 1
    return str(own)
