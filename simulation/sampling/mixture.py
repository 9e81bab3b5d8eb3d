"""A mixture of any distributions: some calls are short questions, others long complaints."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simulation.arrays import Floats
from simulation.sampling.base import BELOW_ONE, Distribution, Numbers

__all__ = ["Mixture"]

_HALVINGS = 64
"""The bracket is below the last digit then."""


@dataclass(frozen=True)
class Mixture(Distribution):
    """`parts[i]` with probability `shares[i]`.

    >>> from simulation.sampling.families import Constant, Uniform
    >>> Mixture((Constant(60), Uniform(0, 600)), (0.75, 0.25)).mean
    120.0
    """

    parts: tuple[Distribution, ...]
    shares: tuple[float, ...]
    kind: ClassVar[str] = "mixture"
    stated: ClassVar[bool] = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))
        object.__setattr__(self, "shares", tuple(self.shares))
        self._require("parts", "at least one distribution", holds=len(self.parts) > 0)
        self._require(
            "shares",
            "one for each part, 0 or more, summing to 1",
            holds=len(self.shares) == len(self.parts) and min(self.shares) >= 0 and math.isclose(sum(self.shares), 1),
        )

    @property
    def mean(self) -> float:
        return math.fsum(share * part.mean for share, part in self._weighed)

    @property
    def edges(self) -> Floats:
        """f8[parts + 1]: where each part begins, and 1, as shares of all."""
        return np.array([0.0, *np.cumsum(self.shares)[:-1], 1.0])

    @property
    def _weighed(self) -> list[tuple[float, Distribution]]:
        return [(share, part) for share, part in zip(self.shares, self.parts, strict=True) if share > 0]

    def quantile(self, u: Numbers) -> Floats:
        # No closed form: between the least and the largest quantile of the parts, by bisection of F.
        uniforms = np.asarray(u, np.float64)
        of_parts = np.array([part.quantile(uniforms) for _, part in self._weighed])
        low, high = of_parts.min(axis=0), of_parts.max(axis=0)
        high = np.where(self.cdf(low) >= uniforms, low, high)
        for _ in range(_HALVINGS):
            middle = low + (high - low) / 2
            enough = self.cdf(middle) >= uniforms
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return np.asarray(high)

    def cdf(self, x: Numbers) -> Floats:
        """The share of the distribution at or below `x`."""
        return np.asarray(sum(share * part.cdf(x) for share, part in self._weighed))

    def draw(self, u: Numbers) -> Floats:
        # One uniform chooses the part and, from its place within that share, the value: a caller of a part is one of
        # it in every variant.
        uniforms, edges = np.asarray(u, np.float64), self.edges
        which = np.searchsorted(edges[1:-1], uniforms, side="right")
        values = np.zeros(uniforms.shape)
        for number, part in enumerate(self.parts):
            mine = which == number
            if mine.any():
                begin, end = edges[number], edges[number + 1]
                values[mine] = part.draw(np.minimum((uniforms[mine] - begin) / (end - begin), BELOW_ONE))
        return values

    def sample(self, generator: np.random.Generator, size: int) -> Floats:
        which = np.searchsorted(np.cumsum(self.shares)[:-1], generator.random(size), side="right")
        values = np.zeros(size)
        for number, part in enumerate(self.parts):
            mine = which == number
            values[mine] = part.sample(generator, int(mine.sum()))
        return values
