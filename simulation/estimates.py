"""Means over replications with confidence intervals, and paired differences between scenarios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ivr.measures import MEASURES, Sums, measures, ratio, total

__all__ = ["Estimate", "estimate", "paired_difference", "student_t"]


@dataclass(frozen=True)
class Estimate:
    """A mean over replications and the half-width of its confidence interval.

    Parameters
    ----------
    mean : float
    half_width : float or None
        None when one replication cannot tell.
    exact : float or None
        The value of theory, where there is one.

    Examples
    --------
    >>> Estimate(0.946, 0.004).as_dict()
    {'mean': 0.946, 'half_width': 0.004}
    """

    mean: float
    half_width: float | None = None
    exact: float | None = None

    def as_dict(self) -> dict[str, float | None]:
        """The JSON of an estimate; ``exact`` only where there is one."""
        found: dict[str, float | None] = {"mean": self.mean, "half_width": self.half_width}
        return found if self.exact is None else found | {"exact": self.exact}


def estimate(parts: Sequence[Sums], *, queue: str | None = None, group: str | None = None,
             interval: int | None = None, confidence: float = 0.95) -> dict[str, Estimate]:
    """Return every measure over independent replications with its interval.

    A measure is a ratio of averages: the sum of numerators over the sum of
    denominators. Its half-width is Student's t times the standard error of the
    linearised ratio (the delta method), which for counts is the usual one.
    Quantiles are those of all waits together; their half-width comes from the
    quantiles of the replications.

    Parameters
    ----------
    parts : sequence of Sums
        One for each replication, at least one.
    queue, group, interval
        At most one; overall without any.
    confidence : float
        Of the two-sided interval, 0..1.

    Returns
    -------
    dict of str to Estimate

    Notes
    -----
    Law (2015), "Simulation Modeling and Analysis", section 9.4 (replications); Cochran (1977), "Sampling
    Techniques", section 6.4 (variance of a ratio). The bias of the ratio is of order 1 / replications.

    Examples
    --------
    >>> from ivr.measures import sums
    >>> from ivr.records import empty
    >>> estimate([sums(empty()), sums(empty())])["arrived"]
    Estimate(mean=0.0, half_width=0.0, exact=None)
    """
    place = {"queue": queue, "group": group, "interval": interval}
    pooled = measures(total(parts), **place)
    cell = parts[0].cell(**place)
    stacked = np.stack([part.values[cell] for part in parts])
    quantiles = [measures(part, **place) for part in parts] if any(n not in MEASURES for n in pooled) else []
    found = {}
    for name, mean in pooled.items():
        if name in MEASURES:
            deviations = _deviations(name, mean, stacked)
        else:
            each = np.array([values[name] for values in quantiles if name in values])
            deviations = each - each.mean()
        found[name] = Estimate(mean, _half_width(deviations, confidence))
    return found


def paired_difference(parts: Sequence[Sums], baseline: Sequence[Sums], *, queue: str | None = None,
                      group: str | None = None, interval: int | None = None,
                      confidence: float = 0.95) -> dict[str, Estimate]:
    """Return measure by measure the difference to a baseline simulated with the same callers.

    Replication i of both must have the same callers (common random numbers):
    the interval is that of the paired differences, which is much narrower than
    that of two independent runs.

    Parameters
    ----------
    parts, baseline : sequence of Sums
        Equally many replications.
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
        raise ValueError(f"{len(parts)} replications cannot be paired with {len(baseline)}; run equally many")
    place = {"queue": queue, "group": group, "interval": interval}
    ours, theirs = measures(total(parts), **place), measures(total(baseline), **place)
    our_values = np.stack([part.values[part.cell(**place)] for part in parts])
    their_values = np.stack([part.values[part.cell(**place)] for part in baseline])
    found = {}
    for name in (name for name in ours if name in theirs):
        if name in MEASURES:
            deviations = _deviations(name, ours[name], our_values) - _deviations(name, theirs[name], their_values)
        else:
            pairs = [(measures(a, **place), measures(b, **place)) for a, b in zip(parts, baseline)]
            each = np.array([a[name] - b[name] for a, b in pairs if name in a and name in b])
            deviations = each - each.mean()
        found[name] = Estimate(ours[name] - theirs[name], _half_width(deviations, confidence))
    return found


def _deviations(name: str, mean: float, values: NDArray[np.int64]) -> NDArray[np.float64]:
    """How far each replication pulls the ratio: (numerator - mean x denominator) / average denominator."""
    numerator, denominator = ratio(MEASURES[name], values)
    return (numerator - mean * denominator) / denominator.mean()


def _half_width(deviations: NDArray[np.float64], confidence: float) -> float | None:
    count = len(deviations)
    if count < 2:
        return None
    standard_error = math.sqrt(float(deviations @ deviations) / (count - 1) / count)
    return student_t(confidence, count - 1) * standard_error


@lru_cache(maxsize=256)
def student_t(confidence: float, degrees: int) -> float:
    """Return the two-sided quantile of Student's t distribution.

    Written out because importing scipy would take longer than a small simulation.

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
        return (z + (z**3 + z) / (4 * n) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
                + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3))
    low, high = 0.0, math.pi / 2  # the angle atan(t / sqrt(degrees)), in which the share grows smoothly
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
