"""The order of events: SimPy's schedule under the tie rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import simpy

__all__ = [
    "ABANDONMENT", "ARRIVAL", "CALL_BACK_AGAIN", "CLOSING", "Happening", "LIMIT", "MENU_END", "OVERFLOW", "RELEASE", "SHIFT_OFF",
    "SHIFT_ON", "Schedule", "TALK_END",
]

# Priorities of SimPy's schedule: kind * 2**40 + id, so that one number orders both.
(CLOSING, TALK_END, RELEASE, SHIFT_ON, SHIFT_OFF, ARRIVAL, MENU_END, OVERFLOW, CALL_BACK_AGAIN, LIMIT, ABANDONMENT) = (
    kind << 40 for kind in range(11))


class Happening(simpy.Event):
    """An event that is scheduled as it is made: what to call, and whom it is about."""

    def __init__(self, act, subject) -> None:
        # Not Event.__init__: this event has a value from the start, as simpy.Timeout does.
        self.callbacks = [act]
        self._ok = True
        self._value = None
        self.subject = subject


class Schedule:
    """A clock in whole microseconds and what is to happen."""

    def __init__(self) -> None:
        self.env = simpy.Environment()

    def at(self, time_us: int, priority: int, act: Callable[[Happening], None], subject: Any) -> Happening:
        """Let something happen: ``act(happening)``, at a time, in its place by kind and id."""
        env = self.env
        happening = Happening(act, subject)
        env.schedule(happening, priority, time_us - env.now)
        return happening
