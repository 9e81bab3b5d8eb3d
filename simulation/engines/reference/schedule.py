"""Events in the order of the tie rule, on SimPy's clock of whole microseconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import simpy

__all__ = ["Happening", "at"]

S = TypeVar("S")


class Happening(simpy.Event, Generic[S]):
    """An event that is scheduled when it is created.

    Parameters
    ----------
    act : callable
        Called with this event when it happens.
    subject : object
        What it is about: a call, a visit or an agent.
    time_us : int
        When it happens.
    """

    def __init__(self, act: Callable[[Any], None], subject: S, time_us: int) -> None:
        # Not Event.__init__: this event has a value from the start, as simpy.Timeout does.
        self.callbacks = [act]
        self._ok = True
        self._value = None
        self.subject = subject
        self.time_us = time_us


def at(
    env: simpy.Environment, time_us: int, priority: int, act: Callable[[Happening[S]], None], subject: S
) -> Happening[S]:
    """Schedule ``act``; among events at the same moment, the smallest priority (kind + id) comes first."""
    happening = Happening(act, subject, time_us)
    env.schedule(happening, priority, time_us - env.now)  # type: ignore[arg-type]  # SimPy has its own priority type
    return happening
