"""Many calls within a short time: Poisson arrivals at a constant rate, from a given moment on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.values.units import US_PER_S
from simulation.arrays import Times
from simulation.workload.arrivals.base import S_PER_HOUR, Busyness, Expected, expected, poisson_times_us, require_rate

__all__ = ["ARRIVALS", "Surge"]


@dataclass(frozen=True)
class Surge:
    """Poisson arrivals over a stretch of time, and none before or after it.

    Parameters
    ----------
    calls : float
        Expected number, 0 or more.
    at_us, over_us : int
        When it begins and how long it lasts, microseconds.

    Examples
    --------
    >>> Surge(calls=60, at_us=0, over_us=2_000_000).expected_calls(1_000_000)
    30.0
    """

    calls: float
    at_us: int
    over_us: int

    def __post_init__(self) -> None:
        require_rate(self.calls, "calls of a surge")

    def expected_calls(self, horizon_us: int) -> float:
        """Return the mean number of calls in [0, horizon_us)."""
        return self.calls * min(max(horizon_us - self.at_us, 0), self.over_us) / self.over_us

    def expected(self, busyness: Busyness = 1.0) -> Expected:
        """Return how many calls are expected by when, from the moment at which it begins."""
        per_hour = self.calls * US_PER_S * S_PER_HOUR / self.over_us
        return expected(self.over_us, per_hour=(per_hour,), edges_us=np.array([0, self.over_us]), busyness=busyness)

    def times_us(
        self,
        generator: np.random.Generator,
        horizon_us: int,
        *,
        busy_u: float | None = None,
        busyness: Busyness = 1.0,
    ) -> Times:
        """Return sorted arrival times (see ``ArrivalProcess``)."""
        times = poisson_times_us(generator, self.over_us, self.expected(busyness)) + self.at_us
        return times[times < horizon_us]


ARRIVALS = Surge
