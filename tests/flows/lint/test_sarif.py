"""SARIF 2.1.0: every log we can write has the structure of the standard, and its regions and fixes are right."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from flows.lint.engine import lint
from flows.lint.formats.render import render
from flows.lint.rules import rules
from flows.model.load import load, load_text
from flows.source.finding import Finding
from tests.support.paths import DATA

FOLDER = DATA / "rules"
# The parts of the schema of SARIF 2.1.0 (OASIS, sarif-schema-2.1.0.json) that our logs use: names, types, required
# properties, enumerations, bounds and patterns as there; additionalProperties false as there.
_TEXT = {"type": "string"}
_WHOLE = {"type": "integer", "minimum": 1}


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


def _list(items: dict[str, Any], *, least: int = 0, unique: bool = False) -> dict[str, Any]:
    return {"type": "array", "minItems": least, "uniqueItems": unique, "items": items}


_MULTIFORMAT = _object(("text",), text=_TEXT, markdown=_TEXT)
_MESSAGE = {
    **_object((), text=_TEXT, markdown=_TEXT, id=_TEXT, arguments=_list(_TEXT)),
    "anyOf": [{"required": ["text"]}, {"required": ["id"]}],
}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_REGION = _object((), startLine=_WHOLE, startColumn=_WHOLE, endLine=_WHOLE, endColumn=_WHOLE)
_ARTIFACT = _object(
    (), uri={"type": "string", "format": "uri-reference"}, uriBaseId=_TEXT, index={"type": "integer", "minimum": -1}
)
_CONTENT = _object((), text=_TEXT, binary=_TEXT)
_PROPERTIES = {"type": "object", "additionalProperties": True, "properties": {"tags": _list(_TEXT, unique=True)}}
_LOCATION = _object(
    (),
    physicalLocation=_object((), artifactLocation=_ARTIFACT, region=_REGION),
    logicalLocations=_list(_object((), name=_TEXT, fullyQualifiedName=_TEXT, kind=_TEXT), unique=True),
)
_RULE = _object(
    ("id",),
    id=_TEXT,
    name=_TEXT,
    shortDescription=_MULTIFORMAT,
    fullDescription=_MULTIFORMAT,
    help=_MULTIFORMAT,
    helpUri={"type": "string", "format": "uri"},
    defaultConfiguration=_object((), level=_LEVEL),
    properties=_PROPERTIES,
)
_CHANGE = _object(
    ("artifactLocation", "replacements"),
    artifactLocation=_ARTIFACT,
    replacements=_list(_object(("deletedRegion",), deletedRegion=_REGION, insertedContent=_CONTENT), least=1),
)
_RESULT = _object(
    ("message",),
    ruleId=_TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    level=_LEVEL,
    message=_MESSAGE,
    locations=_list(_LOCATION),
    partialFingerprints={"type": "object", "additionalProperties": _TEXT},
    fixes=_list(
        _object(("artifactChanges",), description=_MESSAGE, artifactChanges=_list(_CHANGE, least=1, unique=True)),
        unique=True,
    ),
)
_RUN = _object(
    ("tool",),
    tool=_object(("driver",), driver=_object(("name",), name=_TEXT, rules=_list(_RULE, unique=True))),
    results=_list(_RESULT),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
)
SCHEMA = _object(
    ("version", "runs"),
    **{"$schema": {"type": "string", "format": "uri"}, "version": {"enum": ["2.1.0"]}, "runs": _list(_RUN)},
)
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


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
