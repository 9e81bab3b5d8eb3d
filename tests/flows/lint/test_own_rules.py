"""Rules of folders: run when they are named, and known in every place where built-in rules are."""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path

import pytest

from flows.lint.rules import rules
from tests.support.own_rules import FLOW, FOUND, RULE_FILE, said


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IVR_RULES", raising=False)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "too_many_nodes.py").write_text(RULE_FILE, "utf-8")
    (tmp_path / "line.yaml").write_text(FLOW, "utf-8")
    return tmp_path


# -- a folder --------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_named_runs(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    last = "\n1 warning. 'ivr explain ACME001 --rules rules' tells why it matters.\n"
    assert said(capsys, "lint", "line.yaml", "--rules", "rules", code=1) == FOUND + last
    assert said(capsys, "explain", "ACME001", "--rules", "rules", code=0).startswith("ACME001 too-many-nodes (warning)")
    assert "ACME001" not in rules()  # not after the command
    assert os.listdir("rules") == ["too_many_nodes.py"]  # nothing is left behind


def test_it_may_be_named_in_the_environment(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_RULES", str(here / "rules"))
    assert said(capsys, "lint", "line.yaml", code=1).startswith(FOUND)
    assert "ACME  Rules of your own\n  ACME001  too-many-nodes " in said(capsys, "explain", code=0)


def test_a_folder_that_is_not_named_does_not_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "rules" / "evil.py").write_text("RULE = open('ran', 'w')\n", "utf-8")
    shown = said(capsys, "lint", "line.yaml", code=0)
    assert shown == (
        "rules: info L009 2 files of rules beside the flow did not run: rules are programs, and run only if their"
        " folder is named\n  = hint: if you trust them, add --rules rules\n\n"
        "1 info. 'ivr explain L009' tells why it matters.\n"
    )
    assert not (here / "ran").exists()
    (here / "rules" / "evil.py").unlink()
    (hint,) = re.findall(r"if you trust them, add (.*)", shown)
    assert said(capsys, "lint", "line.yaml", *shlex.split(hint), code=1).startswith(FOUND)


def test_a_folder_of_other_things_is_not_mentioned(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "rules" / "too_many_nodes.py").write_text("print('nothing to do with flows')\n", "utf-8")
    assert said(capsys, "lint", "line.yaml", code=0) == "No findings: every caller gets somewhere.\n"


def test_no_settings_of_the_project_run_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "rules" / "evil.py").write_text("RULE = open('ran', 'w')\n", "utf-8")
    for command in (["lint", "line.yaml"], ["explain"]):
        (here / "ivr.toml").write_text(f"[{command[0]}]\nrules = ['rules']\n", "utf-8")
        assert said(capsys, *command, code=2) == (
            "error U001 'rules' cannot be set in a file of the project: rules are programs, and the file comes with"
            " them\n  = hint: take it out there, and give --rules or IVR_RULES where you trust them\n"
        )
    (here / "ivr.toml").write_text("", "utf-8")
    (here / "line.yaml").write_text(FLOW + "lint: {rules: [rules]}\n", "utf-8")
    assert "error F001 unknown key 'rules'" in said(capsys, "lint", "line.yaml", code=1)
    assert not (here / "ran").exists()


# -- known everywhere ------------------------------------------------------------------------------------------------


