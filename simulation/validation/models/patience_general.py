"""Callers hang up after a patience with any distribution."""

from __future__ import annotations

from simulation import theory as formulas
from simulation.sampling import distributions
from simulation.sampling.streams import Streams
from simulation.validation.long_runs import UNIT_S, LongRun, Simulate, one_queue
from simulation.validation.models.base import Key
from simulation.validation.target import Sample, Target

__all__ = ["TARGETS", "TITLE", "simulated", "theory"]

TITLE = "M/M/n+G: patience of any distribution"
SOURCE = 'Zeltyn and Mandelbaum (2005), "Call centers with impatient customers", section 2, computed with 40 digits'
# Mean patience 1: P(wait), P(abandon), mean wait, P(handled within T) of all arrivals.
ROWS = {
    "exponential patience": (0.591719, 0.049918, 0.049918, 0.758777),
    "lognormal patience": (0.757003, 0.037648, 0.112027, 0.498903),
    "uniform patience": (0.680764, 0.043307, 0.082429, 0.621844),
}
_ARRIVALS, _AGENTS, _WITHIN = 102, 100, 0.1
_QUANTITIES = ("wait probability", "abandonment", "mean wait", "handled within T")
_ERRORS = (0.023, 0.0033, 0.0064, 0.03)
_CALLS = 60_000
_DRAWN = {
    "exponential patience": distributions.Exponential(UNIT_S),
    "lognormal patience": distributions.Lognormal(UNIT_S, cv=1.0),
    "uniform patience": distributions.Uniform(0, 2 * UNIT_S),
}
_HOUR_S = 3600.0
_OF_FORMULAS: dict[str, formulas.Patience] = {
    "exponential patience": formulas.Exponential(_HOUR_S),
    "lognormal patience": formulas.Lognormal(_HOUR_S, cv=1.0),
    "uniform patience": formulas.Uniform(0, 2 * _HOUR_S),
}

# The uniform's last value is 0.6218445 by two quadratures, so five decimals of 0.621844 are certain.
TARGETS = tuple(
    Target(
        case=case,
        quantity=quantity,
        value=value,
        decimals=5 if value == 0.621844 else 6,
        source=SOURCE,
        error_below=error,
    )
    for case, values in ROWS.items()
    for quantity, value, error in zip(_QUANTITIES, values, _ERRORS, strict=True)
)


def theory() -> dict[Key, float]:
    """The integrals of Zeltyn and Mandelbaum; a time unit is an hour."""
    found: dict[Key, float] = {}
    for case, patience in _OF_FORMULAS.items():
        answer = formulas.mmn_plus_g(
            arrivals_per_hour=_ARRIVALS, aht_s=_HOUR_S, patience=patience, agents=_AGENTS, within_s=_WITHIN * _HOUR_S
        )
        values = (
            answer.wait_probability,
            answer.abandonment,
            (answer.mean_wait_s or 0) / _HOUR_S,
            answer.service_level_of_offered,
        )
        found |= {(case, q): value for q, value in zip(_QUANTITIES, values, strict=True) if value is not None}
    return found


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """Long runs."""
    found: dict[Key, Sample] = {}
    for i, (case, patience) in enumerate(_DRAWN.items()):
        run = LongRun(_CALLS * size / _ARRIVALS, Streams(seed=500 + i), batches=30)
        figures = one_queue(
            simulate,
            run,
            per_unit=_ARRIVALS,
            talk=distributions.Exponential(UNIT_S),
            agents=_AGENTS,
            patience=patience,
            within=_WITHIN,
        )
        found |= {(case, name): sample for name, sample in figures.items()}
    return found
