"""``ivr call`` and ``ivr test`` as people run them: what is printed, and the exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flows.protocol.actions import HungUp, Keys, Outcome, Silence, Speech
from ivr.phone.event_words import read_keys
from ivr.phone.transcript import TAKES_PART
from tests.support.paths import DATA, ROOT

FLOW = """\
ivr: 1
name: Line
start: main
keys: {0: operator}
nodes:
  main:
    type: menu
    choices: [{key: 1, label: billing, next: bye}]
    otherwise: operator
  bye: {type: hangup, say: Goodbye.}
  operator: {type: queue, queue: operator}
queues: {operator: {}}
"""


def ivr(*arguments: str, folder: Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ivr", *arguments],
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "COLUMNS": "80"},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "line.yaml").write_text(FLOW, "utf-8")
    return tmp_path


def test_a_played_call_prints_its_transcript(folder: Path) -> None:
    done = ivr("call", "line.yaml", "--keys", "wait,1", "--at", "2026-11-23T10:00", folder=folder)
    assert done.stderr == ""
    # For billing, press 1. = 3 words / 2.5 + 0.4 = 1.6 s; with 5 s of silence 6.6; the reprompt of six words adds 2.4,
    # then 1.6 heard + 1 to decide + 0.5 of the system = 12.1; goodbye 0.4.
    assert done.stdout.splitlines() == [
        "Line  Monday 23 November 2026 10:00 UTC",
        " 0:00  main                For billing, press 1.",
        f" 0:06                      {TAKES_PART} says nothing",
        "       main                Sorry, I did not hear anything. For billing, press",
        "                           1.",
        f" 0:12                      {TAKES_PART} presses 1",
        "       bye                 Goodbye.",
        "",
        "The call ended: contained  12.5 s, 1 key press",
    ]
    assert done.returncode == 0


def test_a_played_call_as_json(folder: Path) -> None:
    done = ivr("call", "line.yaml", "--keys", "0", "--json", folder=folder)
    data = json.loads(done.stdout)
    assert [turn["did"] for turn in data["turns"]] == ["", "presses 0"]
    assert (data["node"], data["ended"], data["waits_for"]) == ("operator", False, "an agent of queue operator")
    assert data["turns"][1]["passed"] == [{"node": "main", "outcome": "0"}]


def test_an_interactive_call(folder: Path) -> None:
    done = ivr("call", "line.yaml", folder=folder, typed="nonsense\n\n0\nanswer\n")
    assert "'nonsense' is neither keys nor one of" in done.stdout
    assert "says nothing" in done.stdout
    assert "The call ended: handled" in done.stdout
    assert done.returncode == 0


def test_the_end_of_input_hangs_up(folder: Path) -> None:
    done = ivr("call", "line.yaml", folder=folder, typed="")
    assert "The call ended: abandoned in menu" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (
            ["call", "lin.yaml", "--keys", "1"],
            2,
            "lin.yaml: error Y002 no such file\n  = hint: did you mean line.yaml?",
        ),
        (["call", "northwnd", "--keys", "1"], 2, "did you mean 'northwind'?"),
        (["call", "line.yaml", "--keys", "1,q"], 2, "'q' is neither keys nor one of wait,"),
        (["call", "line.yaml", "--keys", "1", "--at", "noon"], 2, "'noon' is not a date and time"),
        (["call", "line.yaml", "--language", "xx"], 2, "'xx' is not spoken here"),
        (
            ["call", "line.yaml", "--value", "x", "--keys", "1"],
            2,
            "--value 'x' gives nothing\n  = hint: write NAME=TEXT",
        ),
        (["call", "line.yaml", "--json"], 2, "--json prints a finished call"),
        (["call", "line.yaml", "--kyes", "1"], 2, "No such option '--kyes'. Did you mean '--keys'?"),
        (["call"], 2, "Missing argument 'FLOW'."),
        (["cal"], 2, "no command 'cal'"),
        (["test", "line.yaml"], 2, "line.calls: error Y002 no such file"),
        (["call", ".", "--keys", "1"], 2, "this is a folder, not a file"),
    ],
)
def test_wrong_use_is_one_finding_and_exit_code_two(folder: Path, arguments: list[str], code: int, says: str) -> None:
    done = ivr(*arguments, folder=folder)
    assert says in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert done.returncode == code


def test_without_a_command_the_help_is_printed_as_it_is(folder: Path) -> None:
    done, helped = ivr(folder=folder), ivr("--help", folder=folder)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", helped.stdout)
    assert done.stderr.startswith("Usage: ivr [OPTIONS] COMMAND [ARGS]...\n")


def test_a_broken_flow_is_findings_and_exit_code_one(folder: Path) -> None:
    (folder / "bad.yaml").write_text(FLOW.replace("otherwise:", "otherwize:"), "utf-8")
    done = ivr("call", "bad.yaml", "--keys", "1", folder=folder)
    assert "bad.yaml:9:5: error F001 unknown key 'otherwize'" in done.stderr
    assert "did you mean 'otherwise'?" in done.stderr
    assert done.returncode == 1


def test_scripts_pass(folder: Path) -> None:
    (folder / "line.calls").write_text('call: billing\n  hear "for billing"\n  press 1\n  ends contained\n', "utf-8")
    done = ivr("test", "line.yaml", folder=folder)
    assert done.stdout.splitlines() == [
        "ok    billing    2 nodes     3.5 s",
        "",
        "1 of 1 call as written.",
        "All 2 exits tried.",
    ]
    assert done.returncode == 0


def test_a_failed_script_is_reported_with_its_line(folder: Path) -> None:
    (folder / "line.calls").write_text('call: wrong\n  press 1\n  hear "good morning"\n  ends contained\n', "utf-8")
    done = ivr("test", "line.yaml", folder=folder)
    assert "FAIL  wrong" in done.stdout
    assert "line.calls:3:3: error C002 expected to hear “good morning”; heard: “Goodbye.”" in done.stderr
    assert done.returncode == 1


def test_results_as_json(folder: Path) -> None:
    (folder / "my.calls").write_text("call: one\n  press 1\n", "utf-8")
    data = json.loads(ivr("test", "line.yaml", "my.calls", "--json", folder=folder).stdout)
    assert (data["passed"], data["failed"]) == (1, 0)
    assert data["calls"][0]["path"] == [["main", "1"], ["bye", "hangup"]]


@pytest.mark.parametrize(
    ("script", "message", "line"),
    [
        ("press 1", "'press 1' stands before any call", 1),
        ("call: a\n  pres 1", "'pres 1' is not a line of a call script", 2),
        ("call: a\n  press", "'press' needs something after it", 2),
        ("# nothing", "no call in this file", 1),
    ],
)
def test_what_is_no_script_is_refused_with_its_line(folder: Path, script: str, message: str, line: int) -> None:
    (folder / "line.calls").write_text(script, "utf-8")
    done = ivr("test", "line.yaml", folder=folder)
    assert f"line.calls:{line}:" in done.stderr
    assert message in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("at noon", "'noon' is not a date and time"),
        ("press 1\n  at 2026-01-01 10:00", "'at' comes after the call has begun"),
        ("language xx", "this flow does not speak 'xx'"),
        ("given tier", "'tier' gives nothing"),
        ("press x", "'x' is not a row of keys"),
        ("press 1\n  press 1", "the call had already ended, contained"),
        ("answer", "'answer' does not fit here: the call waits for keys"),
        ("expect node mian", "expect node: expected 'mian', found 'main'"),
        ("expect queue operator", "expect queue: expected 'operator', found 'no queue'"),
        ("ends contained", "ends: expected 'contained', found 'a call still going on'"),
        ('not hear "billing"', "did not expect to hear “billing”"),
    ],
)
def test_what_a_script_expects_in_vain(folder: Path, lines: str, message: str) -> None:
    (folder / "line.calls").write_text(f"call: a\n  {lines}\n", "utf-8")
    done = ivr("test", "line.yaml", folder=folder)
    assert message in done.stderr
    assert done.returncode == 1


def test_keys_and_words() -> None:
    assert read_keys("1, star,wait,12#,say:my bill,answer,hangup") == (
        Keys("1"),
        Keys("*"),
        Silence(),
        Keys("12#"),
        Speech("my bill"),
        Outcome("answered"),
        HungUp(),
    )


NODES = DATA / "nodes"


def test_a_lookup_answers_as_stated(folder: Path) -> None:
    known = "find=found:state=open,fee=3,due=2026-01-01"
    done = ivr(
        "call",
        str(NODES / "lookup.yaml"),
        "--keys",
        "1234#",
        "--lookup",
        known,
        "--lookup",
        "keep=kept",
        "--json",
        folder=folder,
    )
    call = json.loads(done.stdout)
    assert [turn["did"] for turn in call["turns"]] == ["", "presses 1 2 3 4", "lookup find: found", "lookup keep: kept"]
    assert call["turns"][2]["said"][0]["text"] == "Your case is open. Please pay 3 dollars by January 1, 2026."


def test_a_lookup_that_nobody_answers_is_told(folder: Path) -> None:
    done = ivr("call", str(NODES / "lookup.yaml"), "--keys", "1234#,wait,wait", folder=folder)
    assert "The call now waits for an answer to lookup find (closed, found, not_found," in done.stdout
    assert done.stdout.splitlines()[-1] == "Say what it answers: --lookup find=closed"
    assert "says nothing" not in done.stdout


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("fnd=found", "there is no node 'fnd'"),
        ("find=maybe", "--lookup 'find=maybe': 'find' cannot answer 'maybe'"),
        ("find=found:fee", "--lookup 'fee' gives nothing"),
    ],
)
def test_answers_that_cannot_be(pair: str, message: str, folder: Path) -> None:
    done = ivr("call", str(NODES / "lookup.yaml"), "--keys", "", "--lookup", pair, folder=folder)
    assert done.returncode == 2
    assert message in done.stderr


def test_keys_typed_ahead_are_used_by_the_nodes_that_follow(folder: Path) -> None:
    done = ivr("call", str(NODES / "collect.yaml"), "--keys", "12345#14021", "--json", folder=folder)
    call = json.loads(done.stdout)
    assert [turn["did"] for turn in call["turns"]] == ["", "presses 1 2 3 4 5", "presses 1", "presses • • • •"]
    assert call["outcome"] == "contained"
