"""Rules that need no model: the same day of last week, and the mean of the latest such days."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simulation.arrays import Floats
from simulation.forecasting.history import History
from simulation.forecasting.spread import Expected

__all__ = ["UNKNOWN_CV", "LastWeek", "MeanOfWeeks", "cv_beyond_chance", "mean_before", "recent_means"]

_LEAST = 8
"""Errors from which a spread is estimated."""
UNKNOWN_CV = 0.1
"""The spread of whole days beyond chance where a history has too few errors to tell."""


@dataclass(frozen=True)
class LastWeek:
    """Each day as the latest usual day of the same day of the week."""

    name: str = "last week's same day"

    def totals(self, history: History, ahead: int) -> Expected:
        """Whole days after the history.

        Parameters
        ----------
        history : History
        ahead : int
            Days.
        """
        return _weekly(history, ahead, 1)


@dataclass(frozen=True)
class MeanOfWeeks:
    """Each day as the mean of the latest usual days of the same day of the week."""

    weeks: int = 4

    @property
    def name(self) -> str:
        """In words."""
        return f"mean of the last {self.weeks} such days"

    def totals(self, history: History, ahead: int) -> Expected:
        """Whole days after the history."""
        return _weekly(history, ahead, self.weeks)


def recent_means(history: History, weeks: int) -> Floats:
    """f8[7]. Means of the latest usual days by day of the week; 0 where there is none."""
    return np.array([mean_before(history, len(history.dates), w, weeks) for w in range(7)])


def mean_before(history: History, day: int, weekday: int, weeks: int) -> float:
    """The mean of the latest usual days of a day of the week, before a day."""
    rows = np.flatnonzero(history.usual[:day] & (history.weekday[:day] == weekday))[-weeks:]
    return float(history.totals[rows].mean()) if len(rows) else 0.0


def _weekly(history: History, ahead: int, weeks: int) -> Expected:
    means = recent_means(history, weeks)
    days = len(history.dates) + np.arange(ahead)
    first = int(history.weekday[0])
    mean = means[(first + days) % 7]
    cvs = [_cv(history, weeks, week) for week in range(math.ceil(ahead / 7))]
    known = [cv for cv in cvs if cv is not None]
    grown = np.maximum.accumulate([cv if cv is not None else max(known, default=UNKNOWN_CV) for cv in cvs])
    return Expected(mean, np.asarray(grown)[np.arange(ahead) // 7])


def _cv(history: History, weeks: int, week: int) -> float | None:
    """How far off the rule was within the history, so many whole weeks ahead, beyond chance; None with too few days."""
    means, came = [], []
    for day in range(7 * (week + 1), len(history.dates)):
        if not history.usual[day]:
            continue
        mean = mean_before(history, day - 7 * week, int(history.weekday[day]), weeks)
        if mean > 0:
            means.append(mean)
            came.append(history.totals[day])
    return cv_beyond_chance(np.array(came), np.array(means), _LEAST)


def cv_beyond_chance(came: Floats, means: Floats, least: int) -> float | None:
    """The standard deviation of the factor between what came and what was expected, without Poisson noise.

    Parameters
    ----------
    came, means : numpy.ndarray
        f8[days].
    least : int
        Days below which nothing is known.

    Examples
    --------
    Errors of 10 at a mean of 100 are what chance makes; of 20, they leave sqrt(400 - 100) / 100.

    >>> means = np.full(10, 100.0)
    >>> cv_beyond_chance(means + 10, means, 8), round(cv_beyond_chance(means - 20, means, 8), 4)
    (0.0, 0.1732)
    """
    if len(came) < least:
        return None
    squares, chance, weight = float(((came - means) ** 2).sum()), float(means.sum()), float((means**2).sum())
    return math.sqrt(max(squares - chance, 0.0) / weight) if weight else 0.0
