"""Callers wait in order of arrival and hang up after an exponential patience."""

from __future__ import annotations

from simulation.sampling.distributions import Exponential
from simulation.sampling.streams import Streams
from simulation.theory import erlang_a
from simulation.validation.long_runs import UNIT_S, LongRun, Simulate, one_queue
from simulation.validation.models.base import Key
from simulation.validation.target import Sample, Target, targets_of

__all__ = ["TARGETS", "TITLE", "simulated", "theory"]

TITLE = "Erlang A: callers hang up after an exponential patience"
SOURCE = (
    'Mandelbaum and Zeltyn (2007), "Service engineering in action: the Palm/Erlang-A queue", section 4, computed with'
    " 40 digits"
)
# Arrivals, agents, 1 / patience (talk takes 1), T; P(wait), P(abandon), mean wait, P(handled within T) of all
# arrivals.
ROWS = (
    (48, 50, 0.5, 1 / 3, (0.46777407, 0.030912249, 0.061824498, 0.94301895)),
    (50, 50, 1, None, (0.51880832, 0.056325006, 0.056325006, None)),
    (100, 100, 1, 0.1, (0.51329880, 0.039860997, 0.039860997, 0.81365453)),
)
_QUANTITIES = ("wait probability", "abandonment", "mean wait", "handled within T")
_ERRORS = (0.019, 0.0027, 0.0036, 0.017)
_CALLS = 60_000


def _case(arrivals: float, agents: int) -> str:
    return f"arrivals {arrivals}, agents {agents}"


TARGETS: tuple[Target, ...] = sum(
    (
        targets_of(
            _case(arrivals, agents),
            [
                (q, value, error)
                for q, value, error in zip(_QUANTITIES, values, _ERRORS, strict=True)
                if value is not None
            ],
            significant=8,
            source=SOURCE,
        )
        for arrivals, agents, _, _, values in ROWS
    ),
    (),
)


def theory() -> dict[Key, float]:
    """The Erlang A formula; a time unit is an hour."""
    found: dict[Key, float] = {}
    for arrivals, agents, leaving, within, known in ROWS:
        answer = erlang_a(
            arrivals_per_hour=arrivals,
            aht_s=3600,
            patience_s=3600 / leaving,
            agents=agents,
            within_s=3600 * (within or 0),
        )
        values = (
            answer.wait_probability,
            answer.abandonment,
            (answer.mean_wait_s or 0) / 3600,
            answer.service_level_of_offered,
        )
        found |= {
            (_case(arrivals, agents), q): value
            for q, value, true in zip(_QUANTITIES, values, known, strict=True)
            if value is not None and true is not None
        }
    return found


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """Long runs."""
    found: dict[Key, Sample] = {}
    for i, (arrivals, agents, leaving, within, _) in enumerate(ROWS):
        run = LongRun(_CALLS * size / arrivals, Streams(seed=400 + i))
        figures = one_queue(
            simulate,
            run,
            per_unit=arrivals,
            talk=Exponential(UNIT_S),
            agents=agents,
            patience=Exponential(UNIT_S / leaving),
            within=within or 0,
        )
        found |= {(_case(arrivals, agents), name): sample for name, sample in figures.items()}
    return found
