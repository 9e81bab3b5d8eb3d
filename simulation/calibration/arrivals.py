"""Estimates arrivals: profiles over the day that days of the week share, levels of the days, and how days differ."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from simulation.arrays import Flags, Floats, Ints
from simulation.calibration.day_levels import USUAL_FREEDOM, levels_of, variance_of_days
from simulation.calibration.estimated import Estimated, z_of
from simulation.clock.local_time import DAYS

__all__ = [
    "BUSY_ALL_DAY",
    "ArrivalEstimate",
    "busyness",
    "correlation",
    "estimate_arrivals",
    "interval_correlation",
    "tells",
    "weekday_names",
]

BUSY_ALL_DAY = "a day that is busy is busy from morning to evening: how its halves go together cannot be told"
"""What is assumed where their correlation cannot be told."""
_FEWEST_FREE = 3
_ALIKE = 3.0
"""Profiles of two days of the week are one if chi-square is at most so many standard deviations above its mean."""


@dataclass(frozen=True)
class ArrivalEstimate:
    """Expected calls by day of the week and interval.

    Parameters
    ----------
    expected : numpy.ndarray
        f8[7, intervals], Monday first.
    observed : numpy.ndarray
        f8[7, intervals]. The same profiles at the mean of each day of the week as it was.
    level : tuple of Estimated
        Calls of a whole day, by day of the week; the interval is that of the mean of these days alone.
    groups : tuple of tuple of int
        Days of the week that share a profile.
    days : numpy.ndarray
        i8[7]. Days that were observed.
    gamma : Estimated or None
        Shape of the gamma factor of whole days, as measured; None if days differ no more than by chance.
    shape : float or None
        The shape for a scenario: the measured one, drawn toward what days usually have.
    within : Estimated or None
        Correlation of the two halves of a day, free of chance.
    """

    expected: Floats
    observed: Floats
    level: tuple[Estimated, ...]
    groups: tuple[tuple[int, ...], ...]
    days: Ints
    gamma: Estimated | None
    shape: float | None
    within: Estimated | None

    @property
    def weekdays(self) -> int:
        """Days of the week that were observed with calls."""
        return int(np.count_nonzero(self.observed.sum(axis=1)))


def estimate_arrivals(
    counts: Floats, weekday: Ints, kept: Flags, *, closed_without_calls: bool = True, confidence: float = 0.95
) -> ArrivalEstimate:
    """Estimate arrivals from counts by day and interval.

    Days of the week whose profiles differ no more than by chance share one, so that each interval rests on more calls;
    their levels are drawn toward each other (`levels_of`). A day of the week that was never observed is taken to be the
    mean of those that were, or closed if the log covers a week.

    Parameters
    ----------
    counts : numpy.ndarray
        f8[days, intervals].
    weekday : numpy.ndarray
        i8[days], Monday = 0.
    kept : numpy.ndarray
        b1[days]. Days that count.
    closed_without_calls : bool
        Whether days of the week without any call are closed.
    confidence : float
    """
    of = counts[kept]
    day = weekday[kept]
    days = np.bincount(day, minlength=7)
    sums = np.array([of[day == w].sum(axis=0) for w in range(7)])
    groups = _alike(sums, days)
    raw = np.divide(sums.sum(axis=1), days, out=np.zeros(7), where=days > 0)
    opened = int(np.count_nonzero(raw))
    gamma = busyness(of.sum(axis=1), raw[day], opened, confidence=confidence)
    freedom = int(np.count_nonzero(raw[day])) - opened
    measured = 1 / gamma.value if gamma else 0.0
    variance = variance_of_days(measured, freedom)
    levels = levels_of(sums.sum(axis=1), days, groups, variance)
    profiles = np.zeros((7, counts.shape[1]))
    for group in groups:
        together = sums[list(group)].sum(axis=0)
        profiles[list(group)] = together / together.sum()
    expected, observed = profiles * levels[:, None], profiles * raw[:, None]
    unseen = [w for w in range(7) if not days[w]]
    seen = [w for w in range(7) if days[w] and sums[w].sum()]
    if unseen and seen and not (closed_without_calls and len(weekday) >= 7):
        for w in unseen:
            expected[w] = expected[seen].mean(axis=0)
    split = _middle(observed.sum(axis=0))
    within = correlation(
        of[:, :split].sum(axis=1), observed[day, :split].sum(axis=1), of[:, split:].sum(axis=1),
        observed[day, split:].sum(axis=1), opened, confidence=confidence,
    )  # fmt: skip
    reach = _reach(raw, days, measured, freedom, confidence)
    level = tuple(
        Estimated(mean, max(own - by, 0.0), own + by, count)
        for mean, own, by, count in zip(
            expected.sum(axis=1).tolist(), raw.tolist(), reach.tolist(), days.tolist(), strict=True
        )
    )
    return ArrivalEstimate(expected, observed, level, groups, days, gamma, 1 / variance if gamma else None, within)


def _reach(mean: Floats, days: Ints, variance: float, freedom: int, confidence: float) -> Floats:
    """How far the means of days of the week are off: Student's interval, with the usual variance where days are few."""
    from scipy.stats import t

    if freedom < _FEWEST_FREE:
        variance, freedom = variance_of_days(variance, freedom), USUAL_FREEDOM + freedom
    error = np.sqrt(np.divide(mean + variance * mean**2, days, out=np.full(7, math.inf), where=days > 0))
    return np.asarray(t.ppf((1 + confidence) / 2, freedom) * error)


