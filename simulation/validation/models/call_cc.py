"""Days of thirteen hours with a different staffing each, busy or calm as a whole."""

from __future__ import annotations

from simulation.sampling.distributions import Exponential, WithZero
from simulation.sampling.streams import Streams, stratified_uniforms
from simulation.tables.checks import CallTable, StaffTable
from simulation.validation.long_runs import ONE_QUEUE, Simulate, drawn_us
from simulation.validation.models.base import Key
from simulation.validation.single_days import Days, day_figures
from simulation.validation.target import Sample, Target
from simulation.workload.arrivals.gamma_busy import GammaBusy
from simulation.workload.arrivals.per_interval import PerInterval

__all__ = ["TARGETS", "TITLE", "simulated"]

TITLE = "CallCC: thirteen hours, staffing by the hour, days busy or calm"
_EXACT = "transient distribution of the Markov chain, integrated over the day's factor"
_PUBLISHED = (
    "ContactCenters library (umontreal-simul/contactcenters), doc/examples/CallCC.java and CallCC.res: 1,000 days"
)
_PER_HOUR = (100, 150, 150, 180, 200, 150, 150, 150, 120, 100, 80, 70, 60)
_LEVELS = (4, 6, 8, 8, 8, 7, 8, 8, 6, 6, 4, 4, 4)
# Shares are of the EXPECTED calls of a day.
_EXPECTED = sum(_PER_HOUR)
_ALPHA = 10
_CASES = ("exact", "published")
_QUANTITIES = ("mean wait, s", "waits below 20 s", "lost")
_DAYS = 40

# The published half-widths are 1.96 s / sqrt(1000) of the printed standard deviations (the printed intervals are of 90
# %).
TARGETS = tuple(
    Target(
        case=case,
        quantity=quantity,
        value=value,
        half_width=half_width,
        decimals=decimals,
        source=source,
        error_below=error,
    )
    for case, source, values in (
        ("exact", _EXACT, ((12.4192, 0, 4), (0.854576, 0, 6), (0.0363773, 0, 7))),
        ("published", _PUBLISHED, ((11.834, 2.112, 3), (0.853, 0.01047, 3), (0.0342, 0.00377, 4))),
    )
    for (value, half_width, decimals), quantity, error in zip(values, _QUANTITIES, (1.0, 0.012, 0.002), strict=True)
)


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """Stratified days; busier ones are drawn more often and weighted less, as nearly all waiting happens on them."""
    days = round(_DAYS * size)
    v = stratified_uniforms(days, Streams(seed=1300).generator("busyness"))
    # u = 1 - (1 - v)^2 has the weight du/dv = 2 (1 - v).
    u, weight = 1 - (1 - v) ** 2, 2 * (1 - v)
    horizon_us = len(_PER_HOUR) * 3_600_000_000
    arrivals = GammaBusy(of=PerInterval(tuple(map(float, _PER_HOUR)), interval_s=3_600), alpha=_ALPHA)
    staff = StaffTable.of_levels({"agents": _LEVELS}, interval_us=3_600_000_000)
    rows = []
    for day in range(days):
        streams = Streams(seed=1300, replication=day)
        arrived = arrivals.times_us(streams.generator("arrivals"), horizon_us, busy_u=float(u[day]))
        calls = CallTable.of(
            arrived_us=arrived,
            talk_us=drawn_us(streams, "talk", Exponential(100), len(arrived)),
            patience_us=drawn_us(streams, "patience", WithZero(0.1, Exponential(1000)), len(arrived)),
        )
        figures = day_figures(simulate(calls, staff, ONE_QUEUE, horizon_us=horizon_us))
        rows.append({name: value * float(weight[day]) for name, value in figures.items()})
    found = Days(rows, stratified_by=u)
    samples = (
        found.ratio("minutes waited", _EXPECTED / 60),
        found.ratio("waits below", _EXPECTED),
        found.ratio("lost", _EXPECTED),
    )
    return {(case, quantity): sample for case in _CASES for quantity, sample in zip(_QUANTITIES, samples, strict=True)}
