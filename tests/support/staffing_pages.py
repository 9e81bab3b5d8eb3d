"""The page of a staffing whose figures are written down, for the day of Northwind."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from simulation.experiment.daily_measures import TargetDays
from simulation.loading.load import load_scenario
from simulation.report.staffing_page import staffing_page
from simulation.rosters.problem import Pattern, problem_of
from simulation.rosters.result import RosterResult
from simulation.rosters.roster import Roster, Rostered
from simulation.staffing.result import InInterval, Measured, OneAgent, StaffingResult
from simulation.staffing.start import own_levels
from simulation.staffing.target import Target
from tests.support.roster_problems import kind

__all__ = ["planned", "rostered", "staffing_document"]


@cache
def planned() -> StaffingResult:
    """One agent less in each group than today at 08:00; the hardest half hour is the fourth."""
    loaded = load_scenario("northwind", settings=["groups.billing.cost_per_hour=30"])
    levels = own_levels(loaded.scenario).copy()
    levels[:, 0] -= 1
    starts = loaded.scenario.labels[:-1]
    met = [0.95, 0.97, 0.93, 0.81, *[0.98] * (len(starts) - 4)]
    by_interval = tuple(
        InInterval(start, 100.0, 0.88, 0.03, 0.7, days, costs={"cost_agents": 120.0, "cost": 130.0})
        for start, days in zip(starts, met, strict=True)
    )
    kept, today = TargetDays(0.93, 0.886, 0.958, 200), TargetDays(0.845, 0.789, 0.889, 200)
    one_agent = tuple(
        OneAgent(group, i, start, step, step * 0.5, step * 0.001 * (i + 1), -step * 0.0002, step * 0.01)
        for group in loaded.scenario.groups
        for i, start in enumerate(starts[:4])
        for step in (1, -1)
    )
    costs = {"cost_agents": 2_900.0, "cost_lost_calls": 270.0, "cost": 3_170.0}

    queues = {"billing": {"cost_lost_calls": 170.0}, "sales": {"cost_lost_calls": 100.0}}

    def day(cost: float, hours: float, days: TargetDays, level: float, gone: float, busy: float) -> Measured:
        return Measured(cost, hours, days, level, gone, busy, {}, by_interval, costs, queues)

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


@cache
def rostered() -> RosterResult:
    """In each group five people from 08:00 to 14:00 and five from 14:00 to 20:00, with half an hour's unpaid break.

    Breaks of the early shift begin at 10:00 and 11:00 for two each, at 12:00 for one; of the late shift 6 hours later.
    Each is paid 5.5 hours: 60 shifts, 330 hours, at 5 an hour 1,650.
    """
    found = planned()
    problem = problem_of(found.loaded.scenario, {"half": kind(length="6h", start="08:00..14:00")}, found.levels)
    shifts = tuple(
        Rostered(f"half {number}", Pattern("half", group, 0, start, 360, 330, 27.5), ((begin, begin + 30),))
        for group in found.by_group
        for number, (start, begin) in enumerate(
            (start, start + 120 + 60 * (late // 2)) for start in (480, 840) for late in range(5)
        )
    )
    days = TargetDays(0.96, 0.923, 0.98, 200)
    measured = replace(found.found, cost=1_650.0, hours=330.0, days_on_target=days, service_level=0.93)
    staffing = replace(found, found=replace(found.found, cost=1_500.0, hours=300.0))
    return RosterResult(
        staffing, Roster(problem, shifts, 1_640.0), measured, raised=1, saved=27.5, simulated_days=1_000
    )


def staffing_document() -> str:
    """Its page."""
    return staffing_page(planned())
