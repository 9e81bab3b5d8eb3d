"""How long callers are willing to wait: what M/M/n+G needs to know about a distribution."""

from __future__ import annotations

from typing import Protocol

from simulation.arrays import Floats
from simulation.sampling.base import Numbers
from simulation.sampling.families import Constant, Exponential, Lognormal, Uniform
from simulation.sampling.triangular import Triangular

__all__ = ["Constant", "Exponential", "Lognormal", "Patience", "Triangular", "Uniform"]


class Patience(Protocol):
    """A distribution of patience, in seconds; all of the families re-exported here are one.

    >>> float(Exponential(60).cdf(60.0))
    0.6321205588285577
    >>> round(float(Lognormal(60, cv=1.0).mean_up_to(1e9)), 6)
    60.0
    """

    @property
    def mean(self) -> float:
        """Mean patience."""
        ...

    @property
    def breaks(self) -> tuple[float, ...]:
        """Where the distribution has a jump or a kink."""
        ...

    def cdf(self, x: Numbers) -> Floats:
        """Return the share of callers whose patience is at most `x`."""
        ...

    def mean_up_to(self, x: Numbers) -> Floats:
        """Return the mean of min(patience, `x`)."""
        ...
