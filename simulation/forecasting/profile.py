"""The shape of a day: which part of its calls comes in each interval, and how far intervals stray beyond chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.arrays import Floats
from simulation.calibration.arrivals import estimate_arrivals
from simulation.forecasting.history import History

__all__ = ["Profile", "profile_of"]

_RECENT = 91
"""Days that the shape rests on: the latest quarter of a year, because habits and opening hours change."""


@dataclass(frozen=True)
class Profile:
    """The shape of the days of a week.

    Parameters
    ----------
    share : numpy.ndarray
        f8[7, intervals]. Parts of a day's calls, Monday first; each row sums to 1.
    cv : float
        By how much an interval is busier or quieter than its part of the day's calls, beyond chance.
    groups : tuple of tuple of int
        Days of the week that share a shape.
    """

    share: Floats
    cv: float
    groups: tuple[tuple[int, ...], ...]


def profile_of(history: History) -> Profile:
    """Estimate the shapes from the latest usual days."""
    counts, weekday, usual = history.counts[-_RECENT:], history.weekday[-_RECENT:], history.usual[-_RECENT:]
    found = estimate_arrivals(counts, weekday, usual)
    totals = found.expected.sum(axis=1)
    whole = found.expected.sum(axis=0)
    shape = whole / whole.sum() if whole.sum() else np.full(counts.shape[1], 1 / counts.shape[1])
    share = np.array([found.expected[w] / totals[w] if totals[w] else shape for w in range(7)])
    return Profile(share, _cv(counts[usual], share[weekday[usual]]), found.groups)


def _cv(counts: Floats, share: Floats) -> float:
    """The method of moments: squares beyond those of a multinomial, by the squares of the means."""
    means = counts.sum(axis=1, keepdims=True) * share
    squares, chance = float(((counts - means) ** 2).sum()), float((means * (1 - share)).sum())
    weight = float((means**2).sum())
    return float(np.sqrt(max(squares - chance, 0.0) / weight)) if weight else 0.0
