"""What is said of a log before anything is estimated, and what is assumed where a report tells too little."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simulation.calibration.arrivals import BUSY_ALL_DAY, estimate_arrivals
from simulation.calibration.calibration import part
from simulation.calibration.estimates import rows_of_intervals
from simulation.calibration.from_intervals import calibrate_intervals
from simulation.call_logs.log import CallLog, IntervalReport, ReportRow
from simulation.call_logs.read import read_log
from simulation.report.calibration_text import estimate_texts, log_text
from simulation.theory import erlang_a

DAY_US = 86_400_000_000


def test_calls_of_other_days_are_told_apart_from_rows_that_are_no_calls(tmp_path: Path) -> None:
    """Three calls, one a phantom; one is of the second day."""
    (tmp_path / "a.csv").write_text(
        "arrived,wait_seconds,talk_seconds,outcome\n2026-03-02 10:00:00,4,60,AGENT\n2026-03-02 11:00:00,4,0,PHANTOM\n"
        "2026-03-03 10:00:00,4,60,AGENT\n"
    )
    log = read_log([tmp_path / "a.csv"])
    assert isinstance(log, CallLog)
    (line,) = log_text(part(log, 0, DAY_US))[1:2]
    assert line.strip().startswith("3 rows · 1 call")
    assert line.strip().endswith("1 call of other days")


def test_what_each_outcome_of_a_column_map_means_is_told_in_full(tmp_path: Path) -> None:
    outcomes = {f"REASON {i}": "abandoned" for i in range(6)} | {"PHANTOM": "leave_out"}
    log = replace(_log(tmp_path), proposed={"queue": "type", "outcomes": outcomes, "nobody": ["NO_SERVER"]})
    lines = [line.split() for line in log_text(log)]
    said = " ".join(word for line in lines for word in line)
    assert all(f"{outcome} = {meaning}" in said for outcome, meaning in outcomes.items())
    assert max(map(len, log_text(log))) <= 80


def _log(folder: Path) -> CallLog:
    (folder / "a.csv").write_text("arrived,wait_seconds,talk_seconds,outcome\n2026-03-02 10:00:00,4,60,AGENT\n")
    log = read_log([folder / "a.csv"])
    assert isinstance(log, CallLog)
    return log


def report(abandonment: float, *, agents: float | None = 3) -> IntervalReport:
    """Two queues with 30 calls of 180 s in each half hour of a day, and three agents each: a load of 1 in each."""
    rows = tuple(
        ReportRow(dt.datetime(2026, 3, 2, 8 + i // 2, i % 2 * 30), queue, 30, 30 * abandonment, 180, None, agents)
        for i in range(8)
        for queue in ("help", "sales")
    )
    return IntervalReport("report", "interval_report", rows, 1800.0, "UTC")


def test_queues_with_agents_of_their_own_lose_calls_as_floors_of_their_own() -> None:
    """Three agents with a load of 3 and patience of 2 min lose what Erlang A says; six with 6 lose fewer."""
    lost = erlang_a(arrivals_per_hour=60, aht_s=180, patience_s=120, agents=3).abandonment
    assert lost is not None
    found = calibrate_intervals(report(lost), name="report", flow_file="report.yaml")
    assert found.patience_s == pytest.approx(120, rel=0.03)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (report(0.1, agents=None), "the report does not say how many agents there were"),
        (report(0.0), "nobody gave up"),
        (report(0.9), "with the agents of the report no patience from 10 s to 2 h loses 90"),
    ],
)
def test_patience_that_cannot_be_inferred_is_assumed_and_says_why(told: IntervalReport, why: str) -> None:
    found = calibrate_intervals(told, name="report", flow_file="report.yaml").scenario
    assert any(text.startswith(f"callers are patient for 5 min on average: {why}") for text in found.assumed)
    assert found.data["service_level"] == {"threshold": "20s", "target": "80%"}


MORNINGS, EVENINGS = (200.0, 100, 200, 100, 200, 100), (200.0, 200, 100, 100, 150, 150)


@pytest.mark.parametrize(
    ("evenings", "told"),
    [
        # days are busy as a whole: all counts alike, the correlation is 1, and the interval has no width
        (MORNINGS, ("1", "")),
        # +1/3 and -1/3 in the morning beside +1/3, +1/3, -1/3, -1/3, 0, 0: a sum of products of 0, and six days put
        # Fisher's interval at tanh(1.96 / sqrt(3)) = 0.81 to either side, which is most of what there is
        (EVENINGS, ("cannot be told", "")),
    ],
)
def test_a_correlation_that_may_be_anything_is_not_told(
    evenings: tuple[float, ...], told: tuple[str, str], tmp_path: Path
) -> None:
    counts = np.array([MORNINGS, evenings]).T
    arrivals = estimate_arrivals(counts, np.zeros(6, int), np.ones(6, bool))
    made = calibrate_intervals(_weeks(counts.tolist()), name="desk", flow_file="desk.yaml")
    (row,) = (row for row in rows_of_intervals(made) if row.key == "correlation_within_days")
    assert row.value == arrivals.within
    assert estimate_texts(row) == told
    assert (BUSY_ALL_DAY in made.scenario.assumed) == (not row.told) == (told[0] == "cannot be told")


def _weeks(counts: list[list[float]]) -> IntervalReport:
    """Counts of two half hours on Mondays, one a week."""
    first = dt.datetime(2026, 3, 2, 8)
    read = tuple(
        ReportRow(first + dt.timedelta(weeks=week, minutes=30 * half), "help", calls, 0.0, 180, None, 9)
        for week, day in enumerate(counts)
        for half, calls in enumerate(day)
    )
    return IntervalReport("report", "interval_report", read, 1800.0, "UTC")
