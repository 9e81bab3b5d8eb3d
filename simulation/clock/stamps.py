"""Local stamps of calls: when they were, also in the hours that the clock shows twice or skips."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulation.clock.local_time import LocalClock

__all__ = ["Stamps", "in_elapsed_time"]


@dataclass(frozen=True)
class Stamps:
    """Local stamps that do not name one moment.

    Parameters
    ----------
    twice, skipped : int
        Stamps of times that the clock shows twice, and of times that it skips.
    ordered : bool
        Whether the order of the rows tells the first of two from the second.
    line : int
        Of the first such stamp, in a file with one line of names; 0 when there is none.
    """

    twice: int = 0
    skipped: int = 0
    ordered: bool = False
    line: int = 0


def in_elapsed_time(clock: LocalClock, read: Sequence[int | dt.datetime]) -> tuple[list[int], Stamps]:
    """Moments, from stamps in order of the rows.

    A time that the clock shows twice is the first; where rows stand in order of time, those after the step back are the
    second. A time that is skipped is the moment of the jump.

    Parameters
    ----------
    clock : LocalClock
    read : sequence of int or datetime
        Microseconds from the start, or a date and time of the clock.

    Examples
    --------
    >>> from simulation.clock.local_time import local_clock
    >>> clock = local_clock(dt.datetime(2026, 11, 1), "America/New_York", 86_400)
    >>> stamps = [dt.datetime(2026, 11, 1, 1, minute) for minute in (10, 50, 20)]
    >>> moments, found = in_elapsed_time(clock, stamps)
    >>> [moment / 60e6 for moment in moments], found.twice, found.ordered
    ([70.0, 110.0, 140.0], 3, True)
    """
    local = np.array([isinstance(one, dt.datetime) for one in read], dtype=bool)
    if not local.any():
        return list(read), Stamps()  # type: ignore[arg-type]
    rows = np.flatnonzero(local)
    wall = np.array([clock.wall_of(read[row]) for row in rows.tolist()], dtype=np.int64)  # type: ignore[arg-type]
    twice, skipped = np.zeros(len(wall), dtype=bool), np.zeros(len(wall), dtype=bool)
    for low, high, is_twice in clock.jumps_of_the_wall:
        inside = (wall >= low) & (wall < high)
        (twice if is_twice else skipped)[inside] = True
    second = _second(wall, twice, most=sum(is_twice for *_, is_twice in clock.jumps_of_the_wall))
    moments = [clock.again_us(at) if again else clock.at_us(at) for at, again in zip(wall.tolist(), second.tolist())]
    found = list(read)
    for row, moment in zip(rows.tolist(), moments):
        found[row] = moment
    odd = np.flatnonzero(twice | skipped)
    line = int(rows[odd[0]]) + 2 if len(odd) else 0
    return found, Stamps(int(twice.sum()), int(skipped.sum()), bool(second.any()), line)  # type: ignore[return-value]


def _second(wall: np.ndarray, twice: np.ndarray, *, most: int) -> np.ndarray:
    """Rows that stand behind a step back of the clock, where all rows are in order of time but for one such step a
    change.
    """
    back = np.flatnonzero(np.diff(wall) < 0)
    second = np.zeros(len(wall), dtype=bool)
    if len(back) <= most and np.all(twice[back] & twice[back + 1]):
        for at in back.tolist():
            following = np.flatnonzero(~twice[at + 1 :])
            second[at + 1 : at + 1 + (int(following[0]) if len(following) else len(wall))] = True
    return second
