"""Measures by day, of a horizon of several: the sums of a day's intervals, added up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ivr.measure_table import COLUMNS
from ivr.measures import Sums
from simulation.estimates import Estimate, estimate

__all__ = ["by_day"]


def by_day(parts: Sequence[Sums], dates: Sequence[dt.date], *, confidence: float = 0.95) -> list[tuple[dt.date, dict[str, Estimate]]]:
    """Return every measure of each date.

    Parameters
    ----------
    parts : sequence of Sums
        One for each replication, with intervals.
    dates : sequence of date
        That of each interval; an interval that crosses midnight belongs to the date on which it begins.
    confidence : float

    Examples
    --------
    >>> from ivr.measures import sums
    >>> from ivr.records import empty
    >>> day = dt.date(2026, 11, 24)
    >>> two = [sums(empty(horizon_us=4), interval_us=1)]
    >>> [str(date) for date, _ in by_day(two, [day, day, day, day + dt.timedelta(days=1)])]
    ['2026-11-24', '2026-11-25']
    """
    days = list(dict.fromkeys(dates))
    rows = [[i for i, date in enumerate(dates) if date == day] for day in days]
    merged = [_merged(part, rows) for part in parts]
    return [(day, estimate(merged, interval=i, confidence=confidence)) for i, day in enumerate(days)]


def _merged(part: Sums, rows: Sequence[Sequence[int]]) -> Sums:
    """The sums with one interval for each set of intervals."""
    first = part.cell(interval=0)
    added = np.stack([part.values[first:][of].sum(axis=0) for of in rows])
    added[:, COLUMNS.index("replications")] = part.column("replications")  # the one that is no sum of a stretch of time
    return replace(part, values=np.vstack([part.values[:first], added]), intervals=len(rows))
