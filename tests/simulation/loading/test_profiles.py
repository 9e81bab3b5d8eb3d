"""A day's profile times the totals of dates: the calls expected in each interval, and what may be stated wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ivr.__main__ import main
from simulation.drawing.draw import drawing
from simulation.loading.load import load_scenario
from simulation.sampling.streams import Streams
from simulation.workload.build_call_table import build_call_table, prepare
from tests.support.small_scenarios import TWO_STEPS, TWO_STEPS_CALLED, write

# Tuesday 24 November 2026, 08:00, two days in intervals of 6 h: from 8, 14, 20, 2 and so on.
DAYS = ("start=2026-11-24 08:00", "horizon=2d", "interval=6h", "groups.helpers.agents=4")
SHAPE = "profile: [6, 3, 1, 0]"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, TWO_STEPS, TWO_STEPS_CALLED)
    (tmp_path / "days.csv").write_text("date;calls;all\n24.11.2026;100;x\n25.11.2026;200;5\n26.11.2026;40;5\n")
    (tmp_path / "shape.csv").write_text("at,calls\n8,6\n14,3\n20,1\n2,0\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def expected(*settings: str) -> list[float]:
    prepared = prepare(load_scenario("scenario.yaml", settings=[*DAYS, *settings]))
    until = [prepared.arrivals.process.expected_calls(int(at)) for at in prepared.scenario.cut.edges_us]
    return [round(calls, 9) for calls in np.diff(until).tolist()]


# 24 November has the intervals from 8, 14 and 20 o'clock, the 25th those from 2 to 20, the 26th that from 2.
BY_DATE = [60, 30, 10, 0, 120, 60, 20, 0]


@pytest.mark.parametrize(
    "arrivals",
    [
        f"{{kind: profile, {SHAPE}, daily: [100, 200, 40]}}",
        f"{{kind: profile, {SHAPE}, daily: {{2026-11-24: 100, 2026-11-25: 200, 2026-11-26: 40}}}}",
        f"{{kind: profile, {SHAPE}, daily: {{file: days.csv}}}}",
        "{kind: profile, profile: {file: shape.csv, column: calls}, daily: {file: days.csv, column: calls}}",
    ],
)
def test_each_date_has_its_total_and_the_shape_of_the_day(folder: Path, arrivals: str) -> None:
    assert expected(f"arrivals={arrivals}") == BY_DATE


def test_one_total_for_all_dates_and_factors_of_weekdays(folder: Path) -> None:
    one = f"{{kind: profile, {SHAPE}, daily: 50, weekdays: {{wed: 0.5}}}}"
    # the interval from 20:00 to 2:00 is cut at midnight: 4 of its 5 calls' hours... a third on Wednesday, halved
    tuesday, wednesday = [30, 15, 5 * (4 + 2 * 0.5) / 6, 0], [15, 7.5, 5 * (4 * 0.5 + 2) / 6, 0]
    assert expected(f"arrivals={one}") == pytest.approx(tuesday + wednesday, abs=1e-8)


def test_busy_days_and_shares_by_interval_go_with_it(folder: Path) -> None:
    settings = (
        f"arrivals={{kind: profile, {SHAPE}, daily: 90, busyness: {{gamma: 5}}}}",
        "intents.buy.share=[0.5, 0, 0.1, 0.25]",
        "intents.phone.share=[0.25, 0.5, 0.9, 0.5]",
        "intents.bill.share=[0.25, 0.5, 0, 0.25]",
    )
    prepared = prepare(load_scenario("scenario.yaml", settings=[*DAYS, *settings]))
    draw = drawing(prepared)
    assert draw is not None
    ours, theirs = draw(Streams(2), busy_u=0.3), build_call_table(prepared, Streams(2), busy_u=0.3)
    assert np.array_equal(ours.arrived_us, theirs.arrived_us)
    assert np.array_equal(ours.intent, theirs.intent)


@pytest.mark.parametrize(
    ("arrivals", "told"),
    [
        (f"{{kind: profile, {SHAPE}}}", "arrivals of kind profile need daily and profile, and have profile"),
        ("{kind: profile, profile: [1, 2], daily: 5}", "X003 arrivals.profile has 2 values; the horizon has 8"),
        ("{kind: profile, profile: [0, 0, 0, 0], daily: 5}", "X005 the profile is 0 throughout"),
        (f"{{kind: profile, {SHAPE}, daily: [1, 2]}}", "X003 arrivals.daily has 2 values; the horizon has 3 dates"),
        (f"{{kind: profile, {SHAPE}, daily: {{2026-11-24: 7}}}}", "X003 there is no total for 2026-11-25"),
        (f"{{kind: profile, {SHAPE}, daily: {{24.11.: 7}}}}", "F003"),
        (f"{{kind: profile, {SHAPE}, daily: {{file: days.csv, column: total}}}}", "days.csv:1:1: error X001 no column"),
        (f"{{kind: profile, {SHAPE}, daily: {{file: days.csv, column: all}}}}", "days.csv:2:16: error F003"),
        (
            f"{{kind: profile, {SHAPE}, daily: {{file: shape.csv, date: at}}}}",
            "shape.csv:2:1: error X005 '8' in column",
        ),
        (f"{{kind: profile, {SHAPE}, daily: {{file: day.csv}}}}", "X001 'day.csv' cannot be read"),
        ("{kind: profile, profile: {file: shape.csv}, daily: 5}", "'column' is missing"),
        ("{kind: profile, profile: [1, -2, 1, 1], daily: 5}", "must be at least 0"),
    ],
)
def test_what_is_wrong(folder: Path, capsys: pytest.CaptureFixture[str], arrivals: str, told: str) -> None:
    settings = [part for one in (*DAYS, f"arrivals={arrivals}") for part in ("--set", one)]
    assert main(["simulate", "scenario.yaml", *settings]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
