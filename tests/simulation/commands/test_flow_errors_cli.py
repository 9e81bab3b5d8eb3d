"""Who simulates a flow with errors is told so: the commands go on, as a call would."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.lint.errors_in import errors_in
from flows.model.load import load
from ivr.__main__ import main
from tests.support.library import SHIPPED
from tests.support.texts import SURE, scenario

FLOW = """ivr: 1
name: A small line
start: main
queues: {calls: {}}
nodes:
  main:
    type: menu
    attempts: 1
    otherwise: by
    choices: [{key: 1, label: sales of {goods}, next: wait}]
  wait: {type: queue, queue: calls}
"""
SCENARIO = scenario(
    "A small line, called",
    flow="line.yaml",
    intents={"buy": "{share: 1, goal: wait}"},
    behaviour=SURE,
    talk="{exponential: 3m}",
    patience="{exponential: 2m}",
    groups={"sellers": "{skills: [calls], agents: 3}"},
)
ONE = (
    "'ivr lint line.yaml' finds 1 error, and simulated callers meet it like real ones: "
    "line.yaml:9:16: S002 there is no node 'by'\n"
)
REFERENCE = ("--engine", "reference", "--replications", "2")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "line.yaml").write_text(FLOW.replace("{goods}", "goods"), "utf-8")
    (tmp_path / "day.scenario.yaml").write_text(SCENARIO, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ("simulate", "day.scenario.yaml", *REFERENCE),
        ("compare", "day.scenario.yaml", *REFERENCE, "--set", "groups.sellers.agents=4"),  # one flow, told once
        ("callers", "day.scenario.yaml", "--count", "1"),
    ],
)
def test_an_error_is_told_and_the_command_goes_on(
    arguments: tuple[str, ...], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments]) == 0
    assert capsys.readouterr().err == ONE


def test_several_errors_are_counted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "line.yaml").write_text(FLOW.replace("label: sales of {goods}", 'label: "sales of {goods}"'), "utf-8")
    assert main(["callers", "day.scenario.yaml", "--count", "1"]) == 0
    assert capsys.readouterr().err.startswith(
        "'ivr lint line.yaml' finds 2 errors, and simulated callers meet them like real ones; the first: line.yaml:9:16"
    )


def test_quiet_and_json_say_the_rest(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "day.scenario.yaml", *REFERENCE, "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_without_errors_nothing_is_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "line.yaml").write_text(
        FLOW.replace("{goods}", "goods").replace("otherwise: by", "otherwise: wait"), "utf-8"
    )
    assert main(["callers", "day.scenario.yaml", "--count", "1"]) == 0
    assert capsys.readouterr().err == ""


def test_a_line_and_its_parts_need_not_lie_here(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["callers", str(here / "day.scenario.yaml"), "--count", "1"]) == 0
    assert f"'ivr lint {here / 'line.yaml'}' finds 1 error" in capsys.readouterr().err


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_flows_which_are_not_looked_at_have_none(name: str) -> None:
    assert errors_in(load(name)) == ()
