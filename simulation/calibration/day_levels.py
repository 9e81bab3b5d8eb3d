"""Levels of the days of the week, and how much days differ; where a log has few days, drawn toward what is usual.

Two weeks have two Mondays. Their mean is off by chance, and so is the spread of the days around such means. Taken as
they are, the levels would differ by chance and the days around them once more, and simulated days would be wilder than
real ones. So levels are drawn toward the mean of the days that share their profile, as far as chance explains how they
differ, and the spread toward what days of call centres usually have. With many days, both are what the log says.

Efron and Morris (1975), "Data analysis using Stein's estimator and its generalizations", JASA 70(350).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulation.arrays import Floats, Ints

__all__ = ["USUAL_FREEDOM", "USUAL_SHARE", "levels_of", "variance_of_days"]

USUAL_SHARE = 0.1
"""By how much whole days usually differ from others of their weekday."""
USUAL_FREEDOM = 6
"""How many degrees of freedom that counts as: as many as two weeks have."""
_USUAL_WEEKDAYS, _WEIGHT_WEEKDAYS = 0.05, 2
"""The same of weekdays that share a profile, around their mean."""
_AS_BUSY = 2.0
"""A day of the week that is more than twice or less than half as busy as its group is of another kind."""


def variance_of_days(measured: float, freedom: int) -> float:
    """The variance of the factor by which days are busier, from a measured one, drawn toward the usual one.

    Examples
    --------
    Two weeks weigh as much as what is usual; half a year says what it says.

    >>> round(variance_of_days(0.03, 6), 3), round(variance_of_days(0.03, 180), 3)
    (0.02, 0.029)
    """
    return (USUAL_FREEDOM * USUAL_SHARE**2 + freedom * measured) / (USUAL_FREEDOM + freedom)


def levels_of(sums: Floats, days: Ints, groups: Sequence[Sequence[int]], variance: float) -> Floats:
    """Expected calls by day of the week, drawn toward the mean of those that share a profile.

    Parameters
    ----------
    sums : numpy.ndarray
        f8[7]. Calls of all days of each day of the week.
    days : numpy.ndarray
        i8[7]. How many days these are.
    groups : sequence of sequence of int
        Days of the week that share a profile.
    variance : float
        Of the factor by which whole days are busier; chance of the calls is added.

    Returns
    -------
    numpy.ndarray
        f8[7].

    Examples
    --------
    Two Mondays and two Tuesdays whose days differ by 10 %: the means differ by little more than chance makes.

    >>> sums, days = np.array([2100.0, 1900, 0, 0, 0, 0, 0]), np.array([2, 2, 0, 0, 0, 0, 0])
    >>> levels_of(sums, days, [(0, 1)], 0.01)[:2].round().tolist()
    [1012.0, 988.0]

    A Sunday with two calls where other days have hundreds is another kind of day, and keeps its own level.

    >>> sums, days = np.array([2100.0, 1900, 0, 0, 0, 0, 4]), np.array([2, 2, 0, 0, 0, 0, 2])
    >>> levels_of(sums, days, [(0, 1, 6)], 0.01).round().tolist()
    [1012.0, 988.0, 0.0, 0.0, 0.0, 0.0, 2.0]
    """
    mean = np.divide(sums, days, out=np.zeros(7), where=days > 0)
    for group in groups:
        usual = float(np.median([mean[w] for w in group if days[w]] or [0.0]))
        members = [w for w in group if usual / _AS_BUSY <= mean[w] <= usual * _AS_BUSY and mean[w] > 0]
        if len(members) > 1:
            mean[members] = _drawn(mean[members], days[members], variance)
    return mean


def _drawn(mean: Floats, days: Ints, variance: float) -> Floats:
    """Means of one group drawn toward each other.

    The noise of a mean is that at the common level: at its own, means that are small by chance would weigh more.
    """
    middle, count = float(np.average(mean, weights=days)), len(mean)
    noise = (variance * middle**2 + middle) / days
    between = max(float(mean.var(ddof=1) - noise.mean()), 0.0)
    usual = (_USUAL_WEEKDAYS * middle) ** 2
    between = (_WEIGHT_WEEKDAYS * usual + (count - 1) * between) / (_WEIGHT_WEEKDAYS + count - 1)
    weight = 1 / (between + noise)
    middle = float((weight * mean).sum() / weight.sum())
    return np.asarray(middle + between / (between + noise) * (mean - middle))
