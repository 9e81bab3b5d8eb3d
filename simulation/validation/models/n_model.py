"""Two classes of callers and two groups of agents, one of which helps the other class, more slowly, and first."""

from __future__ import annotations

import numpy as np

from ivr.records.schema import NONE
from ivr.routing import RoutingTable
from simulation.sampling.distributions import Exponential
from simulation.sampling.streams import Streams
from simulation.tables.checks import CallTable, microseconds
from simulation.validation.long_runs import UNIT_S, UNIT_US, Batches, LongRun, Simulate, merged
from simulation.validation.models.base import Key
from simulation.validation.target import Sample, Target

__all__ = ["TARGETS", "TITLE", "simulated"]

TITLE = "N-model: group 2 also serves class 1, more slowly, and prefers it"
SOURCE = "stationary distribution of the Markov chain, solved with 40 digits"
_ARRIVALS, _AGENTS, _LEAVING = (4.0, 3.0), (7, 8), (0.3, 0.2)
# Service rates by class and group; class 2 never goes to group 1.
_SERVICE = ((0.5, 0.4), (0.5, 0.5))
_CALLS = 70_000

TARGETS = tuple(
    Target(case=case, quantity=quantity, value=value, decimals=6, source=SOURCE, error_below=error)
    for case, quantity, value, error in (
        ("class 1", "queue length", 0.380773, 0.012),
        ("class 2", "queue length", 2.757358, 0.075),
        ("class 1", "abandonment", 0.028558, 0.0013),
        ("class 2", "abandonment", 0.183824, 0.0042),
        ("group 1", "occupancy", 0.831539, 0.0027),
        ("group 2", "occupancy", 0.916934, 0.0028),
    )
)


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """One long run."""
    run = LongRun(_CALLS * size / sum(_ARRIVALS), Streams(seed=700), warm_up=60)
    arrived, klass = merged([run.arrivals(rate, f"arrivals/{k}") for k, rate in enumerate(_ARRIVALS)])
    n = len(arrived)
    work = run.streams.generator("talk").standard_exponential(n)
    patience = run.times("patience", Exponential(UNIT_S), n)
    calls = CallTable.of(
        arrived_us=arrived,
        queue=klass,
        queues=("class 1", "class 2"),
        talk_us=microseconds(UNIT_S * work[:, None] / np.array(_SERVICE)[klass]),
        talk_column=(0, 1),
        patience_us=np.rint(patience / np.array(_LEAVING)[klass]).astype(np.int64),
    )
    routing = RoutingTable(
        queues=("class 1", "class 2"), groups=("group 1", "group 2"), rank=((0, 1), (None, 0)), pull=((0, 0), (0, 1))
    )
    staff = run.agents(**{"group 1": _AGENTS[0], "group 2": _AGENTS[1]})
    records = simulate(calls, staff, routing, horizon_us=run.horizon_us)
    batches = Batches(
        run, arrived, sum(_ARRIVALS), (work, 1.0), (patience, UNIT_US), (klass, _ARRIVALS[1] / sum(_ARRIVALS))
    )
    visits = records.visits
    found: dict[Key, Sample] = {}
    for k in (0, 1):
        own = visits["queue"] == k
        offered, left = visits["offered_us"][own].astype(float), visits["left_us"][own].astype(float)
        found[f"class {k + 1}", "queue length"] = batches.time_average(offered, left)
        found[f"class {k + 1}", "abandonment"] = batches.ratio(
            own & (visits["agent"] == NONE), own, visits["offered_us"]
        )
        found[f"group {k + 1}", "occupancy"] = batches.occupancy(records, _AGENTS[k], group=k)
    return found
