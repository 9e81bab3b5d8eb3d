"""How many agents it takes to answer a share of callers in time, and the share they achieve."""

from __future__ import annotations

from itertools import count

from simulation.sampling.distributions import Exponential
from simulation.sampling.streams import Streams
from simulation.theory import erlang_c
from simulation.validation.long_runs import UNIT_S, LongRun, Simulate, one_queue
from simulation.validation.models.base import Key
from simulation.validation.target import Sample, Target, targets_of

__all__ = ["TARGETS", "TITLE", "simulated", "theory"]

TITLE = "Erlang C staffing: the fewest agents that answer 80 % within 20 s"
SOURCE = "Erlang C, computed with 40 digits"
# Calls in half an hour, AHT in seconds, agents, service level; the largest standard error of a simulation of size 1.
ROWS = ((100, 180, 14, 0.88835002, 0.01), (200, 180, 24, 0.80888189, 0.015), (1000, 300, 176, 0.80283066, 0.029))
_PERIOD_S, _TARGET_SHARE, _WITHIN_S = 1_800, 0.8, 20
_CALLS = 35_000


def _case(calls: int, aht_s: float) -> str:
    return f"{calls} calls in 30 min, AHT {aht_s} s"


TARGETS: tuple[Target, ...] = sum(
    (
        (
            Target(case=_case(calls, aht_s), quantity="fewest agents", value=agents, decimals=0, source=SOURCE),
            *targets_of(_case(calls, aht_s), [("service level", level, error)], significant=8, source=SOURCE),
        )
        for calls, aht_s, agents, level, error in ROWS
    ),
    (),
)


def theory() -> dict[Key, float]:
    """Add agents one by one, from the fewest with a stable queue, until enough callers are answered in time."""
    found: dict[Key, float] = {}
    for calls, aht_s, _, _, _ in ROWS:
        for agents in count(calls * aht_s // _PERIOD_S + 1):
            level = (
                erlang_c(
                    arrivals_per_hour=calls * 3600 / _PERIOD_S, aht_s=aht_s, agents=agents, within_s=_WITHIN_S
                ).service_level
                or 0
            )
            if level >= _TARGET_SHARE:
                break
        found[_case(calls, aht_s), "fewest agents"] = agents
        found[_case(calls, aht_s), "service level"] = level
    return found


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """Long runs with the required agents; a time unit is the AHT."""
    found = {}
    for i, (calls, aht_s, agents, _, _) in enumerate(ROWS):
        load = calls * aht_s / _PERIOD_S
        run = LongRun(_CALLS * max(1, load / 40) * size / load, Streams(seed=300 + i), batches=30)
        figures = one_queue(
            simulate, run, per_unit=load, talk=Exponential(UNIT_S), agents=agents, within=_WITHIN_S / aht_s
        )
        found[_case(calls, aht_s), "service level"] = figures["handled within T"]
    return found
