"""The families of distributions: each with its own parameters, and closed forms where they exist."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simulation.arrays import Floats
from simulation.sampling.base import MAX_CV, Distribution, Numbers
from simulation.sampling.elementary import exp, log
from simulation.sampling.gamma_table import gamma_draw
from simulation.sampling.normal import normal_quantile

__all__ = ["Constant", "Erlang", "Exponential", "Gamma", "Lognormal", "Uniform", "Weibull"]

MAX_PHASES = 1_000_000


@dataclass(frozen=True)
class Constant(Distribution):
    """Always the same value, at least 0.

    >>> Constant(90).quantile(np.array([0.1, 0.9])).tolist(), float(Constant(60).mean_up_to(90.0))
    ([90.0, 90.0], 60.0)
    """

    value: float
    kind: ClassVar[str] = "constant"

    def __post_init__(self) -> None:
        self._require("value", "0 or more", holds=self.value >= 0)

    @property
    def mean(self) -> float:
        return float(self.value)

    @property
    def breaks(self) -> tuple[float, ...]:
        """Where the distribution function has a jump or a kink."""
        return (self.value,)

    def quantile(self, u: Numbers) -> Floats:
        return np.full(np.shape(u), float(self.value))

    def cdf(self, x: Numbers) -> Floats:
        """The share of the distribution at or below `x`."""
        return np.where(np.asarray(x) >= self.value, 1.0, 0.0)

    def mean_up_to(self, x: Numbers) -> Floats:
        """The mean of the smaller of a value and `x`."""
        return np.asarray(np.minimum(x, self.value))


@dataclass(frozen=True)
class Uniform(Distribution):
    """Uniform between `low` and `high`.

    >>> Uniform(10, 20).quantile(np.array([0.25])).tolist(), float(Uniform(0, 120).cdf(30.0))
    ([12.5], 0.25)
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

    @property
    def breaks(self) -> tuple[float, ...]:
        """Where the distribution function has a jump or a kink."""
        return (self.low, self.high)

    def quantile(self, u: Numbers) -> Floats:
        return self.low + (self.high - self.low) * np.asarray(u)

    def cdf(self, x: Numbers) -> Floats:
        """The share of the distribution at or below `x`."""
        if self.low == self.high:
            return np.where(np.asarray(x) >= self.low, 1.0, 0.0)
        return np.asarray(np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0))

    def mean_up_to(self, x: Numbers) -> Floats:
        """The mean of the smaller of a value and `x`."""
        if self.low == self.high:
            return np.asarray(np.minimum(x, self.low))
        inside = np.clip(x - self.low, 0.0, self.high - self.low)
        return np.asarray(np.minimum(x, self.low) + inside - inside**2 / (2 * (self.high - self.low)))


@dataclass(frozen=True)
class Exponential(Distribution):
    """Exponential with the given mean; F(x) = 1 - exp(-x / mean).

    >>> Exponential(60).quantile(np.array([0.5])).round(3).tolist()
    [41.589]
    """

    mean: float
    kind: ClassVar[str] = "exponential"
    breaks: ClassVar[tuple[float, ...]] = ()

    def __post_init__(self) -> None:
        self._require_positive("mean")

    def quantile(self, u: Numbers) -> Floats:
        # 1 - u is exact: uniforms are multiples of 2**-53.
        return np.asarray(-self.mean * log(1.0 - np.asarray(u, np.float64)))

    def cdf(self, x: Numbers) -> Floats:
        """The share of the distribution at or below `x`."""
        return np.asarray(-np.expm1(-x / self.mean))

    def mean_up_to(self, x: Numbers) -> Floats:
        """The mean of the smaller of a value and `x`."""
        return np.asarray(-self.mean * np.expm1(-x / self.mean))

    def sample(self, generator: np.random.Generator, size: int) -> Floats:
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

    def quantile(self, u: Numbers) -> Floats:
        from scipy.special import gammaincinv

        return np.asarray(gammaincinv(float(self.phases), np.asarray(u, np.float64)) * (self.mean / self.phases))

    def draw(self, u: Numbers) -> Floats:
        return gamma_draw(float(self.phases), np.asarray(u, np.float64)) * (self.mean / self.phases)

    def cdf(self, x: Numbers) -> Floats:
        """The share of the distribution at or below `x`."""
        from scipy.special import gammainc

        return np.asarray(gammainc(float(self.phases), np.asarray(x, np.float64) * (self.phases / self.mean)))

    def sample(self, generator: np.random.Generator, size: int) -> Floats:
        return generator.standard_gamma(self.phases, size) * (self.mean / self.phases)


@dataclass(frozen=True)
class Gamma(Distribution):
    """Gamma with mean and shape `alpha`; its standard deviation is mean / sqrt(alpha).

    With mean 1 it is the usual factor by which a whole day is busier or quieter
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
        self._require("alpha", f"at least {MAX_CV**-2:g}, which is a cv of {MAX_CV}", holds=self.alpha >= MAX_CV**-2)

    @property
    def sd(self) -> float:
        return self.mean / math.sqrt(self.alpha)

    def quantile(self, u: Numbers) -> Floats:
        from scipy.special import gammaincinv

        return np.asarray(gammaincinv(float(self.alpha), np.asarray(u, np.float64)) * (self.mean / self.alpha))

    def draw(self, u: Numbers) -> Floats:
        return gamma_draw(float(self.alpha), np.asarray(u, np.float64)) * (self.mean / self.alpha)

    def cdf(self, x: Numbers) -> Floats:
        """The share of the distribution at or below `x`."""
        from scipy.special import gammainc

        return np.asarray(gammainc(float(self.alpha), np.asarray(x, np.float64) * (self.alpha / self.mean)))

    def sample(self, generator: np.random.Generator, size: int) -> Floats:
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
    breaks: ClassVar[tuple[float, ...]] = ()

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

    def quantile(self, u: Numbers) -> Floats:
        return exp(self.mu + self.sigma * normal_quantile(np.asarray(u, np.float64)))

    def cdf(self, x: Numbers) -> Floats:
        """The share of the distribution at or below `x`."""
        from scipy.special import ndtr

        with np.errstate(divide="ignore"):  # log 0 = -inf is right: no value is at 0
            return np.asarray(ndtr((np.log(x) - self.mu) / self.sigma))

    def mean_up_to(self, x: Numbers) -> Floats:
        """The mean of the smaller of a value and `x`."""
        from scipy.special import ndtr

        with np.errstate(divide="ignore"):
            log_x = np.log(x)
        below = self.mean * ndtr((log_x - self.mu - self.sigma**2) / self.sigma)
        return np.asarray(below + x * ndtr((self.mu - log_x) / self.sigma))

    def sample(self, generator: np.random.Generator, size: int) -> Floats:
        return np.exp(self.mu + self.sigma * generator.standard_normal(size))


@dataclass(frozen=True)
class Weibull(Distribution):
    """Weibull with mean and shape; with a shape below 1, the longer it has lasted, the longer it will still last.

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

    def quantile(self, u: Numbers) -> Floats:
        # The power by its logarithm, as compiled code takes it.
        return np.asarray(self.scale * exp(log(-log(1.0 - np.asarray(u, np.float64))) / self.shape))

    def cdf(self, x: Numbers) -> Floats:
        """The share of the distribution at or below `x`."""
        return np.asarray(-np.expm1(-((np.asarray(x, np.float64) / self.scale) ** self.shape)))
