"""Measures by date and by time of day, and the share of days on which the service level is met."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ivr.records.definitions.all_measures import COLUMNS, MEASURES
from ivr.records.measures import Sums, ratio
from simulation.experiment.estimates import Estimate, estimate, student_t

__all__ = ["TargetDays", "TimeOfDay", "by_day", "by_time_of_day", "share_of_days", "target_days"]


def by_day(
    parts: Sequence[Sums], dates: Sequence[dt.date], *, confidence: float = 0.95
) -> list[tuple[dt.date, dict[str, Estimate]]]:
    """Return every measure of each date.

    Parameters
    ----------
    parts : sequence of Sums
        One for each replication, with intervals.
    dates : sequence of date
        The date of each interval; an interval that crosses midnight belongs to the date on which it begins.
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
    """Measures of the same time of day over several days.

    Parameters
    ----------
    time : datetime.time
        When the time of day begins.
    days : int
        On how many dates it occurs.
    measures : dict of str to Estimate
        Counts are averages per day; shares and means are over all days together.
    """

    time: dt.time
    days: int
    measures: dict[str, Estimate]


def by_time_of_day(
    parts: Sequence[Sums], begins: Sequence[dt.datetime], *, confidence: float = 0.95
) -> list[TimeOfDay]:
    """Return every measure for each time of day, over all days together, in clock order.

    Parameters
    ----------
    parts : sequence of Sums
        One for each replication, with intervals.
    begins : sequence of datetime
        When each interval begins, in clock time. An hour that occurs twice on a date counts as one.
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
    """The sums with one interval for each set of intervals, counted as this many replications."""
    first = part.cell(interval=0)
    added = np.stack([part.values[first:][of].sum(axis=0) for of in rows])
    for column in ("replications", "priced"):  # the only columns that are not sums over time
        added[:, COLUMNS.index(column)] = part.column(column) * np.array(times)
    return replace(part, values=np.vstack([part.values[:first], added]), intervals=len(rows))


@dataclass(frozen=True)
class TargetDays:
    """The share of days on which the service level is met, with its interval.

    Parameters
    ----------
    share, low, high : float
        0..1. NaN when no day had calls.
    days : int
        Simulated days with calls.
    """

    share: float
    low: float
    high: float
    days: int

    def as_dict(self) -> dict[str, float | int | None]:
        """The JSON of this result."""
        shown = {
            name: None if math.isnan(value) else value
            for name, value in (("share", self.share), ("low", self.low), ("high", self.high))
        }
        return {**shown, "days": self.days}


def target_days(
    parts: Sequence[Sums], *, target: float, dates: Sequence[int] | npt.NDArray[np.int64] = (), confidence: float = 0.95
) -> TargetDays:
    """Return the share of days on which the service level is at least the target.

    With a horizon of several days, each date is judged on its own intervals. Days without calls are left out.

    Parameters
    ----------
    parts : sequence of Sums
        One for each replication, with intervals when the horizon is longer than a day.
    target : float
        0..1.
    dates : sequence of int
        The calendar day on which each interval begins; if not given, each replication is a day.
    confidence : float

    Notes
    -----
    For independent days the interval is Wilson's score interval (1927, Journal of the American Statistical Association
    22). Days of the same replication are dependent; with several days each, the interval is Student's t over the shares
    of the replications.

    Examples
    --------
    >>> from ivr.records.measures import sums
    >>> from ivr.records.tables import empty
    >>> target_days([sums(empty(horizon_us=9))], target=0.8).days
    0
    """
    return share_of_days([_met(part, target, np.asarray(dates)) for part in parts], confidence)


def share_of_days(met: Sequence[Sequence[bool]], confidence: float) -> TargetDays:
    """Return the share of days that are met, with the interval of `target_days`.

    Parameters
    ----------
    met : sequence of sequence of bool
        For each replication, its days.
    confidence : float

    Examples
    --------
    >>> share_of_days([[True], [True], [False], [True]], 0.95).share
    0.75
    """
    days = sum(map(len, met))
    if not days:
        return TargetDays(math.nan, math.nan, math.nan, 0)
    share = sum(map(sum, met)) / days
    if max(map(len, met)) == 1:
        return TargetDays(share, *_wilson(share, days, confidence), days)
    each = np.array([sum(m) / len(m) for m in met if m])
    half = (
        student_t(confidence, len(each) - 1) * float(each.std(ddof=1)) / math.sqrt(len(each)) if len(each) > 1 else 1.0
    )
    return TargetDays(share, max(0.0, share - half), min(1.0, share + half), days)


def _met(part: Sums, target: float, date: npt.NDArray[np.int64]) -> list[bool]:
    rows = [part.values[0]]
    if len(date):
        first = 1 + len(part.queues) + len(part.groups)
        if date[-1] > date[0]:
            rows = [part.values[first:][date == day].sum(axis=0) for day in np.unique(date)]
    pairs = [ratio(MEASURES["service_level"], row) for row in rows]
    return [bool(n / d >= target - 1e-12) for n, d in pairs if d > 0]


def _wilson(share: float, n: int, confidence: float) -> tuple[float, float]:
    from statistics import NormalDist

    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
