"""Per-effect locks that the OS or PostgreSQL releases when the holder dies.

With SQLite it is an operating system lock on one byte of a file next to the database, which the kernel releases
however the process ends. With PostgreSQL it is an advisory lock of a session, which the server releases when the
connection ends; if a whole machine vanishes, the server notices within seconds (``webhooks.store.connection``). Other
systems than Linux lack such file locks: no worker waits for another there, but effects are still done at most once.

Sources: fcntl(2), "Open file description locks"; postgresql.org/docs/current/explicit-locking.html, "Advisory Locks".
"""

from __future__ import annotations

import hashlib
import importlib
import os
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from webhooks.store.database import UNREACHABLE
from webhooks.store.store import Store

__all__ = ["effect_lock"]

_POLL_S = 0.02
_FCNTL: Any = importlib.import_module("fcntl") if sys.platform == "linux" else None


@contextmanager
def effect_lock(
    store: Store, call_sid: str, seq: int, *, patience_s: float
) -> Iterator[tuple[bool, sa.Connection | None]]:
    """Try to lock an effect: gives whether this worker has the lock, and the connection that holds it, if any.

    Parameters
    ----------
    store : Store
    call_sid : str
    seq : int
    patience_s : float
        Seconds to wait for another holder.

    Raises
    ------
    Exception
        One of `UNREACHABLE`, before the effect; never after it.
    """
    number = int.from_bytes(hashlib.sha256(f"{call_sid} {seq}".encode()).digest()[:8], "big") >> 2
    if store.file is None:
        with _by_session(store, number, patience_s) as held:
            yield held
    else:
        with _by_file(store.file.with_name(f"{store.file.name}-effects"), number, patience_s) as mine:
            yield mine, None


@contextmanager
def _by_file(path: Path, number: int, patience_s: float) -> Iterator[bool]:
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _tried(lambda: _locked(file, number), patience_s)
    finally:
        os.close(file)


def _locked(file: int, number: int) -> bool:
    if _FCNTL is None:
        return True
    try:  # a lock of the open file, not of the process, so that threads exclude each other too
        _FCNTL.fcntl(file, _FCNTL.F_OFD_SETLK, struct.pack("hhqqi4x", _FCNTL.F_WRLCK, os.SEEK_SET, number, 1, 0))
    except BlockingIOError:
        return False
    return True


@contextmanager
def _by_session(store: Store, number: int, patience_s: float) -> Iterator[tuple[bool, sa.Connection]]:
    def locked() -> bool:
        with store.call_transaction(connection):
            return bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(number))))

    with store.call_connection() as connection:
        mine = _tried(locked, patience_s)
        try:
            yield mine, connection
        finally:
            if mine:
                _unlock(connection, number)


def _unlock(connection: sa.Connection, number: int) -> None:
    try:
        with connection.begin():
            connection.scalar(sa.select(sa.func.pg_advisory_unlock(number)))
    except UNREACHABLE:
        connection.invalidate()  # its locks end with the session


def _tried(locked: Callable[[], bool], patience_s: float) -> bool:
    until = time.monotonic() + patience_s
    while not locked():
        left_s = until - time.monotonic()
        if left_s <= 0:
            return False
        time.sleep(min(_POLL_S, left_s))
    return True
