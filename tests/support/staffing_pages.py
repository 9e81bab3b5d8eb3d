"""The page of a staffing whose figures are written down, for the day of Northwind."""

from __future__ import annotations

from functools import cache

from simulation.experiment.daily_measures import TargetDays
from simulation.loading.load import load_scenario
from simulation.report.staffing_page import staffing_page
from simulation.staffing.result import InInterval, Measured, OneAgent, StaffingResult
from simulation.staffing.start import own_levels
from simulation.staffing.target import Target

__all__ = ["planned", "staffing_document"]


@cache
def planned() -> StaffingResult:
    """One agent less in each group than today at 08:00; the hardest half hour is the fourth."""
    loaded = load_scenario("northwind", settings=["groups.billing.cost_per_hour=30"])
    levels = own_levels(loaded.scenario).copy()
    levels[:, 0] -= 1
    starts = loaded.scenario.labels[:-1]
    met = [0.95, 0.97, 0.93, 0.81, *[0.98] * (len(starts) - 4)]
    by_interval = tuple(
        InInterval(start, 100.0, 0.88, 0.03, 0.7, days) for start, days in zip(starts, met, strict=True)
    )
    kept, today = TargetDays(0.93, 0.886, 0.958, 200), TargetDays(0.845, 0.789, 0.889, 200)
    one_agent = tuple(
        OneAgent(group, i, start, step, step * 0.5, step * 0.001 * (i + 1), -step * 0.0002, step * 0.01)
        for group in loaded.scenario.groups
        for i, start in enumerate(starts[:4])
        for step in (1, -1)
    )
    costs = {"cost_agents": 2_900.0, "cost_lost_calls": 270.0, "cost": 3_170.0}

    def day(cost: float, hours: float, days: TargetDays, level: float, gone: float, busy: float) -> Measured:
        return Measured(cost, hours, days, level, gone, busy, by_unit={}, by_interval=by_interval, costs=costs)

    return StaffingResult(
        loaded=loaded,
        target=Target(level=0.8, threshold_s=20),
        levels=levels,
        found=day(2_900.0, 562.0, kept, 0.907, 0.023, 0.708),
        today=day(3_000.0, 565.0, today, 0.879, 0.033, 0.673),
        one_agent=one_agent,
        searched_days=100,
        fresh_days=200,
        simulated_days=30_000,
        seed=1,
        fresh_seed=3,
        converged=True,
    )


def staffing_document() -> str:
    """Its page."""
    return staffing_page(planned())
