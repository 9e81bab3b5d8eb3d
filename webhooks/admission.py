"""Whether a new call is let in: while requests have to wait for long, those who are on the line already go first.

How long a request has waited for a thread is measured, not guessed: the kernel knows when the last byte of it came, and it waits
in the kernel until a thread takes it. Elsewhere than on Linux, and on a Unix socket, that is not known, and everybody is let in.

Source of the rule, a queue that stands for an interval and not one that drains: Nichols & Jacobson, Controlling Queue Delay,
ACM Queue 10(5), 2012. Source of the measure: tcp(7), ``TCP_INFO``; linux/tcp.h, ``tcpi_last_data_recv``.
"""

from __future__ import annotations

import logging
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["LONG_S", "Admission", "waited_s"]

_log = logging.getLogger("ivr.calls")
LONG_S = 0.5
"""Whoever has waited for so long has found a queue."""
_BURST_S = 1.0
"""A queue that is gone again after so long was a burst, which is answered."""
_ALERT_S = 10.0
"""So long after the last long wait the next one is no burst, but the same flood."""
_LAST_DATA_RECV = 52
"""Where ``struct tcp_info`` has it: eight bytes and eleven numbers of four bytes come before."""


def waited_s(environ: Mapping[str, Any]) -> float:
    """How long ago a request had come in completely; 0 where the system does not say.

    Parameters
    ----------
    environ : mapping
        Of WSGI, as gunicorn makes it.

    Examples
    --------
    >>> waited_s({})
    0.0
    """
    connection = environ.get("gunicorn.socket")
    if connection is None or sys.platform != "linux" or connection.family not in (socket.AF_INET, socket.AF_INET6):
        return 0.0
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAST_DATA_RECV + 4)
    return float(struct.unpack_from("I", info, _LAST_DATA_RECV)[0]) / 1_000


class Admission:
    """Looks at every request of one worker, and says when new calls must be refused so that others are answered in time.

    Parameters
    ----------
    clock_s : callable
        Seconds of a clock that is never set.

    Examples
    --------
    >>> now = 100.0
    >>> door = Admission(clock_s=lambda: now)
    >>> door.full(0.6), door.full(0.3), door.full(1.6)
    (False, False, True)
    """

    def __init__(self, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._stands_since = self._seen = self._alert_until = float("-inf")
        self._stands = self._alert = False

    def full(self, waited_s: float) -> bool:
        """Whether a new call is to be refused, by how long this request has waited.

        Parameters
        ----------
        waited_s : float
            Of a request, whether it is a new call's or not.
        """
        now = self._clock_s()
        with self._lock:
            if self._alert and now > self._alert_until:
                self._alert = False
                _log.warning("new calls are let in again")
            if waited_s < LONG_S:
                self._stands = False
                return False
            if not self._stands or now - self._seen > _BURST_S:
                # Who has waited longer than it takes to be noticed has seen it stand.
                self._stands, self._stands_since = True, now - (waited_s - LONG_S)
            self._seen = now
            if not self._alert and now - self._stands_since < _BURST_S:
                return False
            if not self._alert:
                self._alert = True
                _log.warning("more calls than can be answered: new ones hear that the line is busy (a request waited %.1f s)", waited_s)
            self._alert_until = now + _ALERT_S
            return True
