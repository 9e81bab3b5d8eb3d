"""The triangular distribution: what planners state when they know the least, the usual and the longest time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simulation.arrays import Floats
from simulation.sampling.base import Distribution, Numbers

__all__ = ["Triangular"]


@dataclass(frozen=True)
class Triangular(Distribution):
    """Triangular between `low` and `high`, most often near `mode`.

    The density rises evenly from `low` to `mode` and falls evenly to `high` (Johnson, Kotz and Balakrishnan 1995,
    "Continuous Univariate Distributions" 2, section 26.9).

    >>> Triangular(low=60, mode=120, high=300).mean, Triangular(0, 3, 12).quantile(np.array([0.25])).tolist()
    (160.0, [3.0])
    """

    low: float
    mode: float
    high: float
    kind: ClassVar[str] = "triangular"

    def __post_init__(self) -> None:
        self._require("low", "0 or more", holds=0 <= self.low < math.inf)
        self._require("mode", f"at least low ({self.low})", holds=self.low <= self.mode < math.inf)
        self._require("high", f"at least mode ({self.mode})", holds=self.mode <= self.high < math.inf)

    @property
    def mean(self) -> float:
        return (self.low + self.mode + self.high) / 3

    @property
    def breaks(self) -> tuple[float, ...]:
        """Where the distribution function has a jump or a kink."""
        return (self.low, self.mode, self.high)

    @property
    def rising(self) -> float:
        """The share of values below the mode; 0 where all are equal."""
        width = self.high - self.low
        return (self.mode - self.low) / width if width else 0.0

    @property
    def sides(self) -> tuple[float, float]:
        """The distance from `low` to `high`, times that from the mode to each of them."""
        width = self.high - self.low
        return width * (self.mode - self.low), width * (self.high - self.mode)

    def quantile(self, u: Numbers) -> Floats:
        uniforms, (left, right) = np.asarray(u, np.float64), self.sides
        below = self.low + np.sqrt(uniforms * left)
        return np.asarray(np.where(uniforms < self.rising, below, self.high - np.sqrt((1.0 - uniforms) * right)))

    def cdf(self, x: Numbers) -> Floats:
        """The share of the distribution at or below `x`."""
        at, (left, right) = np.asarray(x, np.float64), self.sides
        below = np.maximum(at - self.low, 0.0) ** 2 / (left or 1.0)
        above = 1.0 - np.maximum(self.high - at, 0.0) ** 2 / (right or 1.0)
        return np.asarray(np.where(at < self.mode, below, above))

    def mean_up_to(self, x: Numbers) -> Floats:
        """The mean of the smaller of a value and `x`."""
        at, (left, right) = np.asarray(x, np.float64), self.sides
        below = at - np.maximum(at - self.low, 0.0) ** 3 / (3 * (left or 1.0))
        above = self.mean - np.maximum(self.high - at, 0.0) ** 3 / (3 * (right or 1.0))
        return np.asarray(np.where(at < self.mode, below, above))
