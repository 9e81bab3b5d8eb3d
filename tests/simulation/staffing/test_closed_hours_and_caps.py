"""Staffings of a line that closes at night, of one with few lines, and of agents who may hardly be busy."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.loading.load import load_scenario
from simulation.report.charts.of_staffing import plan_chart
from simulation.report.staffing_page import staffing_page
from simulation.report.staffing_tables import staffing_tables
from simulation.report.staffing_text import notes_of, staffing_text
from simulation.staffing.find import find_staffing
from simulation.staffing.finder import Effort
from simulation.staffing.result import StaffingResult
from simulation.staffing.target import Target
from tests.support.small_scenarios import QUEUE_CALLED, QUEUE_ONLY, write


def found(folder: Path, target: Target, *settings: str) -> StaffingResult:
    loaded = load_scenario(write(folder, QUEUE_ONLY, QUEUE_CALLED), settings=settings)
    return find_staffing(loaded, target, effort=Effort(days=10, fresh_days=10))


def test_todays_agents_are_compared_while_callers_come(tmp_path: Path) -> None:
    """Five agents day and night, 120 hours, are there for 20 from 06:00 to 10:00: the last calls begin before 09:00."""
    calls = ["0"] * 6 + ["100"] * 3 + ["0"] * 15
    made = found(
        tmp_path,
        Target(level=0.8, threshold_s=20),
        "horizon=24h",
        "patience={constant: 1m}",
        "talk={constant: 3m}",
        f"arrivals={{kind: per_interval, calls: [{', '.join(calls)}]}}",
        "groups={agents: {skills: [calls], agents: 5, cost_per_hour: 20}}",
        "costs={currency: EUR, lost_call: 2, trunk_minute: 0.1}",
    )
    assert made.closed == (*range(6), *range(10, 24))
    assert (made.today.hours, made.today.cost, made.today_idle_hours) == (20.0, 400.0, 100.0)
    assert made.today.costs["cost_agents"] == pytest.approx(400.0)
    # 300 calls of 3 minutes are 15 hours, but for those who hang up.
    assert made.today.occupancy == pytest.approx(15 * (1 - made.today.abandonment) / 20, abs=0.06)
    _adds_up(made)
    assert any("agents are there for 100 agent-hours more while nobody calls" in note for note in notes_of(made))
    assert " EUR " in staffing_text(made)
    assert "at the least" in plan_chart(made).title


def _adds_up(made: StaffingResult) -> None:
    """What hours cost adds up to what the day costs, but for closed hours; lost calls are all of the one queue."""
    agents = [of.costs.get("cost_agents", 0.0) for of in made.today.by_interval]
    assert agents == pytest.approx([0.0] * 6 + [100.0] * 4 + [0.0] * 14)
    whole, hours = made.found.costs, [of.costs for of in made.found.by_interval]
    for name in ("cost_agents", "cost_lost_calls", "cost_lines"):
        assert sum(costs.get(name, 0.0) for costs in hours) == pytest.approx(whole[name])
    assert whole["cost_lost_calls"] > 0
    assert made.found.costs_by_queue["calls"]["cost_lost_calls"] == whole["cost_lost_calls"]
    tables = staffing_tables(made)
    assert [row["queue"] for row in tables["queues"]] == ["calls"]
    assert tables["intervals"][7]["cost"] == hours[7]["cost"]
    assert "Costs by queue and interval" in staffing_page(made)
    assert "Lost calls  Telephone lines" in staffing_text(made).partition("By queue")[2]


def test_agents_who_may_hardly_be_busy_are_as_many_as_that_takes(tmp_path: Path) -> None:
    """Five erlangs for two hours, busy at most 30 % of the time: 10 / 0.3 = 33.3 hours, and up to 5 % for chance."""
    made = found(tmp_path, Target(level=0.8, threshold_s=20, most_occupied=0.3), "patience=never", "horizon=2h")
    assert 33 <= made.found.hours <= 35
    assert made.found.occupancy == pytest.approx(0.3, abs=0.02)


def test_more_agents_than_lines_are_never_of_use(tmp_path: Path) -> None:
    """Three lines hold three callers at a time: three agents answer each of them at once."""
    made = found(tmp_path, Target(level=1.0, threshold_s=0.0, confidence=1.0), "lines=3", "horizon=3h")
    assert made.levels.tolist() == [[3] * 3]
    assert (made.found.service_level, made.found.abandonment) == (1.0, 0.0)