def _middle(profile: Floats) -> int:
    total = np.cumsum(profile)
    return int(np.argmin(np.abs(total - total[-1] / 2))) + 1


def _alike(sums: Floats, days: Ints) -> tuple[tuple[int, ...], ...]:
    """Days of the week in groups of one profile, joined as long as two groups differ no more than by chance."""
    groups = [[w] for w in range(7) if days[w] and sums[w].sum() > 0]
    while len(groups) > 1:
        ratios = [
            (_unlike(sums[a].sum(axis=0), sums[b].sum(axis=0)), i, j)
            for i, a in enumerate(groups)
            for j, b in enumerate(groups)
            if i < j
        ]
        ratio, i, j = min(ratios)
        if ratio > _ALIKE:
            break
        groups[i] += groups.pop(j)
    return tuple(tuple(sorted(group)) for group in sorted(groups))


def _unlike(one: Floats, other: Floats) -> float:
    """Chi-square of two profiles, in standard deviations above its mean; sparse intervals are left out."""
    both = one + other
    share = one.sum() / both.sum()
    used = both * min(share, 1 - share) >= 4
    if np.count_nonzero(used) < 2 or both[used].sum() < 0.7 * both.sum():
        return -1.0 if np.dot(one, other) > 0.5 * math.sqrt(np.dot(one, one) * np.dot(other, other)) else math.inf
    spread = ((one - both * share)[used] ** 2 / (both[used] * share * (1 - share))).sum()
    freedom = np.count_nonzero(used) - 1
    return float((spread - freedom) / math.sqrt(2 * freedom))


def busyness(totals: Floats, expected: Floats, levels: int, *, confidence: float = 0.95) -> Estimated | None:
    """The shape of the gamma factor by which whole days are busier or quieter.

    The shape makes Pearson's chi-square of the days' totals what it should be: sum (N - m)^2 / (m + m^2 / shape) has as
    many degrees of freedom as there are days less `levels` estimated means; fewer for long tails (Box 1953).

    Parameters
    ----------
    totals, expected : numpy.ndarray
        f8[days].
    levels : int
        Number of means that were estimated from the same totals.

    Returns
    -------
    Estimated or None
        None when days differ no more than by chance. The upper end may be infinite.

    Examples
    --------
    Totals 5 above and below 100 are less than chance alone makes.

    >>> busyness(np.array([95.0, 105.0]), np.array([100.0, 100.0]), 1) is None
    True
    """
    from scipy.optimize import brentq
    from scipy.stats import chi2

    used = expected > 0
    totals, expected = totals[used], expected[used]
    freedom = len(totals) - levels
    if freedom < 1:
        return None

    def spread(log_shape: float) -> float:
        return float(((totals - expected) ** 2 / (expected + expected**2 * math.exp(-log_shape))).sum())

    def solve(wanted: float) -> float:
        low, high = math.log(0.1), math.log(1e9)
        if spread(high) <= wanted:
            return math.inf
        if spread(low) >= wanted:
            return 0.1
        return math.exp(brentq(lambda s: spread(s) - wanted, low, high))

    value = solve(freedom)
    if math.isinf(value):
        return None
    # The variance of the sum grows with the tails of gamma and Poisson together.
    mean = float(expected.mean())
    tails = (6 / value * mean**4 / value**2 + mean) / (mean + mean**2 / value) ** 2
    effective = freedom / (1 + tails / 2)
    half = (1 - confidence) / 2
    low = solve(freedom * chi2.ppf(1 - half, effective) / effective)
    high = solve(freedom * chi2.ppf(half, effective) / effective)
    return Estimated(value, min(low, high), max(low, high), len(totals))


