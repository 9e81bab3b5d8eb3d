"""A hole in a report by intervals is not a quiet time, neither for calls nor for agents."""

from __future__ import annotations

import datetime as dt

import pytest

from simulation.calibration.from_intervals import FromIntervals, calibrate_intervals
from simulation.call_logs.log import IntervalReport, ReportRow


def calibrated(*holes: tuple[int, int]) -> FromIntervals:
    """Two weeks from Monday 1 June; each day 40 calls an hour from 8 to 16 with 4 agents, on Mondays 60 with 6."""
    rows = [
        ReportRow(
            dt.datetime(2026, 6, day, hour), "desk", 60 if busy else 40, 6 if busy else 4, 180, 20, 6 if busy else 4
        )
        for day in range(1, 15)
        for hour in range(8, 16)
        if (day, hour) not in holes
        for busy in [day % 7 == 1]
    ]
    return calibrate_intervals(
        IntervalReport("desk", "interval_report", tuple(rows), 3600.0, "UTC"), name="Desk", flow_file="desk.yaml"
    )


def test_a_hole_has_the_calls_and_agents_of_the_same_hour_of_that_weekday() -> None:
    """Three hours of the first Monday are missing; the second has 60 calls and 6 agents then."""
    found, whole = calibrated((1, 10), (1, 11), (1, 12)), calibrated()
    assert found.counts["desk"][0, 8:16].tolist() == [60.0] * 8
    assert found.agents["desk"][0, 8:16].tolist() == [6.0] * 8
    assert found.scenario.data["arrivals"]["calls"] == whole.scenario.data["arrivals"]["calls"]
    assert found.scenario.data["groups"] == whole.scenario.data["groups"]


def test_what_was_not_told_is_not_among_the_calls_that_give_up() -> None:
    """One in ten gives up in each hour that is told."""
    found, whole = calibrated((1, 10), (1, 11), (1, 12)), calibrated()
    assert found.abandonment == pytest.approx(0.1, abs=1e-12)
    assert found.patience_s == whole.patience_s
