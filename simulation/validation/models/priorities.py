"""Two classes of callers and one group of agents: the first class is always answered first."""

from __future__ import annotations

from ivr.routing import RoutingTable
from simulation.sampling.distributions import Exponential
from simulation.sampling.streams import Streams
from simulation.tables.checks import CallTable
from simulation.theory import priorities_mmn
from simulation.validation.long_runs import UNIT_S, UNIT_US, Batches, LongRun, Simulate, merged
from simulation.validation.models.base import Key
from simulation.validation.target import Sample, Target

__all__ = ["TARGETS", "TITLE", "simulated", "theory"]

TITLE = "Priorities: the first class is answered before the second"
SOURCE = 'Kella and Yechiali (1985), "Waiting times in the non-preemptive priority M/M/c queue", Stochastic Models 1(2)'
_ARRIVALS, _SERVICE, _AGENTS = (2.0, 2.2), 0.5, 10
_CALLS = 90_000
_PRIORITIES, _FIFO = "with priorities", "first come, first served"

TARGETS = tuple(
    Target(case=case, quantity=quantity, value=value, decimals=6, source=SOURCE, error_below=error)
    for case, quantity, value, error in (
        (_PRIORITIES, "mean wait, class 1", 0.168089, 0.0035),
        (_PRIORITIES, "mean wait, class 2", 1.050558, 0.07),
        (_FIFO, "mean wait", 0.630335, 0.035),
    )
)


def theory() -> dict[Key, float]:
    """The formula of Kella and Yechiali; a time unit is an hour."""
    answer = priorities_mmn(arrivals_per_hour=_ARRIVALS, aht_s=3600 / _SERVICE, agents=_AGENTS)
    first, second = (wait_s / 3600 for wait_s in answer.mean_wait_s)
    return {
        (_PRIORITIES, "mean wait, class 1"): first,
        (_PRIORITIES, "mean wait, class 2"): second,
        (_FIFO, "mean wait"): answer.mean_wait_fifo_s / 3600,
    }


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """The same callers twice: with priorities and in order of arrival."""
    # At this load the queue's memory is some 30 time units, hence a warm-up of 300 and few, long batches.
    run = LongRun(_CALLS * size / sum(_ARRIVALS), Streams(seed=609), warm_up=300, batches=30)
    arrived, queue = merged([run.arrivals(rate, f"arrivals/{q}") for q, rate in enumerate(_ARRIVALS)])
    talk = run.times("talk", Exponential(UNIT_S / _SERVICE), len(arrived))
    calls = CallTable.of(arrived_us=arrived, queue=queue, queues=("first", "second"), talk_us=talk)
    batches = Batches(run, arrived, sum(_ARRIVALS), (talk, UNIT_US / _SERVICE), (queue, _ARRIVALS[1] / sum(_ARRIVALS)))
    found: dict[Key, Sample] = {}
    for case, priority in ((_PRIORITIES, (1.0, 0.0)), (_FIFO, (0.0, 0.0))):
        routing = RoutingTable(queues=("first", "second"), groups=("agents",), rank=((0,), (0,)), priority=priority)
        visits = simulate(calls, run.agents(agents=_AGENTS), routing, horizon_us=run.horizon_us).visits
        wait = (visits["left_us"] - visits["offered_us"]) / UNIT_US
        if case == _FIFO:
            found[case, "mean wait"] = batches.mean(wait, visits["offered_us"])
            continue
        for q in (0, 1):
            own = visits["queue"] == q
            found[case, f"mean wait, class {q + 1}"] = batches.ratio(wait * own, own, visits["offered_us"])
    return found