def correlation(
    one: Floats, one_expected: Floats, other: Floats, other_expected: Floats, levels: int, *, confidence: float = 0.95
) -> Estimated | None:
    """The correlation of the factors by which two parts of the same days are busier, free of Poisson noise.

    The variances and the covariance of N / m - 1 are those of the factors, plus 1 / m for chance in each variance. The
    interval is Fisher's for the counts, divided by what chance takes away.

    Returns
    -------
    Estimated or None
        None with too few days, or when either part varies no more than by chance.
    """
    used = (one_expected > 0) & (other_expected > 0)
    days = int(np.count_nonzero(used)) - levels + 1
    if days < 4:
        return None
    a, b = one[used] / one_expected[used] - 1, other[used] / other_expected[used] - 1
    noise_a, noise_b = float((1 / one_expected[used]).mean()), float((1 / other_expected[used]).mean())
    scale = float(np.count_nonzero(used)) / max(days - 1, 1)
    variance_a, variance_b = float((a**2).mean()) * scale, float((b**2).mean()) * scale
    if variance_a <= 1.15 * noise_a or variance_b <= 1.15 * noise_b:
        return None
    seen = float((a * b).mean()) * scale / math.sqrt(variance_a * variance_b)
    kept = math.sqrt((1 - noise_a / variance_a) * (1 - noise_b / variance_b))
    seen = min(max(seen, -0.999), 0.999)
    error = z_of(confidence) / math.sqrt(max(days - 3, 1))
    low, high = math.tanh(math.atanh(seen) - error), math.tanh(math.atanh(seen) + error)
    return Estimated(_one(seen / kept), _one(low / kept), _one(high / kept), days)


def tells(found: Estimated | None) -> bool:
    """Whether a correlation was measured well enough to be told: its interval has to leave out half of -1 to 1.

    >>> tells(Estimated(0.9, 0.3, 1.0)), tells(Estimated(1.0, -0.47, 1.0)), tells(None)
    (True, False, False)
    """
    return found is not None and found.high - found.low <= 1


def _one(value: float) -> float:
    return min(max(value, -1.0), 1.0)


def interval_correlation(
    counts: Floats, expected: Floats, levels: int, *, blocks: int = 4, confidence: float = 0.95
) -> dict[tuple[int, int], Estimated]:
    """Correlations between parts of the day with equally many calls, free of chance.

    Parameters
    ----------
    counts, expected : numpy.ndarray
        f8[days, intervals].
    levels : int
        Days of the week whose means were estimated.
    blocks : int
    confidence : float

    Returns
    -------
    dict of (part, earlier part) to Estimated
        Parts are counted from 0; pairs that cannot be told are missing.
    """
    total = np.cumsum(expected.sum(axis=0))
    edges = [
        0,
        *(int(np.argmin(np.abs(total - total[-1] * k / blocks))) + 1 for k in range(1, blocks)),
        counts.shape[1],
    ]
    parts = [slice(a, max(b, a + 1)) for a, b in itertools.pairwise(edges)]
    of = [(counts[:, part].sum(axis=1), expected[:, part].sum(axis=1)) for part in parts]
    found = {
        (i, j): correlation(*of[i], *of[j], levels, confidence=confidence) for i in range(blocks) for j in range(i)
    }
    return {pair: one for pair, one in found.items() if one is not None}


def weekday_names(group: tuple[int, ...]) -> str:
    """Days of the week in words: ``mon to thu``, ``fri``, ``sat and sun``.

    >>> weekday_names((0, 1, 2, 3)), weekday_names((4, 6))
    ('mon to thu', 'fri and sun')
    """
    names = [DAYS[w] for w in group]
    if len(group) > 2 and group[-1] - group[0] == len(group) - 1:
        return f"{names[0]} to {names[-1]}"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
