"""The exchange's clock, and what happens when on it: a clock that jumps, for tests, and the real one, at any rate."""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Protocol

__all__ = ["Action", "RealTime", "Time", "VirtualTime"]

Action = Callable[[], object]
_log = logging.getLogger("ivr.calls")


class Time(Protocol):
    """A clock in seconds from 0, and its appointments."""

    @property
    def now_s(self) -> float:
        """Seconds since the exchange began."""
        ...

    def at(self, at_s: float, action: Action) -> None:
        """Carry out an action at this time, or as soon as possible after it."""
        ...


class VirtualTime:
    """A clock that jumps to the next appointment: the same in every run.

    Examples
    --------
    >>> time, rung = VirtualTime(), []
    >>> time.at(20.0, lambda: rung.append(time.now_s))
    >>> time.run_until(60.0)
    >>> rung, time.now_s
    ([20.0], 60.0)
    """

    def __init__(self) -> None:
        self.now_s = 0.0
        self._due: list[tuple[float, int, Action]] = []
        self._serial = count()

    def at(self, at_s: float, action: Action) -> None:
        """Carry out an action at this time; of those at the same time, the first stated comes first."""
        heapq.heappush(self._due, (max(at_s, self.now_s), next(self._serial), action))

    def run_until(self, end_s: float) -> None:
        """Let time pass until then, with everything that is due."""
        while self._due and self._due[0][0] <= end_s:
            at_s, _, action = heapq.heappop(self._due)
            self.now_s = max(self.now_s, at_s)
            action()
        self.now_s = max(self.now_s, end_s)


class RealTime:
    """The real clock, or one that runs faster; actions are carried out side by side.

    Parameters
    ----------
    rate : float
        Seconds of the exchange in a real second.
    workers : int
        Most actions at the same time; one may wait for the answer of a service.
    """

    def __init__(self, rate: float = 1.0, workers: int = 32) -> None:
        self.rate = rate
        self._began = time.monotonic()
        self._due: list[tuple[float, int, Action]] = []
        self._serial = count()
        self._changed = threading.Condition()
        self._stopped = False
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="exchange")
        self._thread: threading.Thread | None = None

    @property
    def now_s(self) -> float:
        """Seconds since the exchange began."""
        return (time.monotonic() - self._began) * self.rate

    def at(self, at_s: float, action: Action) -> None:
        """Carry out an action at this time, or as soon as a worker is free."""
        with self._changed:
            if self._stopped:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="exchange clock", daemon=True)
                self._thread.start()
            heapq.heappush(self._due, (at_s, next(self._serial), action))
            if self._due[0][2] is action:
                self._changed.notify()

    def stop(self) -> None:
        """Forget all appointments; actions that have begun come to their end."""
        with self._changed:
            self._stopped = True
            self._due.clear()
            self._changed.notify()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._stopped:
                    return
                left_s = (self._due[0][0] - self.now_s) / self.rate if self._due else None
                if left_s is None or left_s > 0:
                    self._changed.wait(left_s)
                    continue
                _, _, action = heapq.heappop(self._due)
                self._pool.submit(_carried_out, action)


def _carried_out(action: Action) -> None:
    try:
        action()
    except Exception as error:  # one call must not stop the others
        _log.exception("the exchange failed: %s", type(error).__name__)
