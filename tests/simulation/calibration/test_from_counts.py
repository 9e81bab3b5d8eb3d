"""Volumes from a report by intervals, and all else from a log."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from flows.source.finding import UsageError
from simulation.backtesting.from_log import FromLog, from_log
from simulation.calibration.calibration import calibrate
from simulation.calibration.from_counts import with_volumes
from simulation.call_logs.log import CallLog, IntervalReport, ReportRow
from simulation.call_logs.read import read_log
from simulation.report.calls_of import volumes_of

MONDAY = dt.datetime(2026, 3, 2)


def report(days: int, step_min: int = 30) -> IntervalReport:
    """Counts of whole weeks from 8:00 to 10:00: 10, 20, 30 and 40 in the half hours."""
    count = 120 // step_min
    rows = tuple(
        ReportRow(
            MONDAY + dt.timedelta(days=day, hours=8, minutes=step_min * i), "calls", 10 * (1 + i * step_min // 30)
        )
        for day in range(days)
        for i in range(count)
    )
    return IntervalReport("counts", "interval_report", rows, step_min * 60.0, "UTC")


@pytest.fixture
def log(tmp_path: Path) -> CallLog:
    """Three calls on each of two days."""
    lines = [f"2026-03-0{day} 08:{minute}:00,0,60,answered" for day in (2, 3) for minute in (10, 20, 40)]
    (tmp_path / "calls.csv").write_text("arrived,wait_seconds,talk_seconds,outcome\n" + "\n".join(lines) + "\n")
    found = read_log([tmp_path / "calls.csv"])
    assert isinstance(found, CallLog)
    return found


def made(log: CallLog, counts: IntervalReport, **options: object) -> FromLog:
    return from_log(log, name="a", file="a.scenario.yaml", flow_file="a.yaml", volumes=counts, check=False, **options)  # type: ignore[arg-type]


def test_calls_are_those_of_the_report(log: CallLog) -> None:
    found = made(log, report(28))
    calls = [float(number) for number in found.data.data["arrivals"]["calls"]]
    assert calls[15:21] == [0, 10, 20, 30, 40, 0]
    assert found.data.notes["arrivals",].startswith("Estimated from 28 days with 2,800 calls of the report counts.")
    assert "calls are those of the report counts: on the 2 days that both have it counts 200, and the log 6" in (
        found.data.assumed
    )


def test_days_after_the_last_to_use_are_not_used(log: CallLog) -> None:
    found = made(log, report(28), until=dt.date(2026, 3, 8)).found
    assert found.volumes is not None
    assert (found.volumes.days, found.volumes.calls) == (7, 700)


def test_finer_intervals_are_added_up_and_coarser_ones_refused(log: CallLog) -> None:
    """Quarters of an hour have as many calls as the half hours above, so half hours have 20, 40, 60 and 80."""
    found = with_volumes(calibrate(log), report(14, 15))
    assert found.arrivals.expected[0][15:21].tolist() == pytest.approx([0, 20, 40, 60, 80, 0])
    with pytest.raises(UsageError) as raised:
        with_volumes(calibrate(log), report(14, 60))
    assert raised.value.findings[0].hint == "take --interval 60m"


def test_a_report_and_a_log_are_not_parts_of_one_log(log: CallLog, tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text(
        "date,from,calls\n2026-03-02,08:00,3\n2026-03-02,08:30,4\n2026-03-02,09:00,2\n"
    )
    files = [tmp_path / "counts.csv", tmp_path / "calls.csv"]
    for order in (files, files[::-1]):
        with pytest.raises(UsageError, match="is an interval report, ") as raised:
            read_log(order)
        assert raised.value.findings[0].hint.endswith(f"ivr calibrate {files[1]} --volumes {files[0]}")
    counts = volumes_of(files[0], None, log)
    assert counts is not None
    with pytest.raises(UsageError, match="is a report by intervals itself"):
        volumes_of(files[0], None, counts)
    with pytest.raises(UsageError, match="is a log with a row a call"):
        volumes_of(files[1], None, log)
