"""Staffings of a line that closes at night, of one with few lines, and of agents who may hardly be busy."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.loading.load import load_scenario
from simulation.report.charts.of_staffing import plan_chart
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
        "costs={currency: EUR}",
    )
    assert made.closed == (*range(6), *range(10, 24))
    assert (made.today.hours, made.today.cost, made.today_idle_hours) == (20.0, 400.0, 100.0)
    assert made.today.costs["cost_agents"] == pytest.approx(400.0)
    # 300 calls of 3 minutes are 15 hours, but for those who hang up.
    assert made.today.occupancy == pytest.approx(15 * (1 - made.today.abandonment) / 20, abs=0.06)
    assert any("agents are there for 100 agent-hours more while nobody calls" in note for note in notes_of(made))
    assert " EUR " in staffing_text(made)
    assert "at the least" in plan_chart(made).title


def test_agents_who_may_hardly_be_busy_are_as_many_as_that_takes(tmp_path: Path) -> None:
    """Five erlangs for four hours, busy at most 30 % of the time: 20 / 0.3 = 66.7 hours, and up to 5 % for chance."""
    made = found(tmp_path, Target(level=0.8, threshold_s=20, most_occupied=0.3), "patience=never", "horizon=4h")
    assert 66 <= made.found.hours <= 70
    assert made.found.occupancy == pytest.approx(0.3, abs=0.02)


def test_more_agents_than_lines_are_never_of_use(tmp_path: Path) -> None:
    """Three lines hold three callers at a time: three agents answer each of them at once."""
    made = found(tmp_path, Target(level=1.0, threshold_s=0.0, confidence=1.0), "lines=3")
    assert made.levels.tolist() == [[3] * 10]
    assert (made.found.service_level, made.found.abandonment) == (1.0, 0.0)
