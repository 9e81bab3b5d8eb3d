"""What one agent more or less does, in every group and interval.

A change in one interval is felt in the one before (callers who wait across its edge) and for some time after. So the
intervals of a group that lie `APART` intervals from each other are changed in one run, and what differs around each of
them is put down to it: a quarter of the runs, on the same callers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ivr.records.definitions.all_measures import COLUMNS
from simulation.arrays import Ints
from simulation.staffing.days import Days, Levels
from simulation.staffing.score import Layout

__all__ = ["APART", "Change", "changes", "runs"]

APART = 4
_NOT_A_SUM = ("replications", "horizon_us", "longest_wait_us")


class Change(NamedTuple):
    """The sums of all days with one agent more or less."""

    group: int
    interval: int
    values: Ints


def runs(cells: tuple[int, ...]) -> int:
    """How many times `changes` simulates all days at most, for so many groups and intervals.

    >>> runs((6, 24)), runs((2, 3))
    (24, 6)
    """
    groups, intervals = cells
    return groups * min(APART, intervals)


def changes(days: Days, levels: Levels, layout: Layout, *, step: int, limits: Ints) -> Iterator[Change]:
    """Change each group and interval by `step` agents; those that would go below 0 or beyond a limit are left out.

    Parameters
    ----------
    days : Days
    levels : numpy.ndarray
        i8[groups, intervals].
    layout : Layout
    step : int
        1 or -1.
    limits : numpy.ndarray
        i8[groups]: most agents of each group.
    """
    base = days.values(levels)
    for group in range(len(levels)):
        for residue in range(min(APART, levels.shape[1])):
            at = [i for i in range(residue, levels.shape[1], APART) if 0 <= levels[group, i] + step <= limits[group]]
            if not at:
                continue
            other = levels.copy()
            other[group, at] += step
            values = days.values(other)
            if len(at) == 1:
                yield Change(group, at[0], values)
            else:
                yield from _apart(base, values, group, at, layout, before=levels.shape[1] - layout.intervals)


def _apart(base: Ints, values: Ints, group: int, at: list[int], layout: Layout, *, before: int) -> Iterator[Change]:
    """What each of several changes did: the difference around it; queues and groups get their part of it."""
    first = layout.first_interval
    difference = values - base
    difference[:, :, [COLUMNS.index(name) for name in _NOT_A_SUM]] = 0
    weights = np.array([np.abs(difference[:, _around(i, layout, before)]).sum() for i in at], dtype=float)
    parts = weights / weights.sum() if weights.any() else np.full(len(at), 1 / len(at))
    for i, part in zip(at, parts.tolist(), strict=True):
        around = _around(i, layout, before)
        made = base.copy()
        made[:, around] += difference[:, around]
        made[:, 0] += difference[:, around].sum(axis=1)
        made[:, 1:first] += np.rint(difference[:, 1:first] * part).astype(np.int64)
        yield Change(group, i, made)


def _around(interval: int, layout: Layout, before: int) -> slice:
    """The rows of the intervals around one: the one before, it, and those after until the next that is changed."""
    row = layout.first_interval - before + interval
    return slice(max(row - 1, layout.first_interval), max(row + APART - 1, layout.first_interval))
