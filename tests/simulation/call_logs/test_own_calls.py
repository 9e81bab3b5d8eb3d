"""Calls that ``ivr simulate --calls`` wrote are read as what they are: no column is guessed."""

from __future__ import annotations

from pathlib import Path

from ivr.__main__ import main
from ivr.records.schema import OUTCOMES
from simulation.call_logs.read import read_log
from tests.support.small_scenarios import two_steps

HEAD = (
    "replication,call_id,source,arrived_us,intent,language,path,menu_us,key_presses,outcome,zero_out,attempt,ended_us,"
    "repeat,arrived,queues,queue,wait_us,agent,group,talk_us,acw_us\n"
)
ROWS = (
    "0,0,simulated,100,buy,en-US,p,4000000,1,handled,false,1,0,false,2026-11-24T08:00:00+00:00,a,a,2500000,0,g,60000000,5000000\n"
    "0,1,simulated,200,help,en-US,p,1000000,1,abandoned_in_menu,false,1,0,false,2026-11-24T08:01:00+00:00,,,,,,,\n"
    "0,2,simulated,300,help,en-US,p,3000000,1,abandoned,false,1,0,false,2026-11-24T08:02:00+00:00,b,b,7000000,,,,\n"
    "1,0,simulated,100,buy,en-US,p,4000000,1,handled,false,1,0,false,2026-11-24T08:00:00+00:00,a,a,0,1,g,60000000,0\n"
)


def test_every_column_is_what_it_says(tmp_path: Path) -> None:
    """Agent 0 is an agent, times are microseconds, outcomes are those of the records; the second replication is not
    a second call."""
    (tmp_path / "calls.csv").write_text(HEAD + ROWS, "utf-8")
    log = read_log([tmp_path / "calls.csv"])
    records = log.records
    assert (log.format, log.findings) == ("own_calls", ())
    assert [OUTCOMES[code] for code in records.calls["outcome"]] == ["handled", "abandoned_in_menu", "abandoned"]
    assert [records.names["intent"][code] for code in records.calls["intent"]] == ["buy", "help", "help"]
    assert (records.calls["menu_us"] / 1e6).tolist() == [4, 1, 3]
    visits = records.visits
    assert ((visits["left_us"] - visits["offered_us"]) / 1e6).tolist() == [2.5, 7]
    assert (visits["talk_us"] / 1e6).tolist() == [60, 0]
    assert (visits["acw_us"] / 1e6).tolist() == [5, 0]
    assert (visits["agent"] >= 0).tolist() == [True, False]


def test_what_the_command_writes_is_recognised(tmp_path: Path, monkeypatch) -> None:
    two_steps(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["simulate", "scenario.yaml", "--replications", "2", "--calls", "calls.csv"]) == 0
    assert read_log([tmp_path / "calls.csv"]).format == "own_calls"
