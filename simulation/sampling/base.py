"""What every distribution offers: mean, distribution function, quantiles and independent samples.

Units are up to the calling code; scenarios use seconds. Every distribution lives on [0, inf). ``quantile`` is the
inverse of the distribution function. ``draw`` takes one uniform for each value as well, which allows common random
numbers: it is what callers are given, here and, bit for bit, in the compiled drawing (``simulation.drawing``).
``sample`` draws from the same distribution and is faster.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from flows.source.finding import Finding, ScenarioError
from simulation.arrays import Floats

__all__ = ["BELOW_ONE", "MAX_CV", "Distribution", "Numbers"]

MAX_CV = 100
"""Largest coefficient of variation. A sample needs about cv squared values to come near the mean: with a wider
distribution nearly all draws lie far below the stated mean, and a run says nothing about it."""
BELOW_ONE = 1 - 2.0**-53
"""The largest uniform."""
Numbers = npt.NDArray[np.float64] | np.float64 | float
"""One number, or an array of any shape."""


class Distribution(ABC):
    """Base of all distributions: subclasses are frozen dataclasses with ``kind``, ``mean``, ``quantile`` and
    ``cdf``."""

    kind: ClassVar[str]
    stated: ClassVar[bool] = True
    """Whether a scenario may name it."""

    if TYPE_CHECKING:  # some distributions have it as a field, others compute it

        @property
        def mean(self) -> float: ...

    @abstractmethod
    def quantile(self, u: Numbers) -> Floats:
        """Return the values below which shares `u` of the distribution lie (f8, shape of `u`, each in [0, 1))."""

    @abstractmethod
    def cdf(self, x: Numbers) -> Floats:
        """Return the shares of the distribution at or below `x` (f8, shape of `x`, each 0 or more)."""

    def draw(self, u: Numbers) -> Floats:
        """Return the values of callers with uniforms `u` (f8, shape of `u`): quantiles, or as good and quicker."""
        return self.quantile(u)

    def sample(self, generator: np.random.Generator, size: int) -> Floats:
        """Return `size` independent values (f8)."""
        return self.quantile(generator.random(size))

    def _require(self, field: str, allowed: str, *, holds: bool) -> None:
        if not holds:
            raise ScenarioError(
                Finding(
                    code="X005",
                    severity="error",
                    message=f"{self.kind}: {field} is {getattr(self, field)}; it must be {allowed}",
                )
            )

    def _require_within(self, field: str, low: float, high: float) -> None:
        self._require(field, f"from {low:g} to {high:,}", holds=low <= getattr(self, field) <= high)

    def _require_positive(self, *fields: str) -> None:
        for field in fields:
            self._require(field, "a number above 0", holds=0 < getattr(self, field) < math.inf)
