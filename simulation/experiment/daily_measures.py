"""Measures by day and by time of day, of a horizon of several days: the sums of intervals, added up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ivr.records.definitions import COLUMNS
from ivr.records.measures import Sums
from simulation.experiment.estimates import Estimate, estimate

__all__ = ["TimeOfDay", "by_day", "by_time_of_day"]


def by_day(
    parts: Sequence[Sums], dates: Sequence[dt.date], *, confidence: float = 0.95
) -> list[tuple[dt.date, dict[str, Estimate]]]:
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
    >>> from ivr.records.measures import sums
    >>> from ivr.records.tables import empty
    >>> day = dt.date(2026, 11, 24)
    >>> two = [sums(empty(horizon_us=4), interval_us=1)]
    >>> [str(date) for date, _ in by_day(two, [day, day, day, day + dt.timedelta(days=1)])]
    ['2026-11-24', '2026-11-25']
    """
    days = list(dict.fromkeys(dates))
    rows = [[i for i, date in enumerate(dates) if date == day] for day in days]
    merged = [_merged(part, rows) for part in parts]
    return [(day, estimate(merged, interval=i, confidence=confidence)) for i, day in enumerate(days)]


@dataclass(frozen=True)
class TimeOfDay:
    """What the same stretch of the clock brings on several days.

    Parameters
    ----------
    time : datetime.time
        When it begins.
    days : int
        On how many dates the clock shows it.
    measures : dict of str to Estimate
        Counts are those of a day on average; shares and means are of all the days together.
    """

    time: dt.time
    days: int
    measures: dict[str, Estimate]


def by_time_of_day(
    parts: Sequence[Sums], begins: Sequence[dt.datetime], *, confidence: float = 0.95
) -> list[TimeOfDay]:
    """Return every measure of each stretch of the clock, all days together, in order of the clock.

    Parameters
    ----------
    parts : sequence of Sums
        One for each replication, with intervals.
    begins : sequence of datetime
        When each interval begins, by the clock. An hour that comes twice on a date is one with itself.
    confidence : float

    Examples
    --------
    >>> from ivr.records.measures import sums
    >>> from ivr.records.tables import empty
    >>> noon = dt.datetime(2026, 11, 24, 12)
    >>> found = by_time_of_day([sums(empty(horizon_us=2), interval_us=1)], [noon, noon + dt.timedelta(days=1)])
    >>> [(str(one.time), one.days) for one in found]
    [('12:00:00', 2)]
    """
    times = sorted({moment.time() for moment in begins})
    rows = [[i for i, moment in enumerate(begins) if moment.time() == time] for time in times]
    days = [len({begins[i].date() for i in of}) for of in rows]
    merged = [_merged(part, rows, days) for part in parts]
    return [
        TimeOfDay(time, days[i], estimate(merged, interval=i, confidence=confidence)) for i, time in enumerate(times)
    ]


def _merged(part: Sums, rows: Sequence[Sequence[int]], times: Sequence[int] = (1,)) -> Sums:
    """The sums with one interval for each set of intervals; counts are shared out among so many times."""
    first = part.cell(interval=0)
    added = np.stack([part.values[first:][of].sum(axis=0) for of in rows])
    added[:, COLUMNS.index("replications")] = part.column("replications") * np.array(
        times
    )  # the one that is no sum of a stretch of time
    return replace(part, values=np.vstack([part.values[:first], added]), intervals=len(rows))
