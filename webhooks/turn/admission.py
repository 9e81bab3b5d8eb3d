"""Whether a new call is let in: while requests have to wait for long, those who are on the line already go first.

How long a request has waited for a thread is measured, not guessed: the kernel knows when the last byte of it came, and
it waits in the kernel until a thread takes it. Elsewhere than on Linux, and on a Unix socket, that is not known, and
everybody is let in.

Source of the rule, a queue that stands for an interval and not one that drains: Nichols & Jacobson, Controlling Queue
Delay, ACM Queue 10(5), 2012. Source of the measure: tcp(7), ``TCP_INFO``; linux/tcp.h, ``tcpi_last_data_recv``.
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

from webhooks.twilio.twiml import PUT_OFF_S

__all__ = ["LONG_S", "Admission", "waited_s"]

_log = logging.getLogger("ivr.calls")
LONG_S = 0.5
"""Whoever has waited for so long has found a queue."""
_BURST_S = 1.0
"""A queue that is gone again after so long was a burst, which is answered."""
_ALERT_S = 10.0
"""So long after the last long wait the next one is no burst, but the same flood."""
_SOME, _MOST = 0.25, 0.5
"""Shares of those who wanted a service asked and found no room: from the one on nobody waits for it, above the other
nobody new is let in.
"""
_PATIENCE_S = 0.2
_LAST = 8
"""About so many count."""
_FRESH_S = 2 * PUT_OFF_S
"""Whoever was put off has come again by then."""
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
    """Looks at every request of one worker, and says when new calls must be refused so that others are answered in
    time.

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
        self._stands_since = self._seen = self._alert_until = self._asked = float("-inf")
        self._put_off = 0.0
        self._stands = self._alert = False

    def patience_s(self, waited_s: float) -> float:
        """How long a request may wait for room to have a service asked: not at all where others wait behind it, or
        found none.

        Parameters
        ----------
        waited_s : float
            Of this request.
        """
        return _PATIENCE_S if waited_s < _PATIENCE_S / 2 and self._put_off < _SOME else 0.0

    def full(self, waited_s: float) -> bool:
        """Whether a new call is to be refused, by how long this request has waited.

        Parameters
        ----------
        waited_s : float
            Of a request, whether it is a new call's or not.
        """
        now = self._clock_s()
        with self._lock:
            self._calm_down(now)
            if self._put_off > _MOST and now - self._asked < _FRESH_S:
                return True
            if waited_s < LONG_S:
                self._stands = False
                return False
            if not self._stands or now - self._seen > _BURST_S:
                # Who has waited longer than it takes to be noticed has seen it stand.
                self._stands, self._stands_since = True, now - (waited_s - LONG_S)
            self._seen = now
            if not self._alert and now - self._stands_since < _BURST_S:
                return False
            self._raise_alert(now, f"a request waited {waited_s:.1f} s")
            return True

    def asked(self, *, found_room: bool) -> None:
        """Somebody has found room to have a service asked, or is put off because all that may be under way at once
        is.
        """
        now = self._clock_s()
        with self._lock:
            before = self._put_off if now - self._asked < _FRESH_S else 0.0
            self._put_off, self._asked = before + ((not found_room) - before) / _LAST, now
            if self._put_off > _MOST:
                self._raise_alert(now, "services that are asked are too slow for so many")

    def _calm_down(self, now: float) -> None:
        if self._alert and now > self._alert_until:
            self._alert = False
            _log.warning("new calls are let in again")

    def _raise_alert(self, now: float, why: str) -> None:
        if not self._alert:
            _log.warning("more calls than can be answered: new ones hear that the line is busy (%s)", why)
        self._alert, self._alert_until = True, now + _ALERT_S
