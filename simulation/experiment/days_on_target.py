"""On how many days the service level is met: what a target of a mean hides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivr.records.definitions import MEASURES
from ivr.records.measures import Sums, ratio
from simulation.experiment.estimates import student_t

__all__ = ["TargetDays", "target_days"]


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
        """The JSON of it."""
        shown = {
            name: None if math.isnan(value) else value
            for name, value in (("share", self.share), ("low", self.low), ("high", self.high))
        }
        return {**shown, "days": self.days}


def target_days(
    parts: Sequence[Sums], *, target: float, dates: Sequence[int] | np.ndarray = (), confidence: float = 0.95
) -> TargetDays:
    """Return the share of days on which the service level is at least the target.

    A day is a date: with a horizon of several, each is judged by its own intervals. Days without calls are left out.

    Parameters
    ----------
    parts : sequence of Sums
        One for each replication, with intervals when the horizon is longer than a day.
    target : float
        0..1.
    dates : sequence of int
        Of each interval the day of the calendar on which it begins; without it a replication is a day.
    confidence : float

    Notes
    -----
    Of independent days the interval is Wilson's (1927, Journal of the American Statistical Association 22, eq. for the
    score interval); where a replication holds several days, which hang together by what is carried over, it is
    Student's t over the shares of the replications.

    Examples
    --------
    >>> from ivr.records.measures import sums
    >>> from ivr.records.tables import empty
    >>> target_days([sums(empty(horizon_us=9))], target=0.8).days
    0
    """
    met = [_met(part, target, np.asarray(dates)) for part in parts]
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


def _met(part: Sums, target: float, date: np.ndarray) -> list[bool]:
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
