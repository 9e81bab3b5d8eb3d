"""Agents who talk to several callers at once, as in chats, make no scenario without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.backtesting.backtest import backtest
from simulation.backtesting.from_log import from_log
from simulation.backtesting.verdict import verdict
from simulation.calibration.files import files_of
from simulation.calibration.talks_at_once import TalksAtOnce, talks_at_once
from simulation.call_logs.log import CallLog
from simulation.call_logs.read import read_log
from simulation.loading.load import load_scenario

HEAD = "arrived,queue,wait_seconds,talk_seconds,agent,outcome"


def log_of(folder: Path, *rows: str) -> CallLog:
    (folder / "a.csv").write_text("\n".join([HEAD, *(f"2026-03-13 {row},answered" for row in rows)]) + "\n")
    log = read_log([folder / "a.csv"])
    assert isinstance(log, CallLog)
    return log


CHATS = (
    "10:00:00,chat,0,102,anna",
    "10:01:00,chat,0,102,anna",
    "11:00:00,phone,0,102,anna",
    "11:00:30,phone,0,102,bob",
)


def test_the_share_of_talk_with_more_than_one_in_hand(tmp_path: Path) -> None:
    """Two seconds are the clock's. anna chats from 0 to 100 s and from 60 to 160 s: 40 s of 160 with both.

    Both have a call of 100 s besides, at the same time and with one agent each: 40 s of 360 s in all.
    """
    found = talks_at_once(log_of(tmp_path, *CHATS).records)
    assert found == TalksAtOnce(pytest.approx(40 / 360), 2, ("chat",))


@pytest.mark.parametrize(
    "rows",
    [
        ("10:00:00,a,0,60,anna", "10:00:58,a,0,60,anna"),  # 2 s too early: whole seconds
        ("10:00:00,a,0,120,anna", "10:01:00,a,0,120,anna"),  # a minute too early: whole minutes
        ("10:00:00,a,0,60,anna", "10:00:30,a,0,60,bob"),
        # 28 s of 41 minutes, 1.1 %: a fault in a row, not how they work
        ("10:00:00,a,0,1230,anna", "10:20:00,a,0,1230,anna", "11:00:00,a,0,61,anna"),
    ],
)
def test_clocks_and_single_faults_are_no_chats(tmp_path: Path, rows: tuple[str, ...]) -> None:
    assert talks_at_once(log_of(tmp_path, *rows).records) is None


def test_a_scenario_of_such_a_log_says_so(tmp_path: Path) -> None:
    made = from_log(log_of(tmp_path, *CHATS), name="a", file="a.scenario.yaml", flow_file="a.yaml", check=False)
    assert made.found.at_once is not None
    words = "agents have up to 2 talks in hand at once, for 11.1 % of the time they talk, as in chats (chat): "
    assert any(text.startswith(words) for text in made.data.assumed)
    finding = made.found.at_once.finding("a.csv")
    assert (finding.code, finding.severity, finding.message.startswith(words)) == ("K008", "warning", True)


def test_a_back_test_against_such_a_log_says_so(tmp_path: Path) -> None:
    """The scenario of the same log has no chats, as no log tells which talks are."""
    log = log_of(tmp_path, *CHATS)
    made = from_log(log, name="a", file=str(tmp_path / "a.scenario.yaml"), flow_file="a.yaml", check=False)
    for name, text in files_of(made.data, "a").items():
        (tmp_path / name).write_text(text)
    found = backtest(
        load_scenario(tmp_path / "a.scenario.yaml"), log, replications=1, explain=False, engine="reference"
    )
    assert any(
        text.startswith("Agents of these days have up to 2 talks in hand at once, for 11.1 %")
        for text in verdict(found)
    )
