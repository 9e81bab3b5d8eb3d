"""How long callers are willing to wait: the distributions that M/M/n+G is given."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulation.theory.answer import check

__all__ = ["Exponential", "Fixed", "Lognormal", "Patience", "Uniform"]

Seconds = NDArray[np.float64]


class Patience(Protocol):
    """What M/M/n+G needs to know of a distribution of patience; times in seconds."""

    mean_s: float
    breaks_s: tuple[float, ...]
    """Where the distribution has a jump or a kink."""

    def share_gone(self, wait_s: Seconds) -> Seconds:
        """Return the share of callers whose patience is at most `wait_s`."""
        ...

    def mean_up_to(self, wait_s: Seconds) -> Seconds:
        """Return the mean of min(patience, `wait_s`)."""
        ...


@dataclass(frozen=True)
class Exponential:
    """Patience without memory.

    >>> float(Exponential(60).share_gone(60.0))
    0.6321205588285577
    """

    mean_s: float
    breaks_s = ()

    def __post_init__(self) -> None:
        check(patience_s=(self.mean_s, "positive"))

    def share_gone(self, wait_s: Seconds) -> Seconds:
        return -np.expm1(-wait_s / self.mean_s)

    def mean_up_to(self, wait_s: Seconds) -> Seconds:
        return -self.mean_s * np.expm1(-wait_s / self.mean_s)


@dataclass(frozen=True)
class Lognormal:
    """Lognormal patience of a mean and a coefficient of variation (cv = standard deviation / mean).

    >>> round(float(Lognormal(60, cv=1.0).mean_up_to(1e9)), 6)
    60.0
    """

    mean_s: float
    cv: float
    breaks_s = ()

    def __post_init__(self) -> None:
        check(patience_s=(self.mean_s, "positive"), cv=(self.cv, "positive"))

    @property
    def _log_parameters(self) -> tuple[float, float]:
        variance = math.log1p(self.cv**2)
        return math.log(self.mean_s) - variance / 2, math.sqrt(variance)

    def share_gone(self, wait_s: Seconds) -> Seconds:
        from scipy.special import ndtr

        mu, sigma = self._log_parameters
        with np.errstate(divide="ignore"):  # nobody is gone at 0: log 0 = -inf gives exactly that
            return ndtr((np.log(wait_s) - mu) / sigma)

    def mean_up_to(self, wait_s: Seconds) -> Seconds:
        from scipy.special import ndtr

        mu, sigma = self._log_parameters
        with np.errstate(divide="ignore"):
            log_wait = np.log(wait_s)
        return self.mean_s * ndtr((log_wait - mu - sigma**2) / sigma) + wait_s * ndtr((mu - log_wait) / sigma)


@dataclass(frozen=True)
class Uniform:
    """Patience anywhere between two bounds with equal chance.

    >>> float(Uniform(0, 120).share_gone(30.0))
    0.25
    """

    low_s: float
    high_s: float

    def __post_init__(self) -> None:
        check(low_s=(self.low_s, "from 0"), span_s=(self.high_s - self.low_s, "positive"))

    @property
    def mean_s(self) -> float:
        return (self.low_s + self.high_s) / 2

    @property
    def breaks_s(self) -> tuple[float, ...]:
        return (self.low_s, self.high_s)

    def share_gone(self, wait_s: Seconds) -> Seconds:
        return np.clip((wait_s - self.low_s) / (self.high_s - self.low_s), 0.0, 1.0)

    def mean_up_to(self, wait_s: Seconds) -> Seconds:
        inside = np.clip(wait_s - self.low_s, 0.0, self.high_s - self.low_s)
        return np.minimum(wait_s, self.low_s) + inside - inside**2 / (2 * (self.high_s - self.low_s))


@dataclass(frozen=True)
class Fixed:
    """Everybody hangs up after exactly the same wait.

    >>> float(Fixed(60).mean_up_to(90.0))
    60.0
    """

    mean_s: float

    def __post_init__(self) -> None:
        check(patience_s=(self.mean_s, "positive"))

    @property
    def breaks_s(self) -> tuple[float, ...]:
        return (self.mean_s,)

    def share_gone(self, wait_s: Seconds) -> Seconds:
        return np.where(np.asarray(wait_s) >= self.mean_s, 1.0, 0.0)

    def mean_up_to(self, wait_s: Seconds) -> Seconds:
        return np.minimum(wait_s, self.mean_s)
