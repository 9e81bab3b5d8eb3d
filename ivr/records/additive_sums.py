"""Counts and sums of records that can be added over replications: what every measure is derived from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
from numpy.typing import NDArray

from ivr.records.definitions.all_measures import COLUMNS

__all__ = ["COLUMN_INDEX", "Sums", "total"]

COLUMN_INDEX = {name: i for i, name in enumerate(COLUMNS)}
"""The index of each sum in the last axis of ``Sums.values``."""


@dataclass(frozen=True)
class Sums:
    """Counts and sums of records, additive over replications.

    Parameters
    ----------
    values : numpy.ndarray of int64, shape (cells, len(COLUMNS))
        Cell 0 is overall; then the queues, the groups and the intervals.
    waits : numpy.ndarray of int64, shape (1 + queues, len(WAIT_BOUNDS_S) + 1)
        Offered callers by the bin of their wait, overall and by queue.
    longest_wait_us : numpy.ndarray of int64, shape (1 + queues,)
        The longest wait in all replications, overall and by queue.
    menu_times : numpy.ndarray of int64, shape (len(WAIT_BOUNDS_S) + 1,)
        Calls that got a line by the bin of their time in the menu, in the same bins.
    queues, groups : tuple of str
    intervals : int
        Number of intervals; 0 when none were asked for.
    interval_us, threshold_us, short_us, callback_us : int
        As given to `ivr.records.measures.sums`.
    thresholds_us : tuple of int
        The threshold of each queue, microseconds.

    Examples
    --------
    >>> from ivr.records.measures import measures, sums
    >>> from ivr.records.tables import empty
    >>> both = sums(empty(horizon_us=10)) + sums(empty(horizon_us=10))
    >>> measures(both)["arrived"], both.column("replications")
    (0.0, 2)
    """

    values: NDArray[np.int64]
    waits: NDArray[np.int64]
    longest_wait_us: NDArray[np.int64]
    menu_times: NDArray[np.int64]
    queues: tuple[str, ...]
    groups: tuple[str, ...]
    intervals: int
    interval_us: int
    threshold_us: int
    short_us: int
    callback_us: int
    thresholds_us: tuple[int, ...]

    def __add__(self, other: Sums) -> Sums:
        shape = (
            "queues",
            "groups",
            "intervals",
            "interval_us",
            "threshold_us",
            "short_us",
            "callback_us",
            "thresholds_us",
        )
        different = [name for name in shape if getattr(self, name) != getattr(other, name)]
        if different:
            raise ValueError(f"sums that differ in {', '.join(different)} cannot be added")
        return Sums(
            self.values + other.values,
            self.waits + other.waits,
            np.maximum(self.longest_wait_us, other.longest_wait_us),
            self.menu_times + other.menu_times,
            *(getattr(self, name) for name in shape),
        )

    def cell(self, *, queue: str | None = None, group: str | None = None, interval: int | None = None) -> int:
        """Return the row of ``values`` for a queue, a group or an interval; default: 0, overall.

        Raises
        ------
        ValueError
            If more than one is given, or if the name or number is unknown.
        """
        if sum(part is not None for part in (queue, group, interval)) > 1:
            raise ValueError("give a queue, a group or an interval, not several")
        if queue is not None:
            return 1 + self.queues.index(queue)
        if group is not None:
            return 1 + len(self.queues) + self.groups.index(group)
        if interval is None:
            return 0
        if not 0 <= interval < self.intervals:
            raise ValueError(f"interval {interval} is not one of 0..{self.intervals - 1}")
        return 1 + len(self.queues) + len(self.groups) + interval

    def column(self, name: str, cell: int = 0) -> int:
        """Return one sum, for example ``column("offered")``."""
        return int(self.values[cell, COLUMN_INDEX[name]])


def total(parts: Sequence[Sums]) -> Sums:
    """Add the sums of several replications.

    Parameters
    ----------
    parts : sequence of Sums
        At least one; with the same queues, groups, intervals and thresholds.

    Raises
    ------
    ValueError
        If they differ in one of these.
    """
    return reduce(add, parts)
