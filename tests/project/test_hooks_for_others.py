"""What this project offers to others through pre-commit: `ivr lint` and `ivr test` on their flows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ivr.__main__ import main
from tests.support.paths import ROOT

HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
FLOW = "ivr: 1\nname: Line\nstart: {start}\nnodes:\n  bye: {{type: hangup, say: Goodbye.}}\n"
CALLS = "call: bye\n  ends {ends}\n"


def run(hook: str, *files: Path) -> int:
    """Run a hook as pre-commit does, with the files that were changed and that it wants."""
    command, *arguments = HOOKS[hook]["entry"].split()
    wanted = HOOKS[hook].get("files", r"\.ya?ml$"), HOOKS[hook]["exclude"]
    given = [str(file) for file in files if re.search(wanted[0], file.name) and not re.search(wanted[1], file.name)]
    assert command == "ivr"
    return main([*arguments, *given])


def test_the_hooks_bring_their_own_environment() -> None:
    assert {name: (hook["id"], hook["language"]) for name, hook in HOOKS.items()} == {
        "ivr-lint": ("ivr-lint", "python"),
        "ivr-test": ("ivr-test", "python"),
    }


@pytest.mark.parametrize(("start", "code"), [("bye", 0), ("by", 1)])
def test_changed_flows_are_linted(start: str, code: int, tmp_path: Path) -> None:
    line, scenario = tmp_path / "line.yaml", tmp_path / "line.scenario.yaml"
    line.write_text(FLOW.format(start=start), "utf-8")
    scenario.write_text("this is no flow", "utf-8")
    assert run("ivr-lint", line, scenario) == code


@pytest.mark.parametrize(("ends", "code"), [("contained", 0), ("handled", 1)])
@pytest.mark.parametrize("changed", [["line.yaml"], ["line.calls"], ["line.calls", "line.yaml"]])
def test_call_scripts_are_played_when_they_or_their_flows_change(
    changed: list[str], ends: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "line.yaml").write_text(FLOW.format(start="bye"), "utf-8")
    (tmp_path / "line.calls").write_text(CALLS.format(ends=ends), "utf-8")
    assert run("ivr-test", *(tmp_path / name for name in changed)) == code
    assert capsys.readouterr().out.count(f"{tmp_path}/line.yaml\n") == 1


def test_flows_without_call_scripts_are_passed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "line.yaml").write_text(FLOW.format(start="by"), "utf-8")
    (tmp_path / "part.yml").write_text("part: of a line", "utf-8")
    assert run("ivr-test", tmp_path / "line.yaml", tmp_path / "part.yml") == 0
    assert capsys.readouterr().err == "no flow here has a call script of its name beside it (line.yaml, line.calls)\n"


def test_several_flows_are_one_document_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, ends in (("one", "contained"), ("two", "handled")):
        (tmp_path / f"{name}.yaml").write_text(FLOW.format(start="bye"), "utf-8")
        (tmp_path / f"{name}.calls").write_text(CALLS.format(ends=ends), "utf-8")
    files = [str(tmp_path / name) for name in ("one.calls", "two.yaml")]
    assert main(["test", "--beside", "--json", *files]) == 1
    flows = yaml.safe_load(capsys.readouterr().out)["flows"]
    assert [(Path(one["flow"]).name, one["passed"], one["failed"]) for one in flows] == [
        ("one.yaml", 1, 0),
        ("two.yaml", 0, 1),
    ]
