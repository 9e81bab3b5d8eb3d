"""Inbound calls blended with outbound ones of the same length, by how many agents must stay idle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ivr.records.schema import NEVER
from simulation import theory as formulas
from simulation.sampling.distributions import Exponential
from simulation.sampling.streams import Streams
from simulation.tables.call_table import CallTable, microseconds
from simulation.tables.outbound import Numbers, Outbound
from simulation.validation.long_runs import ONE_QUEUE, UNIT_S, UNIT_US, Batches, LongRun, Simulate, queue_figures
from simulation.validation.models.base import Key
from simulation.validation.target import Sample, Target

__all__ = ["TARGETS", "TITLE", "simulated", "theory"]

TITLE = "Call blending: agents dial while enough others are idle"
SOURCE = "Bhulai and Koole (2003), a birth-and-death chain cut off below agents - keep_idle; by hand for two agents"
_CALLS, _LOAD, _AGENTS = 30_000, 6.0, 10
_KEPT = (0, 2)

# With two agents, a load of 1 and one who stays idle, states 1, 2 and 3 or more have weights 1, 1/2 and 1/2. The values
# of ten agents are those of the chain, added up with 30 digits.
TARGETS = (
    Target(case="2 agents, 1 idle", quantity="wait probability", value=1 / 2, decimals=9, source=SOURCE),
    Target(case="2 agents, 1 idle", quantity="occupancy", value=3 / 4, decimals=9, source=SOURCE),
    *(
        Target(case=case, quantity=quantity, value=value, decimals=6, source=SOURCE, error_below=error)
        for case, quantity, value, error in (
            ("10 agents, 0 idle", "wait probability", 1.0, 0.001),
            ("10 agents, 0 idle", "mean wait", 1 / 4, 0.01),
            ("10 agents, 0 idle", "occupancy", 1.0, 0.001),
            ("10 agents, 0 idle", "outbound calls", 4.0, 0.1),
            ("10 agents, 2 idle", "wait probability", 3 / 8, 0.012),
            ("10 agents, 2 idle", "mean wait", 3 / 32, 0.008),
            ("10 agents, 2 idle", "occupancy", 9 / 10, 0.003),
            ("10 agents, 2 idle", "outbound calls", 3.0, 0.09),
        )
    ),
)


def theory() -> dict[Key, float]:
    """The formulas, in the unit of the mean handle time."""
    small = formulas.blended_mmn(arrivals_per_hour=3600 / UNIT_S, aht_s=UNIT_S, agents=2, keep_idle=1)
    found: dict[Key, float] = {
        ("2 agents, 1 idle", "wait probability"): small.wait_probability,
        ("2 agents, 1 idle", "occupancy"): small.occupancy,
    }
    for kept in _KEPT:
        answer = formulas.blended_mmn(
            arrivals_per_hour=_LOAD * 3600 / UNIT_S, aht_s=UNIT_S, agents=_AGENTS, keep_idle=kept
        )
        case = _case(kept)
        found[case, "wait probability"] = answer.wait_probability
        found[case, "mean wait"] = answer.mean_wait_s / UNIT_S
        found[case, "occupancy"] = answer.occupancy
        found[case, "outbound calls"] = answer.outbound_per_hour / 3600 * UNIT_S
    return found


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """A long run for each number of agents who must stay idle."""
    found: dict[Key, Sample] = {}
    for kept in _KEPT:
        run = LongRun(_CALLS * size / _LOAD, Streams(seed=1200 + kept))
        arrived = run.arrivals(_LOAD)
        talk_us = run.times("talk", Exponential(UNIT_S), len(arrived))
        staff = replace(run.agents(agents=_AGENTS), outbound=(_dialled(run.streams, kept),))
        calls = CallTable.of(arrived_us=arrived, talk_us=talk_us)
        records = simulate(calls, staff, ONE_QUEUE, horizon_us=run.horizon_us)
        batches = Batches(run, arrived, _LOAD, (talk_us, UNIT_US))
        figures = queue_figures(records, batches, within=0)
        made = records.outbound
        begins = np.concatenate([records.visits["answered_us"], made["dialled_us"]]).astype(float)
        lasts = np.concatenate([records.visits["talk_us"], made["talk_us"]])
        case = _case(kept)
        found |= {(case, name): figures[name] for name in ("wait probability", "mean wait")}
        found[case, "occupancy"] = batches.time_average(begins, begins + lasts, _AGENTS)
        found[case, "outbound calls"] = batches.rate(made["dialled_us"])
    return found


def _dialled(streams: Streams, keep_idle: int) -> Outbound:
    """Numbers without end, answered at once, for a talk as long as those of callers."""

    def draw(begin: int, end: int) -> Numbers:
        u = streams.uniforms("outbound", np.arange(begin, end))
        nothing = np.zeros(end - begin, np.int64)
        return Numbers(
            nothing, np.ones(end - begin, np.bool_), microseconds(Exponential(UNIT_S).draw(u[:, 0])), nothing
        )

    return Outbound(draw, NEVER, keep_idle)


def _case(kept: int) -> str:
    return f"{_AGENTS} agents, {kept} idle"
