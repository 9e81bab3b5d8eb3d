"""Long runs in steady state: their draws, and figures with standard errors from batches.

The beginning is discarded and the rest is cut into batches by time. The arrivals and mean draws of each batch, whose
expectations are known, are control variates (Law, "Simulation modeling and analysis", section 11.4); the remaining
variation between batches gives the standard error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.records.schema import NEVER, NONE
from ivr.records.tables import Records
from ivr.routing import RoutingTable
from simulation.sampling.distributions import Distribution
from simulation.sampling.streams import Streams
from simulation.tables.checks import CallTable, StaffTable, microseconds
from simulation.validation.target import Sample
from simulation.workload.arrivals.constant import Constant

__all__ = [
    "ONE_QUEUE",
    "UNIT_S",
    "UNIT_US",
    "Batches",
    "LongRun",
    "Simulate",
    "controlled_mean",
    "drawn_us",
    "merged",
    "one_queue",
    "queue_figures",
]

UNIT_S = 60.0
"""The time unit of the true values, in simulated seconds."""
UNIT_US = 60_000_000
ONE_QUEUE = RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),))

Simulate = Callable[..., Records]
"""``simulate`` of an engine: tables to records (``simulation.engines.contract.Engine``)."""
Floats = NDArray[np.float64]
Times = NDArray[np.int64]
Values = NDArray[Any]
"""Numbers or booleans."""


@dataclass(frozen=True)
class LongRun:
    """A long run: its length, streams, warm-up and batches.

    Parameters
    ----------
    units : float
        Length, in time units.
    streams : Streams
    warm_up : float
        How much to discard at the beginning, in time units.
    batches : int
        How many batches the rest is cut into: few enough that each is long compared with the system's memory.

    Examples
    --------
    >>> LongRun(2.0, Streams(seed=1)).horizon_us
    120000000
    """

    units: float
    streams: Streams
    warm_up: float = 30.0
    batches: int = 50

    @property
    def horizon_us(self) -> int:
        return round(self.units * UNIT_US)

    def arrivals(self, per_unit: float, name: str = "arrivals") -> Times:
        """Sorted times of a Poisson process, microseconds."""
        return Constant(per_unit * 3_600 / UNIT_S).times_us(self.streams.generator(name), self.horizon_us)

    def times(self, name: str, distribution: Distribution | None, n: int) -> Times:
        """Drawn times, microseconds; NEVER without a distribution."""
        return drawn_us(self.streams, name, distribution, n)

    def agents(self, **groups: int) -> StaffTable:
        """Agents by group, on duty for the whole run."""
        return StaffTable.constant(groups, 0, self.horizon_us)


class Batches:
    """A run cut into batches by time, with control variates.

    Parameters
    ----------
    run : LongRun
    arrived_us : numpy.ndarray
        External arrivals of callers.
    per_unit : float
        Their rate per time unit.
    *draws : (values, expectation)
        Values drawn for each caller.
    """

    def __init__(self, run: LongRun, arrived_us: Times, per_unit: float, *draws: tuple[Values, float]) -> None:
        self.edges_us = np.linspace(run.warm_up, run.units, run.batches + 1) * UNIT_US
        count = self.sums(np.ones(len(arrived_us)), arrived_us)
        columns = [count / (per_unit * self.units) - 1]
        columns += [self.sums(values.astype(float), arrived_us) / count / mean - 1 for values, mean in draws]
        self.controls = np.column_stack(columns)

    @property
    def units(self) -> float:
        """Length of a batch, time units."""
        return float(self.edges_us[1] - self.edges_us[0]) / UNIT_US

    def sums(self, values: Values, at_us: Times) -> Floats:
        """Sum of values by batch, each at its time."""
        batch = np.searchsorted(self.edges_us, at_us, side="right") - 1
        inside = (batch >= 0) & (batch < len(self.edges_us) - 1)
        return np.bincount(batch[inside], values[inside], len(self.edges_us) - 1).astype(float, copy=False)

    def ratio(self, top: Values, bottom: Values, at_us: Times) -> Sample:
        """Sum of `top` over sum of `bottom`, each value at its time."""
        tops, bottoms = self.sums(top.astype(float), at_us), self.sums(bottom.astype(float), at_us)
        ratio = float(tops.sum() / bottoms.sum())
        # Delta method: the residual of each batch from the ratio.
        rest = controlled_mean((tops - ratio * bottoms) / bottoms.mean(), self.controls)
        return Sample(ratio + rest.mean, rest.error)

    def mean(self, values: Values, at_us: Times) -> Sample:
        """Mean of values, each at its time."""
        return self.ratio(values, np.ones(len(values)), at_us)

    def rate(self, at_us: Times) -> Sample:
        """Events per time unit."""
        return controlled_mean(self.sums(np.ones(len(at_us)), at_us) / self.units, self.controls)

    def time_average(self, from_us: Times, to_us: Times, capacity: int = 1) -> Sample:
        """Mean over time of the number of open intervals, divided by a capacity."""
        # Open time before t, summed over intervals: sum of min(to, t) - min(from, t).
        before = np.array([np.sum(np.minimum(to_us, t) - np.minimum(from_us, t)) for t in self.edges_us])
        return controlled_mean(np.diff(before) / np.diff(self.edges_us) / capacity, self.controls)

    def occupancy(self, records: Records, agents: int, group: int = 0) -> Sample:
        """Share of a group's time spent talking."""
        visits = records.visits
        talked = (visits["agent"] != NONE) & (visits["group"] == group)
        answered = visits["answered_us"][talked].astype(float)
        return self.time_average(answered, answered + visits["talk_us"][talked], agents)