def test_own_rules_are_selected_and_ignored(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lint = ("lint", "line.yaml", "--rules", "rules")
    assert "ACME001" in said(capsys, *lint, "--select", "ACME", code=1)
    assert "ACME001" in said(capsys, *lint, "--select", "acme001", code=1)
    assert "ACME001" not in said(capsys, *lint, "--select", "A", code=0)  # the family of access, not theirs
    assert "ACME001" not in said(capsys, *lint, "--ignore", "ACME", code=0)
    assert "ACME001" in said(capsys, *lint, "--ignore", "A,M", code=1)


def test_settings_set_them(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lint = ("lint", "line.yaml", "--rules", "rules")
    settings = "lint: {severity: {ACME001: error}, options: {ACME001: {most: 1}}}\n"
    (here / "line.yaml").write_text(FLOW + settings, "utf-8")
    assert said(capsys, *lint, code=0).startswith("No findings")
    (here / "line.yaml").write_text(FLOW + settings.replace("most: 1", "most: 0"), "utf-8")
    assert "5:3: error ACME001" in said(capsys, *lint, code=1)
    (here / "line.yaml").write_text(FLOW + settings.replace("most: 1", "least: 1"), "utf-8")
    assert "error L003 ACME001 has no option 'least'\n" in said(capsys, *lint, code=1)
    (here / "line.yaml").write_text(FLOW, "utf-8")
    (here / "pyproject.toml").write_text("[tool.ivr.lint]\nignore = ['ACME001']\n", "utf-8")
    assert said(capsys, *lint, code=0).startswith("No findings")
    (here / "pyproject.toml").write_text("[tool.ivr.lint]\nprofile = 'accessible'\n", "utf-8")
    assert "5:3: warning ACME001" in said(capsys, *lint, code=1)  # the severity of family A is not theirs


def test_settings_and_comments_may_stay_where_the_rule_is_missing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "line.yaml").write_text(
        FLOW + "# ivr: ignore ACME001 -- small enough\nlint: {severity: {ACME001: error}, ignore: [ACME002]}\n", "utf-8"
    )
    shown = said(capsys, "lint", "line.yaml", code=0)
    for line in (
        "line.yaml:6:15: info L004 ACME001 hides nothing: there is no such rule here",
        "line.yaml:7:19: info L003 ACME001 is not set: there is no such rule here",
        "line.yaml:7:45: info L003 ACME002 is not set: there is no such rule here",
    ):
        assert line in shown
    assert said(capsys, "lint", "line.yaml", "--select", "ACME001", code=2) == (
        "error L002 no rule has the code 'ACME001', or a code that begins with it\n"
        "  = hint: name the folder of the rule with --rules, or install it\n"
    )


def test_comments_and_baselines_hide_them(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lint = ("lint", "line.yaml", "--rules", "rules")
    said(capsys, *lint, "--write-baseline", "known.json", code=0)
    assert "Nothing new: 1 finding is known" in said(capsys, *lint, "--baseline", "known.json", code=0)
    (here / "line.yaml").write_text(FLOW.replace("  bye", "  # ivr: ignore ACME001 -- it is small\n  bye"), "utf-8")
    assert said(capsys, *lint, code=0).startswith("No findings")
    (here / "line.yaml").write_text(FLOW.replace("bye: {", "bye:  # ivr: ignore ACME001 -- no\n    {"), "utf-8")
    assert said(capsys, *lint, code=0).startswith("No findings")
    settings = "lint: {options: {ACME001: {most: 9}}}\n"
    (here / "line.yaml").write_text(FLOW.replace("  bye", "  # ivr: ignore ACME001 -- x\n  bye") + settings, "utf-8")
    assert "N003" in said(capsys, *lint)  # it hides nothing any more


def test_sarif_describes_them(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = json.loads(said(capsys, "lint", "line.yaml", "--rules", "rules", "--format", "sarif", code=1))
    (described,) = log["runs"][0]["tool"]["driver"]["rules"]
    assert (described["id"], described["name"]) == ("ACME001", "too-many-nodes")
    assert described["properties"]["tags"] == ["Rules of your own"]
    assert log["runs"][0]["results"][0]["ruleId"] == "ACME001"


def test_their_fixes_are_applied(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "rules" / "say_bye.py").write_text(
        RULE_FILE.replace("ACME001", "ACME002")
        .replace("too-many-nodes", "say-bye")
        .partition("def check")[0]
        .replace("import Context, Option, Problem, Rule", "import Context, Fix, Option, Problem, Rule")
        + "def check(context):\n    path = ('nodes', 'bye', 'say')\n"
        "    if context.document.data['nodes']['bye']['say'] != 'Bye.':\n"
        "        yield Problem(path, 'long', 'say Bye.', fix=Fix(path, 'Bye.'))\n\n\nRULE ="
        + RULE_FILE.replace("ACME001", "ACME002").replace("too-many-nodes", "say-bye").partition("RULE =")[2],
        "utf-8",
    )
    said(capsys, "lint", "line.yaml", "--rules", "rules", "--fix")
    assert "say: Bye." in (here / "line.yaml").read_text("utf-8")
