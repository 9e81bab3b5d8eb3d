"""Sends messages when they are due: a thread in every worker, each message taken by one of them."""

from __future__ import annotations

import datetime as dt
import logging
import os
import threading
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flows.values.units import US_PER_S
from webhooks.effects.text_messages import TextMessages, TryAgainError
from webhooks.store import UNREACHABLE
from webhooks.store.failure_reason import failure_reason
from webhooks.store.later_messages import LaterMessages, OptOuts

__all__ = ["LaterLoop", "within_day"]

_log = logging.getLogger("ivr.effects")
_LOOK_S = 5.0
_AGAIN_US = 60 * US_PER_S
_MOST_TRIES = 10
_SEND_S = 10.0
_STATES = {"stopped": "withdrawn", "no_mobile": "failed"}


def within_day(at_us: int, within: tuple[int, int], zone: str) -> int:
    """A moment, or the next one at which the clock of a zone is within these minutes of the day.

    Parameters
    ----------
    at_us : int
        Microseconds since 1970.
    within : tuple of (int, int)
    zone : str

    Examples
    --------
    >>> three = 1_796_094_000_000_000  # 2026-12-01 03:00 UTC
    >>> [(within_day(three + h * 3_600_000_000, (540, 1200), "UTC") - three) // 3_600_000_000 for h in (0, 6, 17, 18)]
    [6, 6, 30, 30]
    """
    local = dt.datetime.fromtimestamp(at_us / US_PER_S, ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    if within[0] <= minute < within[1]:
        return at_us
    day = local.date() if minute < within[0] else local.date() + dt.timedelta(days=1)
    opens = dt.datetime.combine(day, dt.time(), ZoneInfo(zone)) + dt.timedelta(minutes=within[0])
    return round(opens.timestamp() * US_PER_S)


class LaterLoop:
    """Sends the messages of a line that are due.

    Parameters
    ----------
    messages : LaterMessages
    opted_out : OptOuts
    texts : TextMessages
    zone : callable
        The time zone of the line.
    clock_us : callable
        Microseconds since 1970.
    """

    def __init__(
        self,
        messages: LaterMessages,
        opted_out: OptOuts,
        texts: TextMessages,
        zone: Callable[[], str],
        clock_us: Callable[[], int],
    ) -> None:
        self._messages, self._opted_out, self._texts = messages, opted_out, texts
        self._zone, self._clock_us = zone, clock_us
        self._stop = threading.Event()
        self._process = 0
        self._failing = False

    def start(self) -> None:
        """Start the thread of this process, if it does not run; threads do not survive a fork."""
        if self._process != os.getpid():
            self._process, self._stop = os.getpid(), threading.Event()
            threading.Thread(target=self._run, name="ivr-later", daemon=True).start()

    def stop(self) -> None:
        """Stop the thread."""
        self._stop.set()

    def turn(self) -> int:
        """Send what is due now; returns how many messages were looked at. Raises what the database raises."""
        count = 0
        while not self._stop.is_set() and (row := self._messages.take(self._clock_us())) is not None:
            self._deal_with(row)
            count += 1
        return count

    def _deal_with(self, row: Any) -> None:
        message, now_us = row["message"], self._clock_us()
        first, last = message["within"]
        due_us = within_day(now_us, (first, last), self._zone())
        if due_us > now_us:  # the service was down, or its clock was
            self._messages.done(row, "waiting", now_us, due_us)
        elif self._opted_out.has(row["recipient"]):
            self._messages.done(row, "withdrawn", now_us)
        elif not self._texts.sender(message["channel"]):
            _log.warning("text message of %s: no account to send it from", message["name"])
            self._messages.done(row, "failed", now_us)
        else:
            try:
                state = self._texts.send(row["recipient"], message, _SEND_S)
            except TryAgainError:
                often = row["tries"] >= _MOST_TRIES
                self._messages.done(row, "failed" if often else "waiting", now_us, now_us + _AGAIN_US)
                return
            if state == "stopped":
                self._opted_out.add(row["recipient"], now_us)
            self._messages.done(
                row, {"stopped": "withdrawn", "no_mobile": "failed"}.get(state, state), self._clock_us()
            )

    def _run(self) -> None:
        stop = self._stop
        while not stop.wait(_LOOK_S):
            try:
                self.turn()
                self._failing = False
            except UNREACHABLE as error:
                if not self._failing:
                    _log.warning("messages for later cannot be read now (%s)", failure_reason(error))
                self._failing = True
            except Exception as error:  # the thread must go on
                _log.error("messages for later: %s", type(error).__name__)
