"""What a shell offers after TAB, through click's own protocol and in a real bash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from flows.lint.rules import rules
from flows.source.shipped import shipped
from ivr.__main__ import COMMANDS, ivr, main

FLOWS = ["city_services", "credit_union", "northwind", "power_outage"]
SCENARIOS = ["city_services", "credit_union", "northwind", "northwind_busy", "power_outage"]
LINE = """
ivr: 1
name: Line
start: who
nodes:
  who: {type: lookup, url: "https://example.com", on: {found: half}, into: {tier: tier}, failure: bye}
  half: {type: split, shares: {old: 0.5, new: 0.5}, cases: {old: bye, new: kind}}
  kind: {type: split, value: tier, cases: {gold: bye}, otherwise: bye}
  bye: {type: hangup, say: Goodbye.}
"""


def offered(line: str) -> list[tuple[str, str]]:
    """What is offered at the end of a command line, and its kind: plain, or file where the shell offers files."""
    *arguments, incomplete = line.split(" ")[1:]
    items = ShellComplete(ivr, {}, "ivr", "_IVR_COMPLETE").get_completions(arguments, incomplete)
    return [(item.value, item.type) for item in items]


def plain(line: str) -> list[str]:
    assert {kind for _, kind in offered(line)} <= {"plain"}
    return [value for value, _ in offered(line)]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a flow, its scenario, a call script, a hidden file and a folder."""
    for name in ("line.yaml", "line.scenario.yaml", "line.calls", ".hidden.yaml"):
        (tmp_path / name).touch()
    (tmp_path / "lines").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_shipped() -> None:
    assert (shipped(".yaml"), shipped(".scenario.yaml")) == (FLOWS, SCENARIOS)


@pytest.mark.parametrize("command", ["show", "optimise", "convert", "call", "test", "serve"])
def test_flows(command: str, here: Path) -> None:
    assert plain(f"ivr {command} ") == [*FLOWS, "line.yaml"]
    assert plain(f"ivr {command} n") == ["northwind"]


@pytest.mark.parametrize(
    "command", ["simulate", "staff", "sweep", "compare", "estimators", "callers", "lint northwind --scenario"]
)
def test_scenarios(command: str, here: Path) -> None:
    assert plain(f"ivr {command} ") == [*SCENARIOS, "line.scenario.yaml", "line.yaml"]
    assert plain(f"ivr {command} north") == ["northwind", "northwind_busy"]


def test_whatever_can_be_checked(here: Path) -> None:
    assert plain("ivr lint ") == [*FLOWS, "line.calls", "line.scenario.yaml", "line.yaml"]


def test_more_of_the_same(here: Path) -> None:
    assert plain("ivr lint northwind cr") == ["credit_union"]
    assert plain("ivr compare northwind pow") == ["power_outage"]


@pytest.mark.parametrize(
    "line",
    ["lint lines", "lint lines/", "test northwind ", "simulate northwind --calls ", "report ", "show northwind -o "],
)
def test_files_are_left_to_the_shell(line: str, here: Path) -> None:
    assert offered(f"ivr {line}") == [(line.rpartition(" ")[2], "file")]


def test_codes_of_rules() -> None:
    assert plain("ivr explain X00") == [f"X{number:03}" for number in range(1, 10)]
    assert plain("ivr lint northwind --select ") == list(rules())
    assert plain("ivr lint northwind --ignore S001,s00") == [f"S001,S{number:03}" for number in range(1, 10)]


def test_answers_of_nodes(here: Path) -> None:
    (here / "line.yaml").write_text(LINE, "utf-8")
    assert plain("ivr call line.yaml --lookup ") == ["who=found", "who=failure", "who=timeout"]
    assert plain("ivr call line.yaml --lookup who=fo") == ["who=found"]
    assert plain("ivr serve line.yaml --draw ") == ["half=old", "half=new"]


@pytest.mark.parametrize("flow", ["no_such_flow", "line.scenario.yaml", "lines"])
def test_a_flow_that_cannot_be_read_offers_no_answers(flow: str, here: Path) -> None:
    assert plain(f"ivr call {flow} --lookup ") == []


