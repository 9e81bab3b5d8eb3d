"""The dispatcher: a thread in every worker, of which one at a time works.

The one that holds the lease offers calls to agents, does what is due, and lets the orders to the carrier be carried
out. It keeps nothing in memory, so another goes on within two seconds where it has stopped.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable

from flows.values.units import US_PER_S
from webhooks.dispatch import lease
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.rows import floor_rows
from webhooks.store.database import UNREACHABLE
from webhooks.store.failure_reason import failure_reason

__all__ = ["LEASE", "Dispatcher"]

LEASE = "dispatcher"
_log = logging.getLogger("ivr.floor")
_TURN_S = 0.1
"""Seconds between two looks at the floor; the floor of this process wakes the dispatcher earlier."""
_WAIT_S = 0.4
"""Seconds after which one without the lease asks for it again; also for how long the database is left alone."""


class Dispatcher:
    """Works on the floor while it has the lease.

    Parameters
    ----------
    floor : Floor
    carry_out : callable
        Carries out what is due of the orders to the carrier, without waiting for it.
    due : sequence of callable
        What else the holder of the lease does in each turn, such as offering callbacks that are due.
    """

    def __init__(self, floor: Floor, carry_out: Callable[[], None], due: tuple[Callable[[], None], ...] = ()) -> None:
        self._floor, self._tasks = floor, (*due, carry_out)
        self._holder = secrets.token_hex(16)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._process = 0
        self._failing = False

    def start(self) -> None:
        """Start the thread of this process, if it does not run."""
        if self._process == os.getpid() and self._thread is not None and self._thread.is_alive():
            return
        # Neither a thread nor a lease survives a fork.
        self._process, self._holder = os.getpid(), secrets.token_hex(16)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ivr-dispatcher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread, and let another worker have the lease at once."""
        self._stop.set()
        self._floor.changed.set()
        if self._thread is not None and self._process == os.getpid():
            self._thread.join(timeout=5.0)
            self._thread = None
            try:
                with floor_rows(self._floor.store) as rows:
                    lease.give_up(rows, LEASE, self._holder)
            except UNREACHABLE:
                pass  # it runs out by itself

    def turn(self) -> bool:
        """One look at the floor; False when another worker has the lease. Raises what the database raises."""
        with floor_rows(self._floor.store) as rows:
            lease_us = round(lease.LEASE_S * US_PER_S)
            if not lease.take(rows, LEASE, self._holder, self._floor.now_us, lease_us=lease_us):
                return False
        self._floor.expire()
        self._floor.dispatch()
        for task in self._tasks:
            task()
        return True

    def _run(self) -> None:
        stop = self._stop
        while not stop.is_set():
            self._floor.changed.clear()
            if self._tried():
                self._floor.changed.wait(_TURN_S)
            else:
                stop.wait(_WAIT_S)

    def _tried(self) -> bool:
        """A turn that never raises: the thread must go on."""
        try:
            mine = self.turn()
            if self._failing:
                _log.warning("the floor can be worked on again")
            self._failing = False
            return mine
        except UNREACHABLE as error:
            self._fail(failure_reason(error))
        except Exception as error:
            self._fail(type(error).__name__)
        return False

    def _fail(self, why: str) -> None:
        if not self._failing:
            _log.error("the floor cannot be worked on now (%s); callers wait, and it is tried again", why)
        self._failing = True
