"""Writes records from a thread of its own, so that no call waits for the database."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from webhooks.records.changes import Change

__all__ = ["Journal"]

_log = logging.getLogger("ivr.records")
_FIRST_CHORE_S, _CHORE_EVERY_S = 60.0, 3_600.0
_GLANCE_EVERY_S, _IDLE_S = 1.0, 30.0


def _kind(error: Exception) -> str:
    return type(error).__name__


class Journal:
    """Writes changes in batches, from a thread of its own; no call waits for it or fails because of it.

    Parameters
    ----------
    write : callable
        Takes a batch, and raises when it cannot be written now; the batch is then kept and tried again.
    capacity : int
        Changes kept while nothing can be written; beyond that the oldest are dropped, which is logged.
    pause_s : float
        Seconds during which changes are collected into a batch.
    chore : callable, optional
        Called in this thread a minute after the first call of a process, and then every hour.
    glance : callable, optional
        Called in this thread after each batch, and every half minute when there is none.
    reason : callable, optional
        Gives the reason for a failure, for the log; default: the class of the error.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Change]], None],
        *,
        capacity: int = 50_000,
        pause_s: float = 0.1,
        chore: Callable[[], object] = tuple,
        glance: Callable[[], object] = tuple,
        reason: Callable[[Exception], str] = _kind,
    ) -> None:
        self._write, self._reason = write, reason
        self._capacity = capacity
        self._pause_s = pause_s
        self._chore, self._glance = chore, glance
        self._waiting: deque[Change] = deque()
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._process = 0
        self._failing = self._blind = False

    def add(self, new: Sequence[Change]) -> None:
        """Queue changes to be written soon."""
        if not new:
            return
        with self._lock:
            self._waiting.extend(new)
            surplus = len(self._waiting) - self._capacity
            for _ in range(surplus):
                self._waiting.popleft()
        if surplus > 0:
            _log.error("records: %d changes dropped, the database has been out of reach for too long", surplus)
        if self._process != os.getpid():
            # A thread does not survive a fork, so each process starts its own with its first call.
            self._process = os.getpid()
            threading.Thread(target=self._run, name="ivr-journal", daemon=True).start()
            atexit.register(self.flush)
        if not self._wake.is_set():
            self._wake.set()

    def flush(self) -> bool:
        """Write the waiting changes now; False when that fails."""
        with self._writing:
            with self._lock:
                batch = tuple(self._waiting)
                self._waiting.clear()
            if not batch:
                return True
            try:
                self._write(batch)
            except Exception as error:  # whatever the database does, calls go on
                with self._lock:
                    self._waiting.extendleft(reversed(batch))
                if not self._failing:
                    _log.warning(
                        "records: cannot be written now (%s); calls go on, records are kept", self._reason(error)
                    )
                self._failing = True
                return False
            if self._failing:
                _log.warning("records: can be written again")
            self._failing = False
            return True

    def _run(self) -> None:
        next_glance, next_chore = 0.0, time.monotonic() + _FIRST_CHORE_S
        while True:
            if self._wake.wait(_IDLE_S):
                self._wake.clear()
                time.sleep(self._pause_s)
                while not self.flush():
                    time.sleep(1.0)
            if time.monotonic() >= next_glance:
                next_glance = time.monotonic() + _GLANCE_EVERY_S
                self._do_glance()
            if time.monotonic() >= next_chore:
                next_chore = time.monotonic() + _CHORE_EVERY_S
                self._do_chore()

    def _do_glance(self) -> None:
        try:
            self._glance()
            self._blind = False
        except Exception as error:  # tried again soon; the thread must go on
            if not self._blind:
                _log.info("records: cannot see now whether a caller was erased (%s)", type(error).__name__)
            self._blind = True

    def _do_chore(self) -> None:
        try:
            self._chore()
        except Exception as error:  # tried again in an hour; the thread must go on
            _log.warning("records: old rows cannot be deleted now (%s)", type(error).__name__)
