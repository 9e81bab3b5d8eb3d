"""Poisson arrivals at one rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.values.units import US_PER_S
from simulation.arrays import Times
from simulation.workload.arrivals.base import S_PER_HOUR, Busyness, Expected, expected, poisson_times_us, require_rate

__all__ = ["ARRIVALS", "Constant"]


@dataclass(frozen=True)
class Constant:
    """Poisson arrivals at a constant rate.

    Parameters
    ----------
    per_hour : float
        Mean calls an hour.

    Examples
    --------
    >>> Constant(per_hour=120).expected_calls(1_800_000_000)
    60.0
    """

    per_hour: float

    def __post_init__(self) -> None:
        require_rate(self.per_hour, "arrivals per_hour")

    def expected_calls(self, horizon_us: int) -> float:
        """Return the mean number of calls in [0, horizon_us)."""
        return self.per_hour * horizon_us / (US_PER_S * S_PER_HOUR)

    def expected(self, horizon_us: int, busyness: Busyness = 1.0) -> Expected:
        """Return how many calls are expected by when."""
        return expected(horizon_us, per_hour=(self.per_hour,), edges_us=np.array([0, horizon_us]), busyness=busyness)

    def times_us(
        self,
        generator: np.random.Generator,
        horizon_us: int,
        *,
        busy_u: float | None = None,
        busyness: Busyness = 1.0,
    ) -> Times:
        """Return sorted arrival times (see ``ArrivalProcess``)."""
        return poisson_times_us(generator, horizon_us, self.expected(horizon_us, busyness))


ARRIVALS = Constant
