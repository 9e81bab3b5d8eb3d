"""Distributions of times and factors: small frozen descriptions with mean, quantile and sampling.

Units are the caller's: what goes in comes out. Scenarios use seconds. Every
distribution lives on [0, inf). ``quantile`` is the inverse of the cumulative
distribution function, one uniform a value, for stratified and common random
numbers; ``sample`` has the same law and is faster.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from flows.source.finding import Finding, ScenarioError

__all__ = [
    "Capped",
    "Constant",
    "Distribution",
    "Empirical",
    "Erlang",
    "Exponential",
    "Gamma",
    "Hyperexponential",
    "Lognormal",
    "Uniform",
    "Weibull",
    "WithZero",
    "kinds",
    "normal_cdf",
    "normal_quantile",
]

MAX_CV = 100
"""Coefficient of variation. To meet the mean of a wider distribution as many values were needed as its square: nearly
all that are drawn lie far below it, so that a run tells nothing of the mean that is stated."""
MAX_PHASES = 1_000_000


class Distribution(ABC):
    """Base of all distributions; subclasses state ``kind``, ``mean`` and ``quantile``."""

    kind: ClassVar[str]
    stated: ClassVar[bool] = True
    """Whether a scenario may name it."""

    @abstractmethod
    def quantile(self, u: np.ndarray) -> np.ndarray:
        """Return the values below which shares `u` of the distribution lie (f8, same shape as `u`, each in [0, 1))."""

    def sample(self, generator: np.random.Generator, size: int) -> np.ndarray:
        """Return `size` independent values (f8)."""
        return self.quantile(generator.random(size))

    def _require(self, field: str, allowed: str, *, holds: bool) -> None:
        if not holds:
            raise ScenarioError(
                Finding(
                    code="distribution",
                    severity="error",
                    message=f"{self.kind}: {field} is {getattr(self, field)}; it must be {allowed}",
                )
            )

    def _require_within(self, field: str, low: float, high: float) -> None:
        self._require(field, f"from {low:g} to {high:,}", holds=low <= getattr(self, field) <= high)

    def _require_positive(self, *fields: str) -> None:
        for field in fields:
            self._require(field, "a number above 0", holds=0 < getattr(self, field) < math.inf)


@dataclass(frozen=True)
class Constant(Distribution):
    """Always the same value, at least 0.

    >>> Constant(90).quantile(np.array([0.1, 0.9])).tolist()
    [90.0, 90.0]
    """

    value: float
    kind: ClassVar[str] = "constant"

    def __post_init__(self) -> None:
        self._require("value", "0 or more", holds=self.value >= 0)

    @property
    def mean(self) -> float:
        return float(self.value)

    def quantile(self, u: np.ndarray) -> np.ndarray:
        return np.full(np.shape(u), float(self.value))


@dataclass(frozen=True)
class Uniform(Distribution):
    """Uniform between `low` and `high`.

    >>> Uniform(10, 20).quantile(np.array([0.25])).tolist()
    [12.5]
    """

    low: float
    high: float
    kind: ClassVar[str] = "uniform"

    def __post_init__(self) -> None:
        self._require("low", "0 or more", holds=0 <= self.low < math.inf)
        self._require("high", f"at least low ({self.low})", holds=self.low <= self.high < math.inf)

    @property
    def mean(self) -> float:
        return (self.low + self.high) / 2

    def quantile(self, u: np.ndarray) -> np.ndarray:
        return self.low + (self.high - self.low) * np.asarray(u)


@dataclass(frozen=True)
class Exponential(Distribution):
    """Exponential with the given mean; F(x) = 1 - exp(-x / mean).

    >>> Exponential(60).quantile(np.array([0.5])).round(3).tolist()
    [41.589]
    """

    mean: float
    kind: ClassVar[str] = "exponential"

    def __post_init__(self) -> None:
        self._require_positive("mean")

    def quantile(self, u: np.ndarray) -> np.ndarray:
        return -self.mean * np.log1p(-np.asarray(u))

    def sample(self, generator: np.random.Generator, size: int) -> np.ndarray:
        return self.mean * generator.standard_exponential(size)


@dataclass(frozen=True)
class Erlang(Distribution):
    """Sum of `phases` independent exponentials, with the given mean in all.

    >>> Erlang(mean=60, phases=1).quantile(np.array([0.5])).round(3).tolist()
    [41.589]
    """

    mean: float
    phases: int
    kind: ClassVar[str] = "erlang"

    def __post_init__(self) -> None:
        self._require_positive("mean")
        self._require(
            "phases",
            f"a whole number from 1 to {MAX_PHASES:,}",
            holds=1 <= self.phases <= MAX_PHASES and self.phases == int(self.phases),
        )

    def quantile(self, u: np.ndarray) -> np.ndarray:
        from scipy.special import gammaincinv

        return gammaincinv(self.phases, u) * (self.mean / self.phases)

    def sample(self, generator: np.random.Generator, size: int) -> np.ndarray:
        return generator.standard_gamma(self.phases, size) * (self.mean / self.phases)


@dataclass(frozen=True)
class Gamma(Distribution):
    """Gamma with mean and shape `alpha`; its standard deviation is mean / sqrt(alpha).

    With mean 1 it is the usual factor by which a whole day is busier or calmer
    (Avramidis, Deslauriers and L'Ecuyer 2004, "Modeling daily arrivals to a
    telephone call center", Management Science 50(7)).

    >>> round(Gamma(mean=1, alpha=4).sd, 3)
    0.5
    """

    mean: float
    alpha: float
    kind: ClassVar[str] = "gamma"

    def __post_init__(self) -> None:
        self._require_positive("mean", "alpha")
        self._require("alpha", f"at least {MAX_CV**-2:g}, that is a cv of {MAX_CV}", holds=self.alpha >= MAX_CV**-2)

    @property
    def sd(self) -> float:
        return self.mean / math.sqrt(self.alpha)

    def quantile(self, u: np.ndarray) -> np.ndarray:
        from scipy.special import gammaincinv

        return gammaincinv(self.alpha, u) * (self.mean / self.alpha)

    def sample(self, generator: np.random.Generator, size: int) -> np.ndarray:
        return generator.standard_gamma(self.alpha, size) * (self.mean / self.alpha)


@dataclass(frozen=True)
class Lognormal(Distribution):
    """Lognormal with its own mean and coefficient of variation (sd / mean), not those of the logarithm.

    Handle times are usually close to lognormal (Brown et al. 2005, "Statistical
    analysis of a telephone call center", JASA 100(469)).

    >>> Lognormal.from_sd(mean=240, sd=180).cv
    0.75
    """

    mean: float
    cv: float
    kind: ClassVar[str] = "lognormal"

    def __post_init__(self) -> None:
        self._require_positive("mean", "cv")
        self._require("cv", f"at most {MAX_CV}", holds=self.cv <= MAX_CV)

    @classmethod
    def from_sd(cls, *, mean: float, sd: float) -> Lognormal:
        """Return the lognormal of this mean and standard deviation."""
        return cls(mean=mean, cv=sd / mean if mean else math.inf)

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm: sigma^2 = ln(1 + cv^2)."""
        return math.sqrt(math.log1p(self.cv**2))

    @property
    def mu(self) -> float:
        """Mean of the logarithm: mu = ln(mean) - sigma^2 / 2."""
        return math.log(self.mean) - self.sigma**2 / 2

    def quantile(self, u: np.ndarray) -> np.ndarray:
        from scipy.special import ndtri

        return np.exp(self.mu + self.sigma * ndtri(u))

    def sample(self, generator: np.random.Generator, size: int) -> np.ndarray:
        return np.exp(self.mu + self.sigma * generator.standard_normal(size))


@dataclass(frozen=True)
class Weibull(Distribution):
    """Weibull with mean and shape; shape below 1 means the longer so far, the longer still.

    >>> Weibull(mean=60, shape=1).quantile(np.array([0.5])).round(3).tolist()
    [41.589]
    """

    mean: float
    shape: float
    kind: ClassVar[str] = "weibull"

    def __post_init__(self) -> None:
        self._require_positive("mean")
        self._require_within("shape", 0.1, 1000)

    @property
    def scale(self) -> float:
        """F(x) = 1 - exp(-(x / scale)^shape)."""
        return self.mean / math.gamma(1 + 1 / self.shape)

    def quantile(self, u: np.ndarray) -> np.ndarray:
        return self.scale * (-np.log1p(-np.asarray(u))) ** (1 / self.shape)


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
        return sum(m * p for m, p in zip(self.means, self.shares))

    def quantile(self, u: np.ndarray) -> np.ndarray:
        # No closed form: bisection on the survival function, to 1e-12 of the bracket.
        tail = 1 - np.asarray(u, dtype=float)
        low = np.zeros_like(tail)
        high = -max(self.means) * np.log(tail)
        for _ in range(60):
            middle = (low + high) / 2
            survival = sum(p * np.exp(-middle / m) for m, p in zip(self.means, self.shares))
            low, high = np.where(survival > tail, middle, low), np.where(survival > tail, high, middle)
        return (low + high) / 2

    def sample(self, generator: np.random.Generator, size: int) -> np.ndarray:
        which = np.searchsorted(np.cumsum(self.shares)[:-1], generator.random(size), side="right")
        return np.array(self.means)[which] * generator.standard_exponential(size)


@dataclass(frozen=True)
class WithZero(Distribution):
    """Zero with probability `share_zero`, otherwise a draw of `other`: callers who will not wait at all.

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

    def quantile(self, u: np.ndarray) -> np.ndarray:
        u = np.asarray(u, dtype=float)
        positive = u >= self.share_zero
        values = np.zeros(u.shape)
        if self.share_zero < 1:
            values[positive] = self.other.quantile((u[positive] - self.share_zero) / (1 - self.share_zero))
        return values

    def sample(self, generator: np.random.Generator, size: int) -> np.ndarray:
        return np.where(generator.random(size) < self.share_zero, 0.0, self.other.sample(generator, size))


@dataclass(frozen=True)
class Empirical(Distribution):
    """Values that were observed, each equally likely.

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

    def quantile(self, u: np.ndarray) -> np.ndarray:
        ordered = np.array(self.values, dtype=float)
        return ordered[np.minimum((np.asarray(u) * len(ordered)).astype(np.int64), len(ordered) - 1)]


@dataclass(frozen=True)
class Capped(Distribution):
    """`other`, cut off at `most`: what a system bears no longer.

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

    def quantile(self, u: np.ndarray) -> np.ndarray:
        return np.minimum(self.other.quantile(u), self.most)


def kinds() -> dict[str, type[Distribution]]:
    """Return every distribution by the name scenarios use; its fields are what a scenario states.

    >>> kinds()["exponential"](60)
    Exponential(mean=60)
    """
    return {cls.kind: cls for cls in Distribution.__subclasses__() if cls.stated}


def normal_quantile(u: np.ndarray) -> np.ndarray:
    """The values below which shares `u` of the standard normal distribution lie.

    >>> normal_quantile(np.array([0.5])).tolist()
    [0.0]
    """
    from scipy.special import ndtri

    return ndtri(u)


def normal_cdf(z: np.ndarray) -> np.ndarray:
    """The share of the standard normal distribution below `z`, and less than 1.

    >>> normal_cdf(np.array([0.0])).tolist()
    [0.5]
    """
    from scipy.special import ndtr

    return np.minimum(ndtr(z), np.nextafter(1.0, 0.0))
