"""``ivr calibrate``, ``ivr backtest`` and ``ivr compare`` with records, from files on disk to what they print."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from ivr.__main__ import main
from simulation.loading.load import load_scenario
from simulation.theory import erlang_a
from tests.support.bank_log import Bank, write_bank

BANK = Bank(days=14, calls_a_day=220.0, staff=((7, 15.5, 1), (9, 17.5, 1), (15, 24, 1)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log, calibrated on its first week."""
    folder = tmp_path_factory.mktemp("made")
    write_bank(BANK, folder / "bank.txt")
    arguments = [
        "calibrate",
        str(folder / "bank.txt"),
        "--to",
        "1999-01-09",
        "--out",
        str(folder / "bank"),
        "--no-check",
    ]
    assert main([*arguments, "--report", str(folder / "bank.html")]) == 0
    return folder


def test_what_is_written_can_be_simulated_and_measured(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sorted(path.name for path in (made / "bank").iterdir()) == [
        "bank.scenario.yaml", "bank.yaml", "map.yaml", "records",
    ]  # fmt: skip
    loaded = load_scenario(made / "bank" / "bank.scenario.yaml")
    assert (loaded.scenario.start, loaded.scenario.horizon) == (dt.datetime(1999, 1, 3), 7 * 86_400)
    assert loaded.notes == ()
    assert main(["report", str(made / "bank" / "records"), "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    rows = (made / "bank.txt").read_text().splitlines()[1:]
    assert measured["calls"] == sum("PHANTOM" not in row for row in rows)  # the whole log, not only the first week
    assert measured["outcomes"]["abandoned"] == sum("HANG" in row for row in rows)


def test_the_page_opens_offline_and_has_a_picture_for_every_estimate(made: Path) -> None:
    page = (made / "bank.html").read_text("utf-8")
    keys = [chart["key"] for chart in json.loads(page.split('id="charts">')[1].split("</script>")[0])["charts"]]
    assert keys[:6] == ["profiles", "days", "types", "patience", "agents", "ready"]
    assert "default-src 'none'" in page


def test_the_json_has_every_estimate_with_its_interval(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = str(made / "bank.txt")
    assert main(["calibrate", log, "--out", str(tmp_path / "out"), "--no-check", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["format"] == "table"
    assert told["columns"]["outcomes"] == {"AGENT": "handled", "HANG": "abandoned", "PHANTOM": "leave_out"}
    talk = told["estimates"]["talk_PS_s"]
    assert talk["low"] < talk["value"] < talk["high"]
    assert {"value", "low", "high", "count", "about", "title", "told", "note"} == set(talk)
    assert told["own_days"] is None


def test_a_saved_map_can_be_edited_and_used(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the column of types all calls go to one queue."""
    text = (made / "bank" / "map.yaml").read_text()
    assert 'date_format: "%y%m%d"\n' in text
    (tmp_path / "map.yaml").write_text(text.replace("queue: type\n", ""))
    arguments = ["calibrate", str(made / "bank.txt"), "--map", str(tmp_path / "map.yaml"), "--no-check"]
    assert main([*arguments, "--out", str(tmp_path / "out"), "--json"]) == 0
    assert [key for key in json.loads(capsys.readouterr().out)["estimates"] if key.startswith("talk_")] == [
        "talk_calls_s"
    ]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("queue: type", "queue: kind"), "queue: the log has no column 'kind'; it has vru+line, call_id"),
        (("queue: type", "que: type"), "a column map has no 'que'"),
        (("HANG: abandoned", "HANG: gone"), "'HANG' means 'gone'"),
        (("arrived: vru_entry\n", ""), "the map names no column for 'arrived'"),
    ],
)
def test_a_map_that_does_not_fit_is_refused(
    edit: tuple[str, str], said: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "map.yaml").write_text((made / "bank" / "map.yaml").read_text().replace(*edit))
    assert main(["calibrate", str(made / "bank.txt"), "--map", str(tmp_path / "map.yaml"), "--no-check"]) == 1
    heard = capsys.readouterr().err
    assert "error K009" in heard
    assert said in heard


def test_a_backtest_says_what_fits(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario, records = str(made / "bank" / "bank.scenario.yaml"), str(made / "bank" / "records")
    arguments = ["backtest", scenario, records, "--from", "1999-01-10", "--use", "talk,agents", "--replications", "3"]
    code = main([*arguments, "--json", "--report", str(made / "test.html")])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert code == (0 if told["fits"] else 1)
    assert (told["from"], told["to"], told["days"], told["use"]) == ("1999-01-10", "1999-01-16", 7, ["talk", "agents"])
    assert set(told["changes"]) == {"arrivals", "talk", "agents", "patience"}
    rows = [row.split("\t") for row in (made / "bank.txt").read_text().splitlines()[1:]]
    tested = [row for row in rows if row[5] >= "990110" and row[12] != "PHANTOM"]
    assert told["measures"]["offered"]["real"] == len(tested)
    assert told["measures"]["abandonment"]["real"] == pytest.approx(
        sum(row[12] == "HANG" for row in tested) / len(tested)
    )
    assert told["changes"]["arrivals"]["measures"]["offered"] == len(tested)  # the calls as they came
    assert [day["date"] for day in told["by_day"]] == [f"1999-01-{day}" for day in range(10, 17)]
    assert "What explains it" in (made / "test.html").read_text("utf-8") or told["verdict"][1:] == []


def test_a_backtest_reads_a_log_too(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = str(made / "bank" / "bank.scenario.yaml")
    arguments = ["backtest", scenario, str(made / "bank.txt"), "--from", "1999-01-10", "--no-explain"]
    main([*arguments, "--replications", "2", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["days"], told["changes"]) == (7, {})


def test_a_scenario_is_compared_with_records(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario, records = str(made / "bank" / "bank.scenario.yaml"), str(made / "bank" / "records")
    assert main(["compare", scenario, records, "--replications", "2"]) == 0
    assert "All days together" in capsys.readouterr().out
    assert main(["compare", scenario, scenario, records]) == 2
    assert "2 scenarios and 1 folders of records" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["calibrate", "nowhere.csv"], 1, "error K001 there is no such file"),
        (["calibrate", "LOG", "--format", "twillio"], 2, "did you mean 'twilio'?"),
        (["calibrate", "LOG", "--zone", "Mars"], 2, "--zone: "),
        (["calibrate", "LOG", "--from", "2001-01-01"], 2, "more than a year from the calls"),
        (["backtest", "SCENARIO", "LOG", "--use", "tlak"], 2, "did you mean 'talk'?"),
        (["backtest", "northwind", "LOG"], 1, "error K011 the records have the queues IN, NE, NW, PE, PS, TT; "),
    ],
)
def test_what_is_wrong_is_said(
    arguments: list[str], code: int, said: str, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    places = {"LOG": str(made / "bank.txt"), "SCENARIO": str(made / "bank" / "bank.scenario.yaml")}
    assert main([places.get(one, one) for one in arguments]) == code
    assert said in capsys.readouterr().err


# -- reports by intervals --------------------------------------------------------------------------------------------


def test_a_report_by_intervals_becomes_a_scenario(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two weeks, 9:00 to 11:00: 20 calls in each half of the first hour, 30 in the second's; AHT 180 s, four agents."""
    lines = ["date,interval,offered,abandoned,aht,agents"]
    for day in range(14):
        date = dt.date(2026, 3, 2) + dt.timedelta(days=day)
        for clock, calls in (("09:00", 20), ("09:30", 20), ("10:00", 30), ("10:30", 30)):
            lines.append(f"{date},{clock},{calls},{calls // 10},180,4")
    (tmp_path / "acd.csv").write_text("\n".join(lines) + "\n")
    assert main(["calibrate", str(tmp_path / "acd.csv"), "--out", str(tmp_path / "acd"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["queues"] == {"calls": {"calls": 1400.0, "talk_s": 180.0, "acw_s": 0.0}}
    assert told["abandonment"] == 0.1
    lost = [
        erlang_a(arrivals_per_hour=2 * n, aht_s=180, patience_s=told["patience_s"], agents=4).abandonment or 0.0
        for n in (20, 30)
    ]
    assert (20 * lost[0] + 30 * lost[1]) / 50 == pytest.approx(0.1, abs=0.002)
    scenario = load_scenario(tmp_path / "acd" / "acd.scenario.yaml").scenario
    assert scenario.arrivals.calls[18:22] == pytest.approx((20, 20, 30, 30), abs=0.05)
    assert scenario.groups["agents"].agents[18:22] == (4, 4, 4, 4)
    assert main(["simulate", str(tmp_path / "acd" / "acd.scenario.yaml"), "--replications", "2"]) == 0
