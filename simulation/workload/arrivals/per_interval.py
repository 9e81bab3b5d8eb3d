"""Poisson arrivals whose rate changes from interval to interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flows.values.units import US_PER_S
from simulation.arrays import Times
from simulation.workload.arrivals.base import (
    S_PER_HOUR,
    Busyness,
    Expected,
    expected,
    poisson_times_us,
    rate_error,
    require_rate,
)

__all__ = ["ARRIVALS", "PerInterval"]


@dataclass(frozen=True)
class PerInterval:
    """Poisson arrivals at a rate that is constant within each interval.

    Parameters
    ----------
    per_hour : tuple of float
        Mean calls an hour, interval by interval; none arrive after the last.
    interval_s : float
        Length of an interval, seconds.
    edges_us : sequence of int
        Start of each interval and end of the last, microseconds, if they are not equally long.

    Examples
    --------
    >>> PerInterval.of_counts((20, 30), interval_s=1800).per_hour
    (40.0, 60.0)
    """

    per_hour: tuple[float, ...]
    interval_s: float
    edges_us: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "per_hour", tuple(self.per_hour))
        if not self.per_hour:
            raise rate_error("arrivals per_hour has no value; give one for each interval")
        for i, rate in enumerate(self.per_hour):
            require_rate(rate, f"arrivals per_hour of interval {i + 1}")
        if not self.interval_s > 0:
            raise rate_error(f"interval_s is {self.interval_s}; it must be above 0")

    @classmethod
    def of_counts(cls, calls: Sequence[float], *, interval_s: float) -> PerInterval:
        """Return the process with the given expected calls in each interval."""
        return cls(per_hour=tuple(n * S_PER_HOUR / interval_s for n in calls), interval_s=interval_s)

    @property
    def _edges(self) -> Times:
        if self.edges_us:
            return np.array(self.edges_us, dtype=np.int64)
        return np.arange(len(self.per_hour) + 1, dtype=np.int64) * round(self.interval_s * US_PER_S)

    def expected_calls(self, horizon_us: int) -> float:
        """Return the mean number of calls in [0, horizon_us)."""
        edges = np.minimum(self._edges, horizon_us)
        return float(np.sum(np.diff(edges) * np.array(self.per_hour)) / (US_PER_S * S_PER_HOUR))

    def expected(self, horizon_us: int, busyness: Busyness = 1.0) -> Expected:
        """Return how many calls are expected by when."""
        return expected(horizon_us, per_hour=self.per_hour, edges_us=self._edges, busyness=busyness)

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


ARRIVALS = PerInterval
