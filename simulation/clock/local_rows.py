"""The intervals of days by a zone's clock: a day on which clocks change has an hour more or less."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from flows.values.units import US_PER_S
from simulation.arrays import Floats, Ints
from simulation.clock.local_time import local_clock

__all__ = ["local_rows", "mean_of_both", "usual_days"]


def local_rows(dates: Sequence[dt.date], interval_s: float, zone: str) -> tuple[Ints, Ints]:
    """The day and the interval of the day of each row, in order of time, as a scenario counts its intervals.

    Examples
    --------
    The last Sunday of October in Berlin has 25 hours, and 02:00 twice:

    >>> days, places = local_rows([dt.date(2026, 10, 25)], 3600, "Europe/Berlin")
    >>> len(days), places[:5].tolist()
    (25, [0, 1, 2, 2, 3])
    """
    clock = local_clock(dt.datetime.combine(dates[0], dt.time()), zone, 86_400.0 * len(dates))
    cut = clock.intervals(round(interval_s * US_PER_S))
    return np.asarray(clock.day(cut.edges_us[:-1])), np.asarray(cut.number % round(86_400 / interval_s))


def mean_of_both(sums: Floats, rows: Ints, dates: Sequence[dt.date], interval_s: float, zone: str) -> Floats:
    """Sums of rows by day and interval, with the mean of both where the clock shows an interval twice.

    Parameters
    ----------
    sums : numpy.ndarray
        f8[days, intervals].
    rows : numpy.ndarray
        i8[days, intervals]. How many rows each sum is of; a sum of one row, or of more than two, stays.
    dates : sequence of date
    interval_s : float
    zone : str
        Empty for UTC.

    Examples
    --------
    >>> hours = np.full((1, 24), 6.0)
    >>> both = mean_of_both(hours, np.full((1, 24), 2), [dt.date(2026, 11, 1)], 3600, "America/New_York")
    >>> both[0, :4].tolist()
    [6.0, 3.0, 6.0, 6.0]
    """
    times = np.zeros(sums.shape, dtype=np.int64)
    np.add.at(times, local_rows(dates, interval_s, zone or "UTC"), 1)
    return np.where((times == 2) & (rows == 2), sums / 2, sums)


def usual_days(values: Floats, days: Ints, places: Ints, shape: tuple[int, int]) -> Floats:
    """Values of rows as those of days without clock changes.

    An interval that the clock shows twice has the mean of both. One that it skips has what those beside it on that day
    suggest, so that an hour that never was is no hour without calls.

    Parameters
    ----------
    values : numpy.ndarray
        f8[rows], such as calls.
    days, places : numpy.ndarray
        i8[rows]. The day and the interval of the day of each row, in order of time.
    shape : tuple of int
        Days, and intervals of a day.

    Returns
    -------
    numpy.ndarray
        f8[days, intervals]. Zero before the first row and after the last.

    Examples
    --------
    Of four intervals, the clock skips the second on one day, and shows it twice on the next:

    >>> days, places = np.array([0, 0, 0, 1, 1, 1, 1, 1]), np.array([0, 2, 3, 0, 1, 1, 2, 3])
    >>> usual_days(np.array([8.0, 4, 2, 8, 7, 5, 4, 2]), days, places, (2, 4)).tolist()
    [[8.0, 6.0, 4.0, 2.0], [8.0, 6.0, 4.0, 2.0]]
    """
    a_day, size = shape[1], shape[0] * shape[1]
    cells = days * a_day + places
    times = np.bincount(cells, minlength=size)
    found = np.bincount(cells, values, size) / np.maximum(times, 1)
    skipped = np.flatnonzero(times == 0)
    for cell in skipped[(skipped > cells.min()) & (skipped < cells.max())].tolist():
        known = cells[days == cell // a_day]
        if len(known):
            found[cell] = np.interp(cell, known, found[known])
    return np.asarray(found.reshape(shape))
