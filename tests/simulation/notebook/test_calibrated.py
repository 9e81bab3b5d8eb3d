"""Calibrate and back-test from Python: the same numbers as the commands, shown and plotted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import simulation
from ivr.__main__ import main
from tests.support.bank_log import Bank, write_bank

BANK = Bank(days=14, calls_a_day=220.0, staff=((7, 15.5, 1), (9, 17.5, 1), (15, 24, 1)))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bank(BANK, tmp_path_factory.mktemp("bank") / "bank.txt")


@pytest.fixture(scope="module")
def week(log: Path) -> simulation.CalibrationResult:
    return simulation.calibrate(log, until="1999-01-09", check=False)


@pytest.fixture(scope="module")
def tested(week: simulation.CalibrationResult) -> simulation.BacktestResult:
    return simulation.backtest(
        week.scenario, week, since="1999-01-10", use=["talk"], tolerance=["offered=off"], replications=2, explain=False
    )


def test_the_command_writes_the_same_files(
    week: simulation.CalibrationResult, log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    week.save(tmp_path / "api")
    arguments = [
        "calibrate",
        str(log),
        "--to",
        "1999-01-09",
        "--no-check",
        "--json",
        "--out",
        str(tmp_path / "command"),
    ]
    assert main(arguments) == 0
    files = [sorted(p.relative_to(tmp_path / one) for p in (tmp_path / one).rglob("*.*")) for one in ("api", "command")]
    assert files[0] == files[1]
    for name in files[0]:
        assert (tmp_path / "api" / name).read_bytes() == (tmp_path / "command" / name).read_bytes(), name
    told = json.loads(capsys.readouterr().out)["estimates"]
    assert {key: of["value"] for key, of in told.items()} == {key: of.value for key, of in week.measures.items()}


def test_the_estimates_show_themselves(week: simulation.CalibrationResult) -> None:
    assert repr(week) == f"<CalibrationResult 'bank': table, {len(week.measures)} estimates, 0 findings>"
    assert week._repr_html_().count("<tr>") == 1 + len(week.measures)
    frame = week.to_pandas().set_index("estimate")
    assert frame.loc["patience_s", "low"] == week.measures["patience_s"].low
    assert week.plot_patience().chart.key == "patience"
    assert week.plot_talk("NW").chart.key == "talk-NW"
    with pytest.raises(ValueError, match="there is nothing to plot: the log does not tell it"):
        week.plot_menus()


def test_the_verdict_shows_itself(tested: simulation.BacktestResult, tmp_path: Path) -> None:
    assert repr(tested).startswith("<BacktestResult 'bank': 7 days, ")
    assert tested.use == ("talk",)
    assert tested.verdict[0].startswith("The forecast ")
    assert str(tested.measures["offered"].limit) == "not judged"
    shown = tested._repr_html_()
    assert shown.count("<tr>") == 1 + len(tested.measures)
    assert tested.plot_days("no_wait").chart.key == "day-no_wait"
    with pytest.raises(ValueError, match="there is no chart of 'waits'; there are offered, abandonment"):
        tested.plot_intervals("waits")
    tested.report(tmp_path / "test.html")
    assert "May be off by" in (tmp_path / "test.html").read_text("utf-8")


def test_its_frames_add_up(tested: simulation.BacktestResult) -> None:
    """Callers of the days, of the intervals and of the queues are those of the whole."""
    whole = tested.to_pandas().set_index("measure")
    for table in ("days", "intervals", "queues"):
        frame = tested.to_pandas(table)
        offered = frame[frame.measure == "offered"]
        assert offered.real.sum() == whole.loc["offered", "real"], table
        assert offered.simulated.sum() == pytest.approx(whole.loc["offered", "simulated"]), table
    with pytest.raises(ValueError, match="there is no table 'weeks'; there are total, days, intervals, queues"):
        tested.to_pandas("weeks")


def test_a_report_by_intervals_has_no_waits_to_test(tmp_path: Path) -> None:
    rows = [f"2026-03-{day:02d},{clock},30,3,180,4" for day in range(2, 9) for clock in ("09:00", "09:30", "10:00")]
    (tmp_path / "acd.csv").write_text("date,interval,offered,abandoned,aht,agents\n" + "\n".join(rows) + "\n")
    found = simulation.calibrate(tmp_path / "acd.csv")
    assert found.measures["calls_mon"].value == pytest.approx(90.0)
    assert found.measures["talk_calls_s"].value == 180.0
    assert found.plot_arrivals().chart.key == "profiles"
    found.save(tmp_path / "acd")
    assert sorted(path.name for path in (tmp_path / "acd").iterdir()) == ["acd.scenario.yaml", "acd.yaml"]
    with pytest.raises(ValueError, match="a report by intervals has no waits to compare"):
        simulation.backtest(found.scenario, found)
