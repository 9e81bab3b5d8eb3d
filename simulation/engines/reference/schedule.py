"""The order of events: SimPy's schedule under the tie rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import simpy

__all__ = ["Happening", "Schedule"]


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