def test_commands_are_offered_without_loading_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.__main__.import_module", None)
    assert plain("ivr ") == list(COMMANDS)
    assert plain("ivr s") == ["show", "schema", "swarm", "serve", "switch", "simulate", "staff", "sweep"]
    assert plain("ivr --ver") == ["--version"]


def test_options_and_their_values() -> None:
    assert plain("ivr show northwind --lan") == ["--language"]
    assert plain("ivr lint northwind --format s") == ["sarif"]


def answered(shell: str, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What a shell's own script reads when TAB is pressed at the end of the line."""
    words = line.split(" ")
    monkeypatch.setenv("_IVR_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", words[-1] if shell == "fish" else str(len(words) - 1))
    with pytest.raises(SystemExit):
        main([])
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("begun", "names"),
    [
        ("call nor", ["northwind"]),
        ("simulate north", ["northwind", "northwind_busy"]),
        ("staff city", ["city_services"]),
        ("call line.yaml --lookup who=f", ["who=found", "who=failure"]),
        ("serve line.yaml --draw half=", ["half=old", "half=new"]),
        ("explain D00", [f"D{number:03}" for number in range(1, 10)]),
        ("lint northwind --select S001,D00", [f"S001,D{number:03}" for number in range(1, 10)]),
    ],
)
def test_in_the_words_of_each_shell(
    shell: str,
    begun: str,
    names: list[str],
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (here / "line.yaml").write_text(LINE, "utf-8")
    lines = answered(shell, f"ivr {begun}", monkeypatch, capsys)
    # zsh reads three lines a name (type, name, description), the others "type,name"; fish a description after a tab.
    got = lines[1::3] if shell == "zsh" else [line.partition("\t")[0].removeprefix("plain,") for line in lines]
    assert got == names


def test_an_option_and_its_value_in_one_word(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """bash begins a new word at ``=``; zsh would put the value in the place of the whole word."""
    (here / "line.yaml").write_text(LINE, "utf-8")
    begun = "ivr call line.yaml --lookup=who=t"
    assert answered("zsh", begun, monkeypatch, capsys)[1::3] == ["--lookup=who=timeout"]
    assert answered("fish", begun, monkeypatch, capsys) == ["plain,--lookup=who=timeout"]


def script(shell: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What a shell's own configuration evaluates."""
    monkeypatch.setenv("_IVR_COMPLETE", f"{shell}_source")
    with pytest.raises(SystemExit):
        main([])
    return capsys.readouterr().out


def test_fish_keeps_what_follows_a_comma(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Its script takes "plain,S001,S002" apart."""
    assert '(string split --max 1 "," $completion)' in script("fish", monkeypatch, capsys)


def test_files_after_an_equals_sign(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The shell looks for `o`, not for `--report=o`. Tried in zsh 5.9 and fish 3.6."""
    assert answered("zsh", "ivr simulate northwind --report=o", monkeypatch, capsys)[:2] == ["file", "--report=o"]
    assert answered("fish", "ivr simulate northwind --report=o", monkeypatch, capsys) == ["file,--report=o"]
    in_zsh = script("zsh", monkeypatch, capsys)
    assert in_zsh.count("_path_files") == in_zsh.count("compset -P 1 '--*='; _path_files") == 2
    in_fish = script("fish", monkeypatch, capsys)
    wanted = "(string replace --regex -- '^--[^=]*=' '' $metadata[2])"
    assert f"(__fish_complete_path {wanted})" in in_fish
    assert f"(__fish_complete_directories {wanted})" in in_fish
    assert in_fish.count('echo "$option$file"') == 2


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_in_a_real_bash(here: Path) -> None:
    """As README.md says: the script is evaluated, then TAB calls its function."""
    tool = here / "bin" / "ivr"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ivr "$@"\n', "utf-8")
    tool.chmod(0o755)
    program = 'eval "$(_IVR_COMPLETE=bash_source ivr)"; COMP_WORDS=(ivr simulate north); COMP_CWORD=2; '
    program += '_ivr_completion ivr; echo "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "-c", program],
        cwd=here,
        env={"PATH": f"{tool.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("northwind northwind_busy\n", "")
