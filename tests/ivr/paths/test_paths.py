"""Call scripts made from a flow: they pass, they try everything, and what cannot be tried is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.model.flow import Flow
from flows.model.load import load, load_text
from ivr.__main__ import main
from ivr.coverage.coverage import coverage
from ivr.paths.beginnings import beginnings
from ivr.paths.choose import chosen
from ivr.paths.search import ways
from ivr.paths.wanted import wanted
from ivr.paths.write_script import scripts_text
from ivr.phone.call_script import read_scripts
from ivr.phone.flow_scripts import run
from tests.support.tried_in_part import LINE


def written(flow: Flow) -> str:
    things = wanted(flow)
    return scripts_text(flow, chosen(ways(flow, things), things))


@pytest.mark.parametrize("name", ["small", "northwind"])
def test_the_scripts_pass_and_try_everything(name: str) -> None:
    flow = load_text(LINE).flow if name == "small" else load(name).flow
    played = [run(flow, script) for script in read_scripts(written(flow), "all.calls")]
    assert [finding for one in played for finding in one.findings] == []
    assert {one.name: one.untried for one in coverage(flow, played).families if one.untried} == {}
    assert len({one.script.name for one in played}) == len(played)


def test_a_script_reads_as_a_call_goes() -> None:
    """Words are heard in full by the first call that comes to them, and where a call comes by another exit; a call that
    goes on is at a node. The closed queue comes after English and key 1.
    """
    first, *_, before_the_last, last = written(load_text(LINE).flow).strip().split("\n\n")
    assert first == (
        "call: A wrong key\n"
        '  hear "For English, press 1."\n'
        '  hear "Para Español, oprima 2."\n'
        "  press 3\n"
        '  hear "For sales, press 1."\n'
        '  hear "For news, press 2."\n'
        "  expect node main\n"
        "  hang up\n"
        "  ends abandoned_in_menu"
    )
    (closed,) = (block for block in written(load_text(LINE).flow).split("\n\n") if "  closed\n" in block)
    assert closed == (
        "call: English, sales, closed\n"
        "  press 1\n"
        "  press 1\n"
        "  expect queue desk\n"
        "  closed\n"
        '  hear "Goodbye."\n'
        "  expect node bye\n"
        "  ends closed"
    )
    assert before_the_last.startswith("call: English, a wrong key 3 times\n")
    assert last.startswith("call: At 2026-11-23 02:30, English\n  at 2026-11-23 02:30\n")


def test_what_chance_decided_is_stated_since_it_goes_by_the_name_of_a_call() -> None:
    flow = load_text(
        "ivr: 1\nname: L\nstart: luck\nnodes:\n"
        "  luck: {type: split, shares: {a: 0.5, b: 0.5}, cases: {a: one, b: two}}\n"
        "  one: {type: hangup, say: One.}\n"
        "  two: {type: hangup, say: Two.}\n"
    ).flow
    found = read_scripts(written(flow), "all.calls")
    assert {script.lines[0].argument for script in found} == {"luck = a", "luck = b"}
    assert [finding for script in found for finding in run(flow, script).findings] == []


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


def test_what_cannot_happen_is_not_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line that is open at every hour of the week is never closed, unless a switch closes it."""
    monkeypatch.chdir(tmp_path)
    always = LINE.replace('mon-fri: "08:00-18:00"', 'mon-sun: "00:00-24:00"')
    for text, closes in ((always, False), (f"{always}switches: {{snow: {{closes: [office]}}}}\n", True)):
        Path("line.yaml").write_text(text)
        assert main(["paths", "line.yaml"]) == 0
        assert ("switch snow = on" in capsys.readouterr().out) is closes


def test_what_no_call_can_try_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line does not speak French, so no call goes where French would lead."""
    monkeypatch.chdir(tmp_path)
    text = LINE.replace("otherwise: bye", "otherwise: again").replace(
        "  alone:", "  again: {type: split, value: language, cases: {fr-FR: alone}, otherwise: bye}\n  alone:"
    )
    Path("line.yaml").write_text(text)
    assert main(["paths", "line.yaml"]) == 1
    assert "no call found that tries again fr-FR (exits)" in capsys.readouterr().err
