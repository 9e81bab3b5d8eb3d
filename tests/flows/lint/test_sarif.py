"""SARIF 2.1.0: every log we can write has the structure of the standard, and its regions and fixes are right."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import jsonschema
import pytest

from flows.lint.engine import lint
from flows.lint.formats.render import render
from flows.lint.rules import rules
from flows.model.load import load, load_text
from flows.source.finding import Finding
from tests.support.paths import DATA, ROOT

FOLDER = DATA / "rules"
SCHEMA = json.loads((DATA / "schemas" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
"""The schema of the standard, as npm's @microsoft/jest-sarif 1.0.0-beta.0 has it (MIT)."""
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


def log_of(text: str, file: str = "a.yaml") -> dict[str, Any]:
    found = lint(load_text(text, file))
    return json.loads(render(found, "sarif", sources={file: text}))


@pytest.mark.parametrize("code", [code for code, rule in rules().items() if rule.check])
def test_the_log_of_every_rule_has_the_structure_of_the_standard(code: str) -> None:
    loaded = load(FOLDER / code / "bad.yaml")
    log = json.loads(render(lint(loaded), "sarif", sources={loaded.document.file: loaded.document.text}))
    assert [e.message for e in VALIDATOR.iter_errors(log)] == []
    (run,) = log["runs"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("file:///")


def test_the_structure_can_be_violated() -> None:
    log = log_of(BAD)
    log["runs"][0]["results"][0]["level"] = "info"
    assert [list(e.absolute_path)[-1] for e in VALIDATOR.iter_errors(log)] == ["level"]


def test_findings_without_a_file_or_a_page_are_written_too() -> None:
    log = json.loads(render([Finding(code="X999", severity="info", message="m")], "sarif"))
    assert [e.message for e in VALIDATOR.iter_errors(log)] == []
    assert json.loads(render([], "sarif"))["runs"][0]["results"] == []


def test_the_log_says_which_program_wrote_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    driver = log_of(BAD)["runs"][0]["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("ivr lint", project["version"])
    assert driver["informationUri"] == project["urls"]["Homepage"]


def test_a_program_that_is_not_installed_says_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.distribution.NAME", "ivr-flow-simulator-not-here")
    log = log_of(BAD)
    assert log["runs"][0]["tool"]["driver"].keys() == {"name", "rules"}
    assert [e.message for e in VALIDATOR.iter_errors(log)] == []


BAD = """ivr: 1
name: Línea 📞
start: hi
nodes:
  hi: {type: play, say: 📞 Hola., next: by}
  bye: {type: hangup, say: Goodbye.}
"""


def test_regions_and_fixes_count_in_code_points() -> None:
    (result,) = log_of(BAD)["runs"][0]["results"]
    # "  hi: {type: play, say: 📞 Hola., next: by}": "by" begins in column 40, the telephone counting as one.
    region = {"startLine": 5, "startColumn": 40, "endLine": 5, "endColumn": 42}
    assert result["locations"][0]["physicalLocation"]["region"] == region
    assert result["locations"][0]["logicalLocations"] == [{"name": "hi", "kind": "member"}]
    assert result["fixes"][0]["artifactChanges"] == [
        {
            "artifactLocation": {"uri": "a.yaml"},
            "replacements": [{"deletedRegion": region, "insertedContent": {"text": "bye"}}],
        }
    ]


def test_fingerprints_do_not_change_when_lines_move_and_differ_between_findings_alike() -> None:
    def prints(text: str) -> list[str]:
        return [r["partialFingerprints"]["findingHash/v1"] for r in log_of(text)["runs"][0]["results"]]

    assert prints(BAD) == prints("# a line more\n" + BAD)
    two = BAD.replace(
        "next: by}",
        "next: by}\n  also: {type: menu, choices: [{key: 1, next: zz}, {key: 2, next: zz}], otherwise: bye}",
    )
    assert len(set(prints(two))) == len(prints(two)) >= 3


def test_file_names_become_uris() -> None:
    log = log_of(BAD, "my lines/a#1.yaml")
    assert log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "my%20lines/a%231.yaml"
    }


def test_github_annotations_escape_what_the_runner_would_read_as_its_own() -> None:
    finding = Finding(
        code="S002",
        severity="error",
        message="50 % off,\nnow: ::error::",
        file="a,b:c%.yaml",
        line=1,
        column=2,
        hint="x\r",
    )
    assert (
        render([finding], "github")
        == "::error file=a%2Cb%3Ac%25.yaml,line=1,col=2,title=S002::50 %25 off,%0Anow: ::error:: (x%0D)"
    )
