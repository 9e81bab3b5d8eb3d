"""Means over replications with confidence intervals, and paired differences between scenarios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from flows.source.counted import counted
from ivr.records.measures import MEASURES, QUANTILES, WAIT_BOUNDS_S, Sums, measures, ratio, total
from simulation.experiment.interval_within import interval_within, range_of

__all__ = ["Estimate", "estimate", "influences", "linear_combination", "paired_difference", "student_t"]


@dataclass(frozen=True)
class Estimate:
    """A mean over replications and the half-width of its confidence interval.

    Parameters
    ----------
    mean : float
    half_width : float or None
        None for a single replication.
    exact : float or None
        The exact value, where there is one.
    least, most : float
        What the value can be.

    Examples
    --------
    >>> Estimate(0.5, 0.25).as_dict()
    {'mean': 0.5, 'half_width': 0.25, 'low': 0.25, 'high': 0.75}
    >>> Estimate(13.0, 64.0, least=0.0).low
    0.0
    """

    mean: float
    half_width: float | None = None
    exact: float | None = None
    least: float = field(default=-math.inf, repr=False, compare=False)
    most: float = field(default=math.inf, repr=False, compare=False)

    @property
    def low(self) -> float | None:
        """The lower end of the interval, within what the value can be; None for a single replication."""
        ends = interval_within(self.mean, self.half_width, self.least, self.most)
        return None if ends is None else ends[0]

    @property
    def high(self) -> float | None:
        """The upper end of the interval, within what the value can be; None for a single replication."""
        ends = interval_within(self.mean, self.half_width, self.least, self.most)
        return None if ends is None else ends[1]

    def as_dict(self) -> dict[str, float | None]:
        """The JSON of an estimate, with ``exact`` only if there is one."""
        found = {"mean": self.mean, "half_width": self.half_width, "low": self.low, "high": self.high}
        return found if self.exact is None else found | {"exact": self.exact}


def estimate(
    parts: Sequence[Sums],
    *,
    queue: str | None = None,
    group: str | None = None,
    interval: int | None = None,
    confidence: float = 0.95,
) -> dict[str, Estimate]:
    """Return every measure over independent replications with its interval.

    A measure is a ratio of averages: the sum of numerators over the sum of denominators. Its half-width is Student's t
    times the standard error of the linearised ratio (the delta method), which for counts is the usual one. The longest
    wait is also such a ratio: the mean over replications of each one's longest wait. Quantiles are over all waits
    together. Their interval spans the bounds at which the share of waits, plus or minus its own half-width, equals the
    quantile's share; the half-width is its longer side, or None if it extends beyond all waits or beyond two hours.

    Parameters
    ----------
    parts : sequence of Sums
        One for each replication, at least one.
    queue, group, interval
        At most one of them; with none, measures are overall.
    confidence : float
        Confidence level of the two-sided interval, 0..1.

    Returns
    -------
    dict of str to Estimate

    Notes
    -----
    Law (2015), "Simulation Modeling and Analysis", section 9.4 (replications); Cochran (1977), "Sampling
    Techniques", section 6.4 (variance of a ratio). The bias of the ratio is of order 1 / replications. Woodruff (1952),
    "Confidence intervals for medians and other position measures", Journal of the American Statistical Association 47;
    Francisco and Fuller (1991), "Quantile estimation with a complex survey design", Annals of Statistics 19, for
    differences.

    Examples
    --------
    >>> from ivr.records.measures import sums
    >>> from ivr.records.tables import empty
    >>> estimate([sums(empty()), sums(empty())])["arrived"]
    Estimate(mean=0.0, half_width=0.0, exact=None)
    """
    pooled = measures(total(parts), queue=queue, group=group, interval=interval)
    cell = parts[0].cell(queue=queue, group=group, interval=interval)
    stacked = np.stack([part.values[cell] for part in parts])
    found = {}
    for name, mean in pooled.items():
        deviations = (
            _deviations(name, mean, stacked)
            if name in MEASURES
            else _quantile_deviations(parts, cell, name, mean, confidence)[0]
        )
        least, most = range_of(name)
        found[name] = Estimate(mean, _half_width(deviations, confidence), least=least, most=most)
    return found


def influences(parts: Sequence[Sums], *, confidence: float = 0.95) -> dict[str, NDArray[np.float64] | None]:
    """Return how far each replication moves each overall measure.

    A sum of measures over scenarios with the same callers, each with a weight, has the weighted sum of these as its
    deviations: its half-width is Student's t times their root mean square, by the root of the number of replications.

    Parameters
    ----------
    parts : sequence of Sums
    confidence : float

    Returns
    -------
    dict of str to numpy.ndarray or None
        f8[replications], with a sum of 0; None for a quantile whose interval is unknown.

    Examples
    --------
    >>> from ivr.records.measures import sums
    >>> from ivr.records.tables import empty
    >>> influences([sums(empty()), sums(empty())])["arrived"].tolist()
    [0.0, 0.0]
    """
    pooled = measures(total(parts))
    values = np.stack([part.values[0] for part in parts])
    return {
        name: _deviations(name, mean, values)
        if name in MEASURES
        else _quantile_deviations(parts, 0, name, mean, confidence)[0]
        for name, mean in pooled.items()
    }


def paired_difference(
    parts: Sequence[Sums],
    baseline: Sequence[Sums],
    *,
    queue: str | None = None,
    group: str | None = None,
    interval: int | None = None,
    confidence: float = 0.95,
) -> dict[str, Estimate]:
    """Return the difference in each measure from a baseline simulated with the same callers.

    Replication i of both must have the same callers (common random numbers). The interval is that of the paired
    differences, which is much narrower than that of two independent runs.

    Parameters
    ----------
    parts, baseline : sequence of Sums
        The same number of replications.
    queue, group, interval, confidence
        As in ``estimate``.

    Returns
    -------
    dict of str to Estimate
        ``parts`` minus ``baseline``; only measures that both have.

    Raises
    ------
    ValueError
        If the numbers of replications differ.
    """
    if len(parts) != len(baseline):
        raise ValueError(
            f"{counted(len(parts), 'replication')} cannot be paired with {len(baseline)}; run equally many"
        )
    ours, theirs = (measures(total(of), queue=queue, group=group, interval=interval) for of in (parts, baseline))
    cells = tuple(of[0].cell(queue=queue, group=group, interval=interval) for of in (parts, baseline))
    our_values, their_values = (
        np.stack([part.values[cell] for part in of]) for of, cell in zip((parts, baseline), cells, strict=True)
    )
    found = {}
    for name in (name for name in ours if name in theirs):
        if name in MEASURES:
            deviations = _deviations(name, ours[name], our_values) - _deviations(name, theirs[name], their_values)
            half = _half_width(deviations, confidence)
        else:
            (our, our_bin_s), (their, their_bin_s) = (
                _quantile_deviations(of, cell, name, values[name], confidence)
                for of, cell, values in zip((parts, baseline), cells, (ours, theirs), strict=True)
            )
            half = _half_width(None if our is None or their is None else our - their, confidence)
            if half is not None:
                half += max(our_bin_s, their_bin_s)  # binning shifts each of the two differently
        most = range_of(name)[1]
        found[name] = Estimate(ours[name] - theirs[name], half, least=-most, most=most)
    return found


def linear_combination(
    weighted: Sequence[tuple[float, Sequence[Sums]]], names: Sequence[str], *, confidence: float = 0.95
) -> dict[str, Estimate]:
    """Return a weighted sum of measures of several scenarios with the same callers.

    Parameters
    ----------
    weighted : sequence of (float, sequence of Sums)
        A weight, and the replications of a scenario; replication i has the same callers in all.
    names : sequence of str
        Measures of ``MEASURES``; those that some scenario lacks are left out.
    confidence : float

    Returns
    -------
    dict of str to Estimate
        Intervals are those of paired differences.
    """
    means = [measures(total(parts)) for _, parts in weighted]
    stacked = [np.stack([part.values[0] for part in parts]) for _, parts in weighted]
    found = {}
    for name in names:
        if all(name in of for of in means):
            terms = list(zip(weighted, means, stacked, strict=True))
            mean = math.fsum(weight * of[name] for (weight, _), of, _ in terms)
            deviations = np.sum([weight * _deviations(name, of[name], at) for (weight, _), of, at in terms], axis=0)
            found[name] = Estimate(mean, _half_width(deviations, confidence))
    return found


def _deviations(name: str, mean: float, values: NDArray[np.int64]) -> NDArray[np.float64]:
    """How far each replication moves the ratio: (numerator - mean x denominator) / average denominator."""
    numerator, denominator = ratio(MEASURES[name], values)
    deviations: NDArray[np.float64] = (numerator - mean * denominator) / denominator.mean()
    return deviations


def _quantile_deviations(
    parts: Sequence[Sums],
    cell: int,
    name: str,
    quantile_s: float,
    confidence: float,
) -> tuple[NDArray[np.float64] | None, float]:
    """How far each replication moves a quantile of the waits, in seconds, and the width of the bins around it.

    None if the interval extends beyond the waits; width 0 if it lies within one bin.
    """
    counts, share = np.stack([part.waits[cell] for part in parts]), QUANTILES[name]
    within = np.cumsum(counts.sum(axis=0)) / counts.sum()
    at = int(np.searchsorted(within, share, side="left"))
    each = counts.sum(axis=1)
    deviations = (counts[:, : at + 1].sum(axis=1) - within[at] * each) / each.mean()
    half = _half_width(deviations, confidence)
    if not half:
        return deviations, 0.0
    low, high = np.searchsorted(within, (share - half, share + half), side="left")
    if high >= len(WAIT_BOUNDS_S):
        return None, 0.0
    if low == high:
        return np.zeros(len(parts)), 0.0
    longer_s = max(quantile_s - WAIT_BOUNDS_S[low], WAIT_BOUNDS_S[high] - quantile_s, 0.0)
    # A larger share within the bound means a smaller quantile.
    return -deviations * (longer_s / half), float(WAIT_BOUNDS_S[high] - WAIT_BOUNDS_S[high - 1])


def _half_width(deviations: NDArray[np.float64] | None, confidence: float) -> float | None:
    count = 0 if deviations is None else len(deviations)
    if deviations is None or count < 2:
        return None
    standard_error = math.sqrt(float(deviations @ deviations) / (count - 1) / count)
    return student_t(confidence, count - 1) * standard_error


@lru_cache(maxsize=256)
def student_t(confidence: float, degrees: int) -> float:
    """Return the two-sided quantile of Student's t distribution.

    Implemented here because importing scipy would take longer than a small simulation.

    Parameters
    ----------
    confidence : float
        0..1, exclusive.
    degrees : int
        Degrees of freedom, >= 1.

    Returns
    -------
    float
        Correct to 8 digits.

    Examples
    --------
    >>> round(student_t(0.95, 9), 6)
    2.262157

    Notes
    -----
    Abramowitz and Stegun (1964): 26.7.3 and 26.7.4, the distribution as a finite sum, and beyond 200 degrees
    26.7.5, the expansion around the normal quantile.
    """
    if degrees > 200:
        z, n = NormalDist().inv_cdf((1 + confidence) / 2), degrees
        return (
            z
            + (z**3 + z) / (4 * n)
            + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
            + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
        )
    low, high = 0.0, math.pi / 2  # the angle atan(t / sqrt(degrees)); the share is smooth in it
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _share_inside(middle, degrees) < confidence else (low, middle)
    return math.tan(high) * math.sqrt(degrees)


def _share_inside(angle: float, degrees: int) -> float:
    """P(|T| <= t) at t = sqrt(degrees) tan(angle)."""
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = degrees % 2
    term = total_ = (cosine if odd else 1.0) if degrees > 1 else 0.0
    for k in range(2 + odd, degrees - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        total_ += term
    return (angle + sine * total_) * 2 / math.pi if odd else sine * total_
