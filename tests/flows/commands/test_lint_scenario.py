"""``ivr lint --scenario``: agents, shares and volumes from a scenario; and the day on which the calendar is looked
at.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivr.__main__ import main

# "For sales of many products, press 1." is 6 words and a digit: 2.8 s; "For help, press 2." is 1.6 s.
FLOW = """\
ivr: 1
name: Two choices
start: main
nodes:
  main:
    type: menu
    choices:
      - {key: 1, label: sales of many products, next: sales_queue}
      - {key: 2, label: help, next: help_queue}
    otherwise: help_queue
  sales_queue: {type: queue, queue: sales, max_wait: 5m}
  help_queue: {type: queue, queue: help, max_wait: 5m}
queues: {sales: {skills: [selling]}, help: {}}
"""
SCENARIO = """\
name: A day
flow: flow.yaml
start: 2026-11-24 08:00
horizon: 2h
interval: 30m
arrivals: {kind: constant, per_hour: 300}
intents: {buy: {share: 0.1, goal: sales_queue}, ask: {share: 0.9, goal: help_queue}}
behaviour: {hear_all: 0, key_ahead: 0, wrong_key: 0, no_input: 0, zero_out: 0, hang_up_per_minute: 0}
talk: {exponential: 3m}
groups: {desk: {skills: [selling, help], agents: 20}}
routing: single_queue
replications: 2
"""


def lint(folder: Path, *arguments: str, flow: str = FLOW, scenario: str = SCENARIO) -> int:
    (folder / "flow.yaml").write_text(flow, "utf-8")
    (folder / "day.yaml").write_text(scenario, "utf-8")
    return main(["lint", str(folder / "flow.yaml"), "--scenario", str(folder / "day.yaml"), *arguments])


def found(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    return [(f["code"], f["message"]) for f in json.loads(capsys.readouterr().out)]


def test_the_order_is_judged_by_what_callers_want(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As it is: 2.8 + 0.9 x 2.2 + 1.5 = 6.28 s; help first: 1.6 + 0.1 x 3.4 + 1.5 = 3.44 s. 600 calls a day, 2.84 s
    each: 600 x 365 x 2.84 / 3600 = 172.8 hours a year."""
    assert lint(tmp_path, "--select", "M105") == 0
    out = capsys.readouterr().out
    assert "costs callers 2.8 s in menu 'main': 6.3 s on average, 3.4 s in the best order" in out
    assert "best order: help (90%), sales of many products (10%); saves 2.8 s a call" in out
    assert (
        out.splitlines()[-1]
        == "The order of the menus costs 2.8 s a call: 173 caller-hours a year for 219,000 calls, as in 'A day'."
    )


def test_without_a_scenario_the_flow_states_no_shares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lint(tmp_path, "--select", "M105")
    capsys.readouterr()
    assert main(["lint", str(tmp_path / "flow.yaml"), "--select", "M105"]) == 0
    assert capsys.readouterr().out == "No findings of the rules that were asked for.\n"


def test_a_queue_without_agents_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """R010 stands where the queue does; what the scenario's own check says of the same queue (X004) is not repeated."""
    assert lint(tmp_path, "--select", "R010", "--json", flow=FLOW.replace("[selling]", "[seling]")) == 1
    assert found(capsys) == [
        ("X001", "there is no queue that needs the skill 'selling'"),
        ("R010", "no agent of the scenario has the skill 'seling' that queue 'sales' needs"),
    ]


def test_too_few_agents_miss_the_law(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """300 x 180 s / 3600 = 15 erlangs: with 20 agents a queue has short waits, with 10 it grows for two hours."""
    assert lint(tmp_path, "--select", "R018", "--profile", "es", "--json") == 0
    assert found(capsys) == []
    assert (
        lint(tmp_path, "--select", "R018", "--profile", "es", "--json", scenario=SCENARIO.replace("20}}", "10}}")) == 1
    )
    assert [message.split("%")[1] for code, message in found(capsys) if code == "R018"] == [
        " of the calls of queue 'sales' are answered within 3 minutes, as simulated; at least 95",
        " of the calls of queue 'help' are answered within 3 minutes, as simulated; at least 95",
    ]


@pytest.mark.parametrize(("name", "code"), [("no_such.yaml", 2), ("flow.yaml", 1)])
def test_what_is_no_scenario_is_a_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, code: int
) -> None:
    lint(tmp_path)
    capsys.readouterr()
    assert (
        main(["lint", str(tmp_path / "flow.yaml"), "--select", "S001", "--scenario", str(tmp_path / name), "--json"])
        == code
    )
    assert [code for code, _ in found(capsys)] == ["Y002" if code == 2 else "X001"]


def test_today_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(
        "ivr: 1\nname: L\nstart: o\nhours: {h: {zone: UTC, mon-fri: '09:00-17:00', closed: [2026-12-25]}}\n"
        "nodes: {o: {type: hours, hours: h, on: {open: b, closed: b}}, b: {type: hangup}}\n",
        "utf-8",
    )
    arguments = ["lint", str(file), "--select", "R009", "--json"]
    assert main([*arguments, "--today", "2026-11-25"]) == 0
    assert found(capsys) == []
    assert main([*arguments, "--today", "2026-12-26"]) == 1
    assert found(capsys) == [
        ("R009", "the last closed day of 'h' was 2026-12-25: every holiday since is treated as a working day")
    ]
    assert main([*arguments, "--today", "tomorrow"]) == 2
    assert "'tomorrow' does not match the format" in capsys.readouterr().err
