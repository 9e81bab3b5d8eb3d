"""Three types of callers, two groups, three periods with different rates, days busy or calm."""

from __future__ import annotations

import numpy as np

from ivr.routing import RoutingTable
from simulation.sampling.streams import Streams, stratified_uniforms
from simulation.tables.checks import CallTable, StaffTable, microseconds
from simulation.validation.long_runs import Simulate, merged
from simulation.validation.models.base import Key
from simulation.validation.single_days import Days, day_figures
from simulation.validation.target import Sample, printed_targets
from simulation.workload.arrivals.gamma_busy import GammaBusy
from simulation.workload.arrivals.per_interval import PerInterval

__all__ = ["TARGETS", "TITLE", "simulated"]

TITLE = "SimpleMSK: three types of callers, two groups, three periods"
SOURCE = (
    "ContactCenters library (umontreal-simul/contactcenters), doc/examples/SimpleMSK.java and SimpleMSK.res: 1,000 days"
)
# In minutes. In the source, occupancy is talk over agents' time, both from 0 to the last event of the day, after the
# last period (simplemsk.tex: "from times 0 to T rather than t_P"): agents of the last level count until the last call
# of both groups ends, idle or not, and agents who finish a call after their level was lowered count while they talk.
_PER_MINUTE = ((4.2, 5.3, 3.2), (5.1, 4.3, 4.8), (6.3, 5.2, 4.8))
_TALK_RATE, _PATIENCE_RATE = np.array([0.5, 0.6, 0.4]), np.array([0.3, 0.4, 0.2])  # by the period of arrival
_LEVELS = {"group 0": (12, 18, 9), "group 1": (15, 20, 11)}
_ROUTING = RoutingTable(  # type 0 to group 0, type 1 to group 0, then 1, type 2 to group 1; the longest-waiting call
    queues=("type 0", "type 1", "type 2"), groups=("group 0", "group 1"), rank=((0, None), (0, 1), (None, 0))
)
_ALPHA, _PERIOD_S, _PERIOD_US = 28.7, 7_200, 7_200_000_000
_CASE = "a day"
_DAYS = 30

TARGETS = printed_targets(
    SOURCE,
    (
        (_CASE, "served, calls", 4297.3, 27, 1, 32),
        (_CASE, "abandoned, calls", 910.3, 35, 1, 30),
        (_CASE, "service level, 20 s", 0.501, 0.008, 3, 0.009),
        (_CASE, "occupancy, group 0", 0.881, 0.004, 3, 0.0062),
    ),
)


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """Stratified days."""
    days = round(_DAYS * size)
    u = stratified_uniforms(days, Streams(seed=1400).generator("busyness"))
    staff = StaffTable.of_levels(_LEVELS, interval_us=_PERIOD_US)
    arrivals = [
        GammaBusy(of=PerInterval(tuple(60 * rate for rate in rates), interval_s=_PERIOD_S), alpha=_ALPHA)
        for rates in _PER_MINUTE
    ]
    rows = []
    for day in range(days):
        streams = Streams(seed=1400, replication=day)
        arrived, queue = merged(
            [
                process.times_us(streams.generator(f"arrivals/{q}"), 3 * _PERIOD_US, busy_u=float(u[day]))
                for q, process in enumerate(arrivals)
            ]
        )
        period, n = arrived // _PERIOD_US, len(arrived)
        calls = CallTable.of(
            arrived_us=arrived,
            queue=queue,
            queues=_ROUTING.queues,
            talk_us=microseconds(60 / _TALK_RATE[period] * streams.generator("talk").standard_exponential(n)),
            patience_us=microseconds(
                60 / _PATIENCE_RATE[period] * streams.generator("patience").standard_exponential(n)
            ),
        )
        rows.append(day_figures(simulate(calls, staff, _ROUTING, horizon_us=3 * _PERIOD_US)))
    found = Days(rows, stratified_by=u)
    return {
        (_CASE, "served, calls"): found.ratio("handled"),
        (_CASE, "abandoned, calls"): found.ratio("lost"),
        (_CASE, "service level, 20 s"): found.ratio("within", "counted"),
        (_CASE, "occupancy, group 0"): found.ratio("busy", "staffed"),
    }
