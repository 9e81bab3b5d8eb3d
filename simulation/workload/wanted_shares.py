"""What callers want over the horizon: the shares of the intents, for all of it or from period to period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.arrays import Floats, Ints, Times
from simulation.scenario.model import Scenario
from simulation.workload.arrivals import ArrivalProcess

__all__ = ["WantedShares", "wanted_shares"]


@dataclass(frozen=True)
class WantedShares:
    """Shares of the intents, constant within each period.

    Parameters
    ----------
    begins_us : numpy.ndarray
        i8[periods - 1], sorted: when each period after the first begins.
    share : numpy.ndarray
        f8[periods, intents].
    """

    begins_us: Times
    share: Floats

    def period(self, at_us: Times) -> Ints:
        """The period of each moment; what happens where a period begins belongs to it.

        >>> WantedShares(np.array([10]), np.eye(2)).period(np.array([0, 9, 10, 99])).tolist()
        [0, 0, 1, 1]
        """
        return np.asarray(np.searchsorted(self.begins_us, at_us, side="right"))

    def average(self, process: ArrivalProcess, horizon_us: int) -> Floats:
        """The shares among all calls of the horizon, f8[intents]: each period counts by the calls expected in it."""
        if len(self.share) == 1:
            return np.asarray(self.share[0])
        until = [process.expected_calls(int(at)) for at in (*self.begins_us, horizon_us)]
        calls = np.diff([0.0, *until])
        if not calls.any():
            calls = np.ones(len(calls))
        return np.asarray(calls @ self.share / calls.sum())


def wanted_shares(scenario: Scenario) -> WantedShares:
    """Return what callers want, as stated: one period, or one for each interval if any share differs between them."""
    stated = [intent.share for intent in scenario.intents.values()]
    if all(len(shares) == 1 for shares in stated):
        return WantedShares(np.zeros(0, np.int64), np.array([[shares[0] for shares in stated]]))
    by_interval = np.array([scenario.spread(shares) for shares in stated], dtype=float).T
    return WantedShares(scenario.cut.edges_us[1:-1], np.ascontiguousarray(by_interval))
