"""Days that are busier or quieter as a whole: another process times one gamma factor a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.arrays import Times
from simulation.sampling.distributions import Gamma
from simulation.workload.arrivals.base import ArrivalProcess, Busyness, busier

__all__ = ["ARRIVALS", "GammaBusy"]


@dataclass(frozen=True)
class GammaBusy:
    """Another process, all its rates multiplied by one gamma factor of mean 1.

    Counts then vary more than Poisson and all intervals of a day rise and fall
    together (Avramidis, Deslauriers and L'Ecuyer 2004, "Modeling daily
    arrivals to a telephone call center", Management Science 50(7), model 1).

    Parameters
    ----------
    of : ArrivalProcess
    alpha : float
        Shape; the factor's standard deviation is 1 / sqrt(alpha).

    Examples
    --------
    >>> from simulation.workload.arrivals.constant import Constant
    >>> busy = GammaBusy(of=Constant(per_hour=100), alpha=10)
    >>> busy.expected_calls(3_600_000_000), round(busy.factor(0.5), 4)
    (100.0, 0.9669)
    """

    of: ArrivalProcess
    alpha: float

    def __post_init__(self) -> None:
        Gamma(mean=1.0, alpha=self.alpha)  # refuses an impossible alpha

    def factor(self, busy_u: float) -> float:
        """Return the factor below which a share `busy_u` of days lies."""
        return float(Gamma(mean=1.0, alpha=self.alpha).quantile(np.float64(busy_u)))

    def expected_calls(self, horizon_us: int) -> float:
        """Return the mean number of calls in [0, horizon_us), over all days."""
        return self.of.expected_calls(horizon_us)

    def times_us(
        self,
        generator: np.random.Generator,
        horizon_us: int,
        *,
        busy_u: float | None = None,
        busyness: Busyness = 1.0,
    ) -> Times:
        """Return sorted arrival times of one day (see ``ArrivalProcess``)."""
        # Drawn even if busy_u is given, so that the arrivals after it stay the same.
        drawn = generator.random()
        factor = self.factor(drawn if busy_u is None else busy_u)
        return self.of.times_us(generator, horizon_us, busyness=busier(busyness, factor))


ARRIVALS = GammaBusy
