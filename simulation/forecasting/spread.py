"""How far a number of calls may lie from its mean: intervals, and whether they held what came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.arrays import Flags, Floats

__all__ = ["LEVELS", "Expected", "held", "surprise", "widening"]

LEVELS = (0.80, 0.95)
"""The levels of the intervals."""
_WIDEST, _NARROWEST = 4.0, 0.8


@dataclass(frozen=True)
class Expected:
    """Numbers of calls to come: Poisson with a gamma factor of mean 1, which makes them negative binomial.

    Parameters
    ----------
    mean : numpy.ndarray
        f8. Of any shape.
    cv : numpy.ndarray
        f8. Standard deviation of the factor; 0 leaves chance alone.
    """

    mean: Floats
    cv: Floats

    def at_most(self, calls: Floats) -> Floats:
        """The probability of at most so many calls."""
        from scipy.stats import nbinom, poisson

        shape, share = self._shape()
        found = np.where(self.cv > 1e-4, nbinom.cdf(calls, shape, share), poisson.cdf(calls, np.maximum(self.mean, 0)))
        return np.asarray(np.where(self.mean > 0, found, 1.0))

    def quantile(self, probability: float) -> Floats:
        """The fewest calls that are not exceeded with a probability."""
        from scipy.stats import nbinom, poisson

        shape, share = self._shape()
        found = np.where(self.cv > 1e-4, nbinom.ppf(probability, shape, share), poisson.ppf(probability, self.mean))
        return np.asarray(np.where(self.mean > 0, np.maximum(found, 0), 0.0))

    def interval(self, level: float, wider: float = 1.0) -> tuple[Floats, Floats]:
        """The ends of the interval of a level, in standard normal units so many times as wide.

        Parameters
        ----------
        level : float
            Such as 0.95.
        wider : float

        Examples
        --------
        At a mean of 100 without a factor, the Poisson quantiles of 2.5 and 97.5 %:

        >>> low, high = Expected(np.array([100.0]), np.array([0.0])).interval(0.95)
        >>> low.tolist(), high.tolist()
        ([81.0], [120.0])
        """
        from scipy.stats import norm

        z = float(norm.ppf((1 + level) / 2)) * wider
        return self.quantile(float(norm.cdf(-z))), self.quantile(float(norm.cdf(z)))

    def _shape(self) -> tuple[Floats, Floats]:
        shape = 1 / np.maximum(self.cv, 1e-4) ** 2
        return np.asarray(shape), np.asarray(shape / (shape + np.maximum(self.mean, 1e-12)))


def held(expected: Expected, calls: Floats, level: float, wider: float = 1.0) -> Flags:
    """Whether each interval holds what came."""
    low, high = expected.interval(level, wider)
    return np.asarray((calls >= low) & (calls <= high))


def surprise(expected: Expected, calls: Floats) -> Floats:
    """How far each number lies from the middle, in standard normal units; between two whole numbers half way."""
    from scipy.stats import norm

    below, upto = expected.at_most(calls - 1), expected.at_most(calls)
    return np.asarray(np.abs(norm.ppf(np.clip((below + upto) / 2, 1e-9, 1 - 1e-9))))


def widening(surprises: Floats, level: float, least: int = 40) -> float:
    """How many times as wide the intervals must be to hold what a back-test has seen; 1 where it has seen too little.

    Parameters
    ----------
    surprises : numpy.ndarray
        f8. As `surprise` gives them.
    level : float
    least : int
        Numbers below which nothing is concluded.

    Examples
    --------
    >>> widening(np.full(100, 2 * 1.2816), 0.8), widening(np.full(10, 9.0), 0.8)
    (2.0, 1.0)
    """
    from scipy.stats import norm

    if len(surprises) < least:
        return 1.0
    wanted = float(np.quantile(surprises, level)) / float(norm.ppf((1 + level) / 2))
    return round(min(max(wanted, _NARROWEST), _WIDEST), 3)
