"""A menu and agents that share the telephone lines."""

from __future__ import annotations

import numpy as np

from ivr.records.schema import outcome_code
from simulation import theory as formulas
from simulation.sampling.distributions import Distribution, Erlang, Exponential, Lognormal
from simulation.sampling.streams import Streams
from simulation.tables.checks import OFFERED, CallTable
from simulation.validation.long_runs import ONE_QUEUE, UNIT_S, UNIT_US, Batches, LongRun, Simulate, queue_figures
from simulation.validation.models.base import Key
from simulation.validation.target import Sample, Target, targets_of

__all__ = ["TARGETS", "TITLE", "simulated", "theory"]

TITLE = "Menu, lines and agents: blocked on the line, then a menu, then a queue"
SOURCE = (
    'Srinivasan, Talim and Wang (2004), "Performance analysis of a call center with interactive voice response units"; '
    "product form, computed with 40 digits"
)
# Case; arrivals, 1 / menu time, share to agents, service rate, agents, lines, 1 / patience; the menu time distribution,
# of which only the mean matters; blocking, P(wait), mean wait, occupancy, P(handled within T) per call offered.
ROWS: tuple[tuple[str, tuple[float, float, float, float, int, int, float], Distribution, tuple[float, ...]], ...] = (
    (
        "20 agents, menu exponential",
        (20, 1, 1, 1, 20, 50, 0),
        Exponential(UNIT_S),
        (0.061266964, 0.65581675, 0.21232230, 0.93873304, 0.72735601),
    ),
    (
        "25 agents, menu of two phases",
        (20, 1, 1, 1, 25, 50, 0),
        Erlang(UNIT_S, 2),
        (0.022333558, 0.13571265, 0.016669825, 0.78213315, 0.99216806),
    ),
    (
        "22 agents, menu lognormal, patience",
        (10, 2, 0.5, 0.25, 22, 35, 0.5),
        Lognormal(UNIT_S / 2, cv=0.5),
        (0.0061152656, 0.29467352, 0.11297964, 0.85249124, 0.83068276),
    ),
)
_QUANTITIES = ("blocking", "wait probability", "mean wait", "occupancy", "handled within T")
_ERRORS = (0.0042, 0.014, 0.01, 0.004, 0.017)
_WITHIN = 1 / 3
_CALLS = 30_000

TARGETS: tuple[Target, ...] = sum(
    (
        targets_of(case, zip(_QUANTITIES, values, _ERRORS, strict=True), significant=8, source=SOURCE)
        for case, _, _, values in ROWS
    ),
    (),
)


def theory() -> dict[Key, float]:
    """The product form; a time unit is an hour."""
    found: dict[Key, float] = {}
    for case, (arrivals, menu_rate, share, service, agents, lines, leaving), _, _ in ROWS:
        answer = formulas.menu_lines_agents(
            arrivals_per_hour=arrivals,
            menu_s=3600 / menu_rate,
            share_to_agents=share,
            aht_s=3600 / service,
            agents=agents,
            lines=lines,
            patience_s=3600 / leaving if leaving else None,
            within_s=3600 * _WITHIN,
        )
        values = (
            answer.blocking,
            answer.wait_probability,
            (answer.mean_wait_s or 0) / 3600,
            answer.occupancy,
            answer.service_level_of_offered,
        )
        found |= {
            (case, quantity): value for quantity, value in zip(_QUANTITIES, values, strict=True) if value is not None
        }
    return found


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """Long runs."""
    found: dict[Key, Sample] = {}
    for i, (case, (arrivals, menu_rate, share, service, agents, lines, leaving), menu, _) in enumerate(ROWS):
        run = LongRun(_CALLS * size / arrivals, Streams(seed=900 + i), batches=30)
        arrived = run.arrivals(arrivals)
        n = len(arrived)
        offered = run.streams.generator("offered").random(n) < share
        menu_us, talk = run.times("menu", menu, n), run.times("talk", Exponential(UNIT_S / service), n)
        calls = CallTable.of(
            arrived_us=arrived,
            menu_us=menu_us,
            ending=np.where(offered, OFFERED, outcome_code("contained")),
            talk_us=talk,
            patience_us=run.times("patience", Exponential(UNIT_S / leaving) if leaving else None, n),
        )
        records = simulate(calls, run.agents(agents=agents), ONE_QUEUE, lines=lines, horizon_us=run.horizon_us)
        draws = [(menu_us, UNIT_US / menu_rate), (talk * offered, share * UNIT_US / service)]
        batches = Batches(run, arrived, arrivals, *draws, *([(offered, share)] if share < 1 else []))
        blocked = records.calls["outcome"] == outcome_code("blocked")
        found |= {(case, name): sample for name, sample in queue_figures(records, batches, within=_WITHIN).items()}
        found[case, "blocking"] = batches.mean(blocked, arrived)
        found[case, "occupancy"] = batches.occupancy(records, agents)
    return found