def drawn_us(streams: Streams, name: str, distribution: Distribution | None, n: int) -> Times:
    """Return drawn times, microseconds; NEVER without a distribution."""
    if distribution is None:
        return np.full(n, NEVER)
    return microseconds(distribution.sample(streams.generator(name), n))


def controlled_mean(values: Floats, controls: Floats) -> Sample:
    """Return the mean by least squares on controls with expectation 0: the value where all controls are 0.

    Two batches of 1 and 3 at controls -1 and 1, and two that lie 0.1 off the line:

    >>> found = controlled_mean(np.array([1.0, 3.0, 2.1, 1.9]), np.array([[-1.0], [1.0], [0.0], [0.0]]))
    >>> round(found.mean, 6), round(found.error, 6)
    (2.0, 0.05)
    """
    x = np.column_stack([np.ones(len(values)), controls])
    beta, _, _, _ = np.linalg.lstsq(x, values, rcond=None)
    off = values - x @ beta
    variance = off @ off / (len(values) - x.shape[1]) * np.linalg.inv(x.T @ x)[0, 0]
    return Sample(float(beta[0]), math.sqrt(variance))


def merged(times_of_sources: Sequence[Times]) -> tuple[Times, Times]:
    """Return the sorted times of several sources, and the source of each.

    >>> [a.tolist() for a in merged([np.array([1, 5]), np.array([3])])]
    [[1, 3, 5], [0, 1, 0]]
    """
    times = np.concatenate(times_of_sources)
    source = np.repeat(np.arange(len(times_of_sources)), [len(t) for t in times_of_sources])
    order = np.argsort(times, kind="stable")
    return times[order], source[order]


def one_queue(
    simulate: Simulate,
    run: LongRun,
    *,
    per_unit: float,
    talk: Distribution,
    agents: int,
    patience: Distribution | None = None,
    within: float = 0.0,
) -> dict[str, Sample]:
    """Return the figures of one queue with Poisson arrivals, run by an engine; rates and times are in time units."""
    arrived = run.arrivals(per_unit)
    talk_us, patience_us = run.times("talk", talk, len(arrived)), run.times("patience", patience, len(arrived))
    calls = CallTable.of(arrived_us=arrived, talk_us=talk_us, patience_us=patience_us)
    records = simulate(calls, run.agents(agents=agents), ONE_QUEUE, horizon_us=run.horizon_us)
    draws = [(talk_us, talk.mean * 1e6)] + ([(patience_us, patience.mean * 1e6)] if patience else [])
    return queue_figures(records, Batches(run, arrived, per_unit, *draws), within=within)


def queue_figures(records: Records, batches: Batches, *, within: float) -> dict[str, Sample]:
    """Return the usual figures of a queue, per call that joined it; a wait of exactly `within` time units counts."""
    visits = records.visits
    wait = visits["left_us"] - visits["offered_us"]
    handled = visits["agent"] != NONE
    values = {
        "wait probability": wait > 0,
        "abandonment": ~handled,
        "mean wait": wait / UNIT_US,
        "handled within T": handled & (wait <= within * UNIT_US),
    }
    return {name: batches.mean(value, visits["offered_us"]) for name, value in values.items()}
