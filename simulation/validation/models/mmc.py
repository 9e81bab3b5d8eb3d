"""A day of one queue that starts empty and whose callers never hang up."""

from __future__ import annotations

from simulation.sampling.distributions import Distribution, Exponential
from simulation.sampling.streams import Streams
from simulation.tables.checks import CallTable, StaffTable
from simulation.validation.long_runs import ONE_QUEUE, Simulate, drawn_us
from simulation.validation.models.base import Key
from simulation.validation.single_days import Days, day_figures
from simulation.validation.target import Sample, Target
from simulation.workload.arrivals.constant import Constant

__all__ = ["AGENTS", "MINUTES", "TARGETS", "TITLE", "mmc_days", "simulated"]

TITLE = "MMC: a day of eight hours from empty; nobody hangs up"
SOURCE = "ContactCenters library (umontreal-simul/contactcenters), doc/examples/MMC.java and MMC.res: 1,000 days"
# In minutes: 4.2 calls a minute, mean talk 2, 12 agents; calls in the system at the end are served. In the source,
# occupancy is talk within the eight hours.
MINUTES, AGENTS = 480, 12
_CALLS_PER_MINUTE, _TALK_S = 4.2, 120.0
_CASE = "a day"
_DAYS = 40

TARGETS = tuple(
    Target(
        case=_CASE, quantity=quantity, value=value, half_width=half_width, decimals=3, source=SOURCE, error_below=error
    )
    for quantity, value, half_width, error in (
        ("handled within 20 s, calls", 1816.158, 3.6, 12),
        ("service level", 0.902, 0.002, 0.006),
        ("ASA, min", 0.099, 0.003, 0.01),
        ("occupancy", 0.695, 0.002, 0.0005),
    )
)


def mmc_days(simulate: Simulate, size: float, *, seed: int, patience: Distribution | None) -> Days:
    """Independent days of this queue, with the draws as control variates."""
    horizon_us = MINUTES * 60_000_000
    rows = []
    for day in range(round(_DAYS * size)):
        streams = Streams(seed=seed, replication=day)
        arrived = Constant(per_hour=60 * _CALLS_PER_MINUTE).times_us(streams.generator("arrivals"), horizon_us)
        talk = drawn_us(streams, "talk", Exponential(_TALK_S), len(arrived))
        calls = CallTable.of(
            arrived_us=arrived, talk_us=talk, patience_us=drawn_us(streams, "patience", patience, len(arrived))
        )
        records = simulate(
            calls, StaffTable.constant({"agents": AGENTS}, 0, horizon_us), ONE_QUEUE, horizon_us=horizon_us
        )
        rows.append({**day_figures(records), "arrived": len(arrived), "talk drawn": float(talk.mean())})
    return Days(rows, controls={"arrived": _CALLS_PER_MINUTE * MINUTES, "talk drawn": _TALK_S * 1e6})


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """Independent days."""
    days = mmc_days(simulate, size, seed=1100, patience=None)
    return {
        (_CASE, "handled within 20 s, calls"): days.ratio("within"),
        (_CASE, "service level"): days.ratio("within", "offered"),
        (_CASE, "ASA, min"): days.ratio("minutes to answer", "handled"),
        (_CASE, "occupancy"): days.ratio("busy in hours", AGENTS * MINUTES),
    }
