"""Draws which callers make another call, if the one before ends so, and how long after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivr.records.schema import NEVER
from simulation.arrays import Flags, Floats, Ints, Times
from simulation.sampling.purposes import AGAIN_AFTER, AGAIN_AFTER_HANDLED, AGAIN_SHARE
from simulation.scenario.calling_again import CallingAgain
from simulation.tables.call_table import microseconds

__all__ = ["CallsAgain", "draw_calls_again"]


@dataclass(frozen=True)
class CallsAgain:
    """The k-th calls of all callers, k from 2.

    Parameters
    ----------
    retry_us, repeat_us : numpy.ndarray
        i8[callers]. From the end of the call before to this one: if it was not served, and if it was handled; NEVER for
        callers who do not call then.
    """

    retry_us: Times
    repeat_us: Times

    @property
    def calls(self) -> Flags:
        """b1[callers]: who makes the call, if the one before ends so."""
        return np.asarray((self.retry_us < NEVER) | (self.repeat_us < NEVER))

    @property
    def looked_up_us(self) -> Times:
        """When opening hours and lists by interval are looked up; for callers who would call either way, as if handled,
        which is the usual end.
        """
        return np.where(self.repeat_us < NEVER, self.repeat_us, self.retry_us)


def draw_calls_again(again: Sequence[CallingAgain], intent: Ints, u: Floats, number: int) -> CallsAgain:
    """Draw the calls with this number.

    Parameters
    ----------
    again : sequence of CallingAgain
        By intent.
    intent : numpy.ndarray
        i2[callers].
    u : numpy.ndarray
        f8[callers, lanes].
    number : int
        From 2.
    """
    retry, repeat = np.full(len(intent), NEVER), np.full(len(intent), NEVER)
    for code, of in enumerate(again):
        if number > of.attempts:
            continue
        tries = np.flatnonzero((intent == code) & (u[:, AGAIN_SHARE] < of.share))
        retry[tries] = microseconds(of.after.draw(u[tries, AGAIN_AFTER]))
        if of.after_handled is not None:
            comes = np.flatnonzero((intent == code) & (u[:, AGAIN_SHARE] >= of.handled_from))
            repeat[comes] = microseconds(of.after_handled.draw(u[comes, AGAIN_AFTER_HANDLED]))
    return CallsAgain(retry, repeat)
