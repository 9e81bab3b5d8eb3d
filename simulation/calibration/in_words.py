"""Estimates in words, for comments in scenarios and for people."""

from __future__ import annotations

import math

from flows.display.numbers import count, duration, share
from simulation.calibration.estimated import Estimated

__all__ = ["between", "counted", "shared", "timed"]


def timed(of: Estimated) -> str:
    """A time with its interval.

    >>> timed(Estimated(196.1, 193.0, 199.2))
    '3 min 16 s (3 min 13 s to 3 min 19 s)'
    """
    return f"{duration(of.value)} {between(of, duration)}".rstrip()


def shared(of: Estimated) -> str:
    """A share with its interval.

    >>> shared(Estimated(0.25, 0.2, 0.3))
    '25 % (20 % to 30 %)'
    """
    return f"{share(of.value)} {between(of, share)}".rstrip()


def counted(of: Estimated) -> str:
    """A number with its interval.

    >>> counted(Estimated(1559.0, 1330.0, math.inf))
    '1,559 (1,330 or more)'
    """
    return f"{_whole(of.value)} {between(of, _whole)}".rstrip()


def _whole(value: float) -> str:
    return count(round(value)) if value >= 20 else f"{value:.2g}"


def between(of: Estimated, write: object) -> str:
    """The ends of an interval, in brackets; nothing when there is none."""
    assert callable(write)
    if of.low == of.high:
        return ""
    if math.isinf(of.high):
        return f"({write(of.low)} or more)"
    return f"({write(of.low)} to {write(of.high)})"
