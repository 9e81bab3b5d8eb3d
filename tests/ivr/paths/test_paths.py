"""Call scripts made from a flow: they pass, they try everything, and what cannot be tried is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.model.flow import Flow
from flows.model.load import load, load_text
from ivr.__main__ import main
from ivr.coverage.coverage import coverage, there
from ivr.paths.beginnings import beginnings
from ivr.paths.choose import chosen
from ivr.paths.search import ways
from ivr.paths.write_script import scripts_text
from ivr.phone.call_script import read_scripts
from ivr.phone.flow_scripts import run
from tests.support.tried_in_part import LINE


def written(flow: Flow) -> str:
    wanted = frozenset((family, thing) for family, things in there(flow).items() for thing in things)
    return scripts_text(flow, chosen(ways(flow, wanted), wanted))


@pytest.mark.parametrize("name", ["small", "northwind"])
def test_the_scripts_pass_and_try_everything(name: str) -> None:
    flow = load_text(LINE).flow if name == "small" else load(name).flow
    played = [run(flow, script) for script in read_scripts(written(flow), "all.calls")]
    assert [finding for one in played for finding in one.findings] == []
    assert {one.name: one.untried for one in coverage(flow, played).families if one.untried} == {}
    assert len({one.script.name for one in played}) == len(played)


def test_a_script_reads_as_a_call_goes() -> None:
    """The closed queue comes after English and key 1; what is acted on is heard before it is done."""
    text = written(load_text(LINE).flow)
    (call,) = (block for block in text.split("\n\n") if "  closed\n" in block)
    assert call == (
        "call: 1 at which, sales, closed\n"
        '  hear "For English, press 1"\n'
        "  press 1\n"
        '  hear "For sales, press 1"\n'
        "  press 1\n"
        "  expect queue desk\n"
        "  closed\n"
        "  ends closed"
    )


def test_calls_begin_when_each_opening_hours_answer_otherwise_and_with_each_number() -> None:
    flow = load_text(
        """\
ivr: 1
name: L
start: to
hours: {office: {zone: UTC, mon-fri: "08:00-18:00", holidays: [2026-12-25]}}
switches: {snow: {}}
nodes:
  to: {type: split, value: dnis, cases: {"+18005550160": snowy}, otherwise: snowy}
  snowy: {type: switch, switch: snow, on: {on: bye, off: open}}
  open: {type: hours, hours: office, on: {open: tier, closed: bye, holiday: bye}}
  tier: {type: split, value: tier, cases: {"7*": bye}, otherwise: luck}
  luck: {type: split, shares: {a: 0.5, b: 0.5}, cases: {a: bye, b: bye}}
  bye: {type: hangup}
"""
    ).flow
    assert list(beginnings(flow)) == [
        (),
        ("at 2026-11-23 02:30",),  # Monday night; the usual moment, ten o'clock, is open
        ("at 2026-12-25 10:00",),
        ("switch snow = on",),
        ("to +18005550160",),
        ("given tier = 71111111",),
        ("draw luck = a",),
        ("draw luck = b",),
    ]


def test_the_command_writes_a_file_that_the_tester_plays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("line.yaml").write_text(LINE)
    assert main(["paths", "line.yaml", "--output", "all.calls"]) == 0
    assert main(["test", "line.yaml", "all.calls", "--fail-under", "88%"]) == 0  # 8 of 9: no call reaches `alone`
    capsys.readouterr()
    assert main(["paths", "line.yaml", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["not_found"] == []


def test_what_no_call_can_try_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line that is open at every hour of the week is never closed."""
    monkeypatch.chdir(tmp_path)
    Path("line.yaml").write_text(LINE.replace('mon-fri: "08:00-18:00"', 'mon-sun: "00:00-24:00"'))
    assert main(["paths", "line.yaml"]) == 1
    assert "no call found that tries open closed (exits)" in capsys.readouterr().err
