"""A number that was estimated, with its interval and how many observations it rests on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simulation.sampling.normal import normal_quantile

__all__ = ["Estimated", "mean_of", "rate_of", "share_of", "z_of"]


@dataclass(frozen=True)
class Estimated:
    """An estimate with a confidence interval.

    Parameters
    ----------
    value, low, high : float
    count : int
        Observations.
    """

    value: float
    low: float
    high: float
    count: int = 0

    def covers(self, truth: float) -> bool:
        """Whether the interval holds a value."""
        return self.low <= truth <= self.high


def z_of(confidence: float) -> float:
    """How many standard errors an interval reaches to either side.

    >>> round(z_of(0.95), 3)
    1.96
    """
    return float(normal_quantile(np.array((1 + confidence) / 2)))


def share_of(count: int, of: int, confidence: float = 0.95) -> Estimated:
    """A share, with Wilson's interval: Wilson (1927), JASA 22(158).

    >>> found = share_of(10, 100)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.1, 0.055, 0.174)
    """
    if not of:
        return Estimated(0.0, 0.0, 1.0, 0)
    z, p = z_of(confidence), count / of
    centre = (p + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z / (1 + z**2 / of) * math.sqrt(p * (1 - p) / of + z**2 / (4 * of**2))
    return Estimated(p, max(centre - half, 0.0), min(centre + half, 1.0), of)


def rate_of(count: int, exposure: float, confidence: float = 0.95) -> Estimated:
    """A rate of events, with the interval of the square root of a Poisson count (variance 1/4: Anscombe, 1948).

    >>> found = rate_of(100, 50.0)
    >>> found.value, round(found.low, 2), round(found.high, 2)
    (2.0, 1.63, 2.43)
    """
    if exposure <= 0:
        return Estimated(0.0, 0.0, math.inf, 0)
    half = z_of(confidence) / 2
    low, high = max(math.sqrt(count) - half, 0.0) ** 2, (math.sqrt(count + 1) + half) ** 2
    return Estimated(count / exposure, low / exposure, high / exposure, count)


def mean_of(total: float, squares: float, count: int, confidence: float = 0.95) -> Estimated:
    """The mean of many values, from their sum and the sum of their squares, by the central limit theorem.

    >>> found = mean_of(300.0, 1000.0, 100)
    >>> found.value, round(found.low, 2)
    (3.0, 2.8)
    """
    if count < 2:
        return Estimated(total / count if count else 0.0, 0.0, math.inf, count)
    mean = total / count
    error = math.sqrt(max(squares / count - mean**2, 0.0) / (count - 1))
    return Estimated(mean, max(mean - z_of(confidence) * error, 0.0), mean + z_of(confidence) * error, count)
