"""A day of one queue that starts empty and whose callers hang up after a minute on average."""

from __future__ import annotations

from simulation.sampling.distributions import Exponential
from simulation.validation.long_runs import Simulate
from simulation.validation.models.base import Key
from simulation.validation.models.mmc import AGENTS, MINUTES, mmc_days
from simulation.validation.target import Sample, Target

__all__ = ["TARGETS", "TITLE", "simulated"]

TITLE = "MMCAb: the same day; callers hang up after a minute on average"
SOURCE = "ContactCenters library (umontreal-simul/contactcenters), doc/examples/MMCAb.java and MMCAb.res: 1,000 days"
_CASE = "a day"

# The last two half-widths are from the printed standard deviations 6.0E-3 and 0.019 of 1,000 days: 1.96 s / sqrt(1000).
TARGETS = tuple(
    Target(
        case=_CASE, quantity=quantity, value=value, half_width=half_width, decimals=3, source=SOURCE, error_below=error
    )
    for quantity, value, half_width, error in (
        ("abandoned, calls", 58.609, 0.95, 2.3),
        ("ASA, min", 0.024, 0.00037, 0.001),
        ("occupancy", 0.675, 0.0012, 0.001),
    )
)


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """Independent days."""
    days = mmc_days(simulate, size, seed=1201, patience=Exponential(60))
    return {
        (_CASE, "abandoned, calls"): days.ratio("lost"),
        (_CASE, "ASA, min"): days.ratio("minutes to answer", "handled"),
        (_CASE, "occupancy"): days.ratio("busy in hours", AGENTS * MINUTES),
    }
