"""Callers who find all agents busy are lost: there are as many lines as agents, and nobody waits."""

from __future__ import annotations

from ivr.records.schema import outcome_code
from simulation.sampling.distributions import Exponential
from simulation.sampling.streams import Streams
from simulation.tables.checks import CallTable
from simulation.theory import blocking_probability
from simulation.validation.long_runs import ONE_QUEUE, UNIT_S, Batches, LongRun, Simulate
from simulation.validation.models.base import Key
from simulation.validation.target import Sample, Target, targets_of

__all__ = ["TARGETS", "TITLE", "simulated", "theory"]

TITLE = "Erlang B: callers who find every agent busy are lost"
SOURCE = "Erlang (1917), computed with 40 digits"
# Load in erlangs, agents, share blocked; the largest standard error of a simulation of size 1.
ROWS = (
    (1, 1, 0.5, 0.0032),
    (1, 3, 0.0625, 0.0024),
    (5, 10, 0.0183845703366, 0.0016),
    (10, 10, 0.214582343107, 0.0036),
    (50, 60, 0.0216684730578, 0.0025),
    (100, 117, 0.00979007112537, 0.0025),
)
_CALLS = 25_000


def _case(load: float, agents: int) -> str:
    return f"load {load}, agents {agents}"


TARGETS: tuple[Target, ...] = sum(
    (
        targets_of(_case(load, agents), [("blocking", value, error)], significant=12, source=SOURCE)
        for load, agents, value, error in ROWS
    ),
    (),
)


def theory() -> dict[Key, float]:
    """The Erlang B formula."""
    return {(_case(load, agents), "blocking"): blocking_probability(load, agents) for load, agents, _, _ in ROWS}


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """Long runs with exponential talk."""
    found = {}
    for i, (load, agents, _, _) in enumerate(ROWS):
        run = LongRun(_CALLS * size / load, Streams(seed=100 + i), warm_up=10, batches=30)
        arrived = run.arrivals(load)
        talk = run.times("talk", Exponential(UNIT_S), len(arrived))
        calls = CallTable.of(arrived_us=arrived, talk_us=talk)
        records = simulate(calls, run.agents(agents=agents), ONE_QUEUE, lines=agents, horizon_us=run.horizon_us)
        batches = Batches(run, arrived, load, (talk, UNIT_S * 1e6))
        blocked = records.calls["outcome"] == outcome_code("blocked")
        found[_case(load, agents), "blocking"] = batches.mean(blocked, arrived)
    return found
