"""Turns local time stamps into elapsed time, including those in hours that the clock shows twice or skips."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulation.arrays import Flags, Times
from simulation.clock.local_time import LocalClock

__all__ = ["Stamps", "in_elapsed_time"]


@dataclass(frozen=True)
class Stamps:
    """How many local time stamps do not name exactly one moment.

    Parameters
    ----------
    twice, skipped : int
        Stamps in times that the clock shows twice, and in times that it skips.
    ordered : bool
        Whether the order of the rows tells the first occurrence from the second.
    line : int
        Line of the first such stamp, in a file with a header line; 0 if there is none.
    """

    twice: int = 0
    skipped: int = 0
    ordered: bool = False
    line: int = 0


def in_elapsed_time(clock: LocalClock, read: Sequence[int | dt.datetime]) -> tuple[list[int], Stamps]:
    """Convert stamps, in row order, to microseconds from the start.

    A time that the clock shows twice means the first occurrence; if the rows are in order of time, those after the step
    back mean the second. A time that the clock skips means the moment of the change.

    Parameters
    ----------
    clock : LocalClock
    read : sequence of int or datetime
        Microseconds from the start, or a date and time on the clock.

    Returns
    -------
    list of int
        Microseconds from the start, one per stamp.
    Stamps
        How many of them were not exact.

    Examples
    --------
    >>> from simulation.clock.local_time import local_clock
    >>> clock = local_clock(dt.datetime(2026, 11, 1), "America/New_York", 86_400)
    >>> stamps = [dt.datetime(2026, 11, 1, 1, minute) for minute in (10, 50, 20)]
    >>> moments, found = in_elapsed_time(clock, stamps)
    >>> [moment / 60e6 for moment in moments], found.twice, found.ordered
    ([70.0, 110.0, 140.0], 3, True)
    """
    found = [one if isinstance(one, int) else 0 for one in read]
    local = {row: clock.wall_of(one) for row, one in enumerate(read) if isinstance(one, dt.datetime)}
    if not local:
        return found, Stamps()
    rows, wall = list(local), np.array(list(local.values()), dtype=np.int64)
    twice, skipped = np.zeros(len(wall), dtype=bool), np.zeros(len(wall), dtype=bool)
    for low, high, is_twice in clock.jumps_of_the_wall:
        inside = (wall >= low) & (wall < high)
        (twice if is_twice else skipped)[inside] = True
    second = _second(wall, twice, most=sum(is_twice for *_, is_twice in clock.jumps_of_the_wall))
    moments = [
        clock.again_us(at) if again else clock.at_us(at)
        for at, again in zip(wall.tolist(), second.tolist(), strict=True)
    ]
    for row, moment in zip(rows, moments, strict=True):
        found[row] = moment
    odd = np.flatnonzero(twice | skipped)
    line = rows[int(odd[0])] + 2 if len(odd) else 0
    return found, Stamps(int(twice.sum()), int(skipped.sum()), bool(second.any()), line)


def _second(wall: Times, twice: Flags, *, most: int) -> Flags:
    """Rows after a step back of the clock, if the rows are in order of time except for one step per clock change."""
    back = np.flatnonzero(np.diff(wall) < 0)
    second = np.zeros(len(wall), dtype=bool)
    if len(back) <= most and np.all(twice[back] & twice[back + 1]):
        for at in back.tolist():
            following = np.flatnonzero(~twice[at + 1 :])
            second[at + 1 : at + 1 + (int(following[0]) if len(following) else len(wall))] = True
    return second
