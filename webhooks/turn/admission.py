"""Refuses new calls while requests wait too long, so that calls in progress go first.

The measure is how long a request has waited for a thread: it waits in the kernel, which knows when its last byte
arrived. Outside Linux, and on a Unix socket, this is unknown, and every call is accepted.

A queue counts when it persists for an interval, not when it drains. Source: Nichols & Jacobson, Controlling Queue
Delay,
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

from webhooks.twilio.twiml import PUT_OFF_S

__all__ = ["LONG_S", "Admission", "waited_s"]

_log = logging.getLogger("ivr.calls")
LONG_S = 0.5
"""A request that waited this long met a queue."""
_BURST_S = 1.0
"""A queue that is gone after this time was a burst, and no call is refused."""
_ALERT_S = 10.0
"""Within this time after a long wait, the next long wait counts as the same flood, not as a new burst."""
_SOME, _MOST = 0.25, 0.5
"""Shares of effects that found no room: from the first on, no request waits for room; above the second, new calls are
refused.
"""
_PATIENCE_S = 0.2
_LAST = 8
"""Number of recent effects over which the share is averaged."""
_FRESH_S = 2 * PUT_OFF_S
"""Seconds after which the share is out of date: calls that were put off have returned by then."""
_LAST_DATA_RECV = 52
"""Offset in ``struct tcp_info``: after eight bytes and eleven numbers of four bytes."""


def waited_s(environ: Mapping[str, Any]) -> float:
    """Seconds since a request arrived completely; 0 where the system does not say.

    Parameters
    ----------
    environ : mapping
        The WSGI environment, as gunicorn makes it.

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
    """Watches the requests of one worker, and says when new calls must be refused so that others are answered in time.

    Parameters
    ----------
    clock_s : callable
        Gives seconds of a monotonic clock.

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
        """Seconds that a request may wait for room for an effect: 0 when others wait behind it, or found no room.

        Parameters
        ----------
        waited_s : float
            How long this request waited for a thread.
        """
        return _PATIENCE_S if waited_s < _PATIENCE_S / 2 and self._put_off < _SOME else 0.0

    def full(self, waited_s: float) -> bool:
        """Whether new calls are refused now.

        Parameters
        ----------
        waited_s : float
            How long this request waited for a thread, whether or not it starts a call.
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
                # The queue has existed for as long as this request waited beyond LONG_S.
                self._stands, self._stands_since = True, now - (waited_s - LONG_S)
            self._seen = now
            if not self._alert and now - self._stands_since < _BURST_S:
                return False
            self._raise_alert(now, f"a request waited {waited_s:.1f} s")
            return True

    def asked(self, *, found_room: bool) -> None:
        """Note whether an effect found room, or was put off because too many are under way."""
        now = self._clock_s()
        with self._lock:
            before = self._put_off if now - self._asked < _FRESH_S else 0.0
            self._put_off, self._asked = before + ((not found_room) - before) / _LAST, now
            if self._put_off > _MOST:
                self._raise_alert(now, "services are too slow for so many calls")

    def _calm_down(self, now: float) -> None:
        if self._alert and now > self._alert_until:
            self._alert = False
            _log.warning("new calls are let in again")

    def _raise_alert(self, now: float, why: str) -> None:
        if not self._alert:
            _log.warning("more calls than can be answered: new ones hear a busy tone (%s)", why)
        self._alert, self._alert_until = True, now + _ALERT_S
