"""Distributions made of others, or of observed values."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simulation.arrays import Floats
from simulation.sampling.base import BELOW_ONE, Distribution, Numbers
from simulation.sampling.elementary import log

__all__ = ["Capped", "Empirical", "Hyperexponential", "WithZero"]


@dataclass(frozen=True)
class Hyperexponential(Distribution):
    """An exponential whose mean is drawn first: `means[i]` with probability `shares[i]`.

    >>> Hyperexponential(means=(60, 600), shares=(0.75, 0.25)).mean
    195.0
    """

    means: tuple[float, ...]
    shares: tuple[float, ...]
    kind: ClassVar[str] = "hyperexponential"

    def __post_init__(self) -> None:
        object.__setattr__(self, "means", tuple(self.means))
        object.__setattr__(self, "shares", tuple(self.shares))
        self._require(
            "means", "numbers above 0", holds=len(self.means) > 0 and all(0 < m < math.inf for m in self.means)
        )
        self._require(
            "shares",
            "one for each mean, 0 or more, summing to 1",
            holds=len(self.shares) == len(self.means) and min(self.shares) >= 0 and math.isclose(sum(self.shares), 1),
        )

    @property
    def mean(self) -> float:
        return sum(m * p for m, p in zip(self.means, self.shares, strict=True))

    def quantile(self, u: Numbers) -> Floats:
        # No closed form: bisection on the survival function, to 1e-12 of the bracket.
        tail: Floats = 1 - np.asarray(u, dtype=float)
        low = np.zeros_like(tail)
        high = -max(self.means) * np.log(tail)
        for _ in range(60):
            middle = (low + high) / 2
            survival = sum(p * np.exp(-middle / m) for m, p in zip(self.means, self.shares, strict=True))
            low, high = np.where(survival > tail, middle, low), np.where(survival > tail, high, middle)
        return np.asarray((low + high) / 2)

    def cdf(self, x: Numbers) -> Floats:
        """The share of the distribution at or below `x`."""
        return np.asarray(sum(-p * np.expm1(-np.asarray(x) / m) for m, p in zip(self.means, self.shares, strict=True)))

    @property
    def edges(self) -> Floats:
        """f8[means + 1]: where the part of each mean begins, and 1, as shares of all."""
        return np.array([0.0, *np.cumsum(self.shares)[:-1], 1.0])

    def draw(self, u: Numbers) -> Floats:
        # One uniform chooses the mean and, from its place within that share, the exponential: a caller of the longer
        # mean has it in every variant.
        uniforms, edges = np.asarray(u, np.float64), self.edges
        which = np.searchsorted(edges[1:-1], uniforms, side="right")
        within = np.minimum((uniforms - edges[which]) / (edges[which + 1] - edges[which]), BELOW_ONE)
        return np.asarray(-np.array(self.means, np.float64)[which] * log(1.0 - within))

    def sample(self, generator: np.random.Generator, size: int) -> Floats:
        which = np.searchsorted(np.cumsum(self.shares)[:-1], generator.random(size), side="right")
        return np.asarray(np.array(self.means)[which] * generator.standard_exponential(size))


@dataclass(frozen=True)
class WithZero(Distribution):
    """Zero with probability `share_zero`, otherwise a draw from `other`: some callers will not wait at all.

    >>> from simulation.sampling.families import Exponential
    >>> WithZero(0.1, Exponential(1000)).mean
    900.0
    """

    share_zero: float
    other: Distribution
    kind: ClassVar[str] = "with_zero"

    def __post_init__(self) -> None:
        self._require("share_zero", "between 0 and 1", holds=0 <= self.share_zero <= 1)

    @property
    def mean(self) -> float:
        return (1 - self.share_zero) * self.other.mean

    def quantile(self, u: Numbers) -> Floats:
        return self._of_other(u, self.other.quantile)

    def draw(self, u: Numbers) -> Floats:
        return self._of_other(u, self.other.draw)

    def cdf(self, x: Numbers) -> Floats:
        """The share of the distribution at or below `x`."""
        return np.asarray(self.share_zero + (1 - self.share_zero) * self.other.cdf(x))

    def _of_other(self, u: Numbers, values_of: Callable[[Numbers], Floats]) -> Floats:
        uniforms = np.asarray(u, dtype=float)
        positive = uniforms >= self.share_zero
        values = np.zeros(uniforms.shape)
        if self.share_zero < 1:
            within = (uniforms[positive] - self.share_zero) / (1 - self.share_zero)
            values[positive] = values_of(np.minimum(within, BELOW_ONE))
        return values

    def sample(self, generator: np.random.Generator, size: int) -> Floats:
        return np.where(generator.random(size) < self.share_zero, 0.0, self.other.sample(generator, size))


@dataclass(frozen=True)
class Empirical(Distribution):
    """Observed values, each equally likely.

    >>> Empirical((30, 10, 20)).quantile(np.array([0.0, 0.5, 0.99])).tolist()
    [10.0, 20.0, 30.0]
    """

    values: tuple[float, ...]
    kind: ClassVar[str] = "empirical"

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(sorted(self.values)))
        self._require("values", "at least one value, none below 0", holds=len(self.values) > 0 and self.values[0] >= 0)

    @property
    def mean(self) -> float:
        return math.fsum(self.values) / len(self.values)

    def quantile(self, u: Numbers) -> Floats:
        ordered = np.array(self.values, dtype=float)
        found: Floats = ordered[np.minimum((np.asarray(u) * len(ordered)).astype(np.int64), len(ordered) - 1)]
        return found

    def cdf(self, x: Numbers) -> Floats:
        """The share of the distribution at or below `x`."""
        return np.asarray(np.searchsorted(np.array(self.values), x, side="right") / len(self.values))


@dataclass(frozen=True)
class Capped(Distribution):
    """`other`, cut off at `most`: a time with an upper limit.

    >>> from simulation.sampling.families import Exponential
    >>> round(Capped(Exponential(60), 60).mean / 60, 4)  # 1 - 1/e
    0.6321
    """

    other: Distribution
    most: float
    kind: ClassVar[str] = "capped"
    stated: ClassVar[bool] = False

    @property
    def mean(self) -> float:
        return float(self.quantile((np.arange(20_000) + 0.5) / 20_000).mean())

    def quantile(self, u: Numbers) -> Floats:
        return np.asarray(np.minimum(self.other.quantile(u), self.most))

    def draw(self, u: Numbers) -> Floats:
        return np.asarray(np.minimum(self.other.draw(u), self.most))

    def cdf(self, x: Numbers) -> Floats:
        """The share of the distribution at or below `x`."""
        return np.asarray(np.where(np.asarray(x) >= self.most, 1.0, self.other.cdf(x)))
