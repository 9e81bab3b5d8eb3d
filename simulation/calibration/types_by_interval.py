"""Shares of intents, or of queues, that differ over the day."""

from __future__ import annotations

import numpy as np

from simulation.arrays import Floats

__all__ = ["shares_by_interval"]

_FEWEST = 1_000
_BY_CHANCE = 0.001
_PRIOR = 25.0
"""Calls with the shares of the whole day that are added to each interval at most, so that few calls say little."""
_LEAST = 0.5
"""At least, however much intervals differ."""


def shares_by_interval(counts: Floats) -> Floats | None:
    """The shares in each interval of a day, or None if they may be the same all day.

    Parameters
    ----------
    counts : numpy.ndarray
        f8[types, intervals]. Calls of all days together.

    Returns
    -------
    numpy.ndarray or None
        f8[types, intervals]. Each column sums to 1; an interval without calls has the shares of the whole day.

    Notes
    -----
    Pearson's chi-square test of homogeneity at 0.1 %. Shares of an interval are means of a Dirichlet distribution
    around those of the whole day.

    Examples
    --------
    >>> shares_by_interval(np.array([[975.0, 475.0, 0.0], [0.0, 500.0, 0.0]])).round(2).tolist()
    [[1.0, 0.49, 0.74], [0.0, 0.51, 0.26]]
    >>> shares_by_interval(np.array([[500.0, 510.0], [500.0, 490.0]])) is None
    True
    """
    from scipy.stats import chi2_contingency

    known = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(known.shape) < 2 or known.sum() < _FEWEST or chi2_contingency(known).pvalue > _BY_CHANCE:
        return None
    whole = counts.sum(axis=1, keepdims=True) / counts.sum()
    prior = min(_PRIOR, _concentration(known))
    return np.asarray((counts + prior * whole) / (counts.sum(axis=0) + prior), np.float64)


def _concentration(counts: Floats) -> float:
    """How many calls the shares of the whole day count for, by how much intervals differ.

    With Dirichlet shares of concentration k, the chi-square of n calls of t types is (t - 1) (1 + (n - 1) / (k + 1)) on
    average; all intervals together give k.
    """
    types, intervals = counts.shape
    total = counts.sum(axis=0)
    expected = counts.sum(axis=1, keepdims=True) / counts.sum() * total
    over = float(((counts - expected) ** 2 / expected).sum()) / (types - 1) - intervals
    return max((float(total.sum()) - intervals) / over - 1, _LEAST) if over > 0 else _PRIOR
