"""Callers wait in order of arrival and never hang up."""

from __future__ import annotations

from simulation.sampling.distributions import Exponential
from simulation.sampling.streams import Streams
from simulation.theory import waiting_probability
from simulation.validation.long_runs import UNIT_S, LongRun, Simulate, one_queue
from simulation.validation.models.base import Key
from simulation.validation.target import Sample, Target, targets_of

__all__ = ["TARGETS", "TITLE", "simulated", "theory"]

TITLE = "Erlang C: callers wait and never hang up"
SOURCE = "Erlang (1917), computed with 40 digits"
# Load in erlangs, agents, share that waits; the largest standard error of a simulation of size 1.
ROWS = (
    (1, 2, 0.333333333333, 0.005),
    (5, 7, 0.324149949173, 0.009),
    (8, 10, 0.409180150796, 0.012),
    (10, 14, 0.174131933595, 0.008),
    (50, 55, 0.384547317933, 0.019),
)
_CALLS = 35_000


def _case(load: float, agents: int) -> str:
    return f"load {load}, agents {agents}"


TARGETS: tuple[Target, ...] = sum(
    (
        targets_of(_case(load, agents), [("wait probability", value, error)], significant=12, source=SOURCE)
        for load, agents, value, error in ROWS
    ),
    (),
)


def theory() -> dict[Key, float]:
    """The Erlang C formula."""
    return {(_case(load, agents), "wait probability"): waiting_probability(load, agents) for load, agents, _, _ in ROWS}


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """Long runs; a larger system has a longer memory, so its batches need more calls."""
    found = {}
    for i, (load, agents, _, _) in enumerate(ROWS):
        run = LongRun(_CALLS * max(1, load / 15) * size / load, Streams(seed=210 + i), batches=30)
        figures = one_queue(simulate, run, per_unit=load, talk=Exponential(UNIT_S), agents=agents)
        found[_case(load, agents), "wait probability"] = figures["wait probability"]
    return found
