"""Days of 23 and 25 hours: what a calibration states is read back, at the right hours of the clock."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from click.testing import CliRunner

from simulation.calibration.from_intervals import calibrate_intervals
from simulation.call_logs.log import IntervalReport, ReportRow
from simulation.commands.calibrate import calibrate
from simulation.loading.load import load_scenario
from tests.support.log_formats import FORMATS

NEW_YORK = ZoneInfo("America/New_York")
SPRING, AUTUMN = dt.date(2026, 3, 8), dt.date(2026, 11, 1)


def _log(folder: Path, first: dt.date) -> Path:
    """Seven days from a Monday, each hour with as many calls as its number on the clock plus one, answered by one."""
    begin = dt.datetime.combine(first, dt.time(), NEW_YORK).astimezone(dt.UTC)
    end = dt.datetime.combine(first + dt.timedelta(days=7), dt.time(), NEW_YORK).astimezone(dt.UTC)
    lines = ["arrived,wait_seconds,talk_seconds,agent,outcome"]
    while begin < end:
        calls = begin.astimezone(NEW_YORK).hour + 1
        at = [begin + dt.timedelta(seconds=60 + 120 * call) for call in range(calls)]
        lines += [f"{one:%Y-%m-%dT%H:%M:%SZ},0,30,anna,handled" for one in at]
        begin += dt.timedelta(hours=1)
    file = folder / "calls.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


@pytest.mark.parametrize(
    ("first", "hours"),
    [(SPRING - dt.timedelta(days=6), [0, 1, *range(3, 24)]), (AUTUMN - dt.timedelta(days=6), [0, 1, *range(1, 24)])],
)
def test_a_week_with_a_clock_change(first: dt.date, hours: list[int], tmp_path: Path) -> None:
    """Days of the week share one profile, of hour + 1 calls: that is what each hour that there is gets, also on Sunday.

    Of 7 days, the skipped hour is on one, where its 3 calls are taken as the mean of those beside it, 2 and 4; both
    hours of the repeated one have 2. So all days are alike, and to three digits the sums are exact.
    """
    log, out = _log(tmp_path, first), tmp_path / "out"
    options = [str(log), "--zone", "America/New_York", "--interval", "1h", "--no-check", "--out", str(out)]
    ran = CliRunner().invoke(calibrate, options)
    assert ran.exit_code == 0, ran.output
    scenario = load_scenario(out / "calls.scenario.yaml").scenario
    days = [hour for _ in range(6) for hour in range(24)] + hours
    assert scenario.arrivals.calls == pytest.approx([hour + 1 for hour in days], rel=0.005)
    assert len(scenario.groups["agents"].agents) == scenario.intervals == len(days)
    shown = [int(label.split()[-2 if label[-1] == "T" else -1][:2]) for label in scenario.labels_of_all[:-1]]
    assert shown == days


@pytest.mark.parametrize("name", ["german", "queue_log"])
def test_a_log_over_the_clock_change_in_march_is_read_back(name: str, tmp_path: Path) -> None:
    log, out = FORMATS[name][1](tmp_path), tmp_path / "out"
    options = [str(log), "--zone", "America/New_York", "--no-check", "--out", str(out)]
    assert CliRunner().invoke(calibrate, options).exit_code == 0
    loaded = load_scenario(next(out.glob("*.scenario.yaml"))).scenario
    assert len(loaded.arrivals.calls) == 7 * 48 - 2


def test_a_report_with_both_hours_of_the_day_of_25() -> None:
    """Two rows at 01:00, of 6 and 4 calls: an hour has 5, as at 01:00 of the other days, and agents stay 2."""
    rows = [
        ReportRow(dt.datetime.combine(AUTUMN - dt.timedelta(days=6 - day), dt.time(hour)), "desk", calls, agents=2.0)
        for day in range(7)
        for hour in range(24)
        for calls in ((6.0, 4.0) if day == 6 and hour == 1 else (5.0,))
    ]
    report = IntervalReport("desk", "interval_report", tuple(rows), 3600.0, "America/New_York")
    found = calibrate_intervals(report, name="desk", flow_file="desk.yaml")
    assert np.all(found.counts["desk"] == 5)
    assert found.scenario.data["arrivals"]["calls"] == ["5"] * (7 * 24 + 1)
    assert found.scenario.data["groups"]["agents"]["agents"] == ["2"] * (7 * 24 + 1)
