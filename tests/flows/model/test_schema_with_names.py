"""The schema of one flow offers its names, and refuses nothing that the schema of all flows takes."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from flows.model.flow import json_schema
from flows.model.schema_with_names import schema_with_names
from flows.source import yaml_reader
from ivr.__main__ import main
from tests.support.library import LIBRARY
from tests.support.paths import ROOT

FLOW = """\
ivr: 1
name: Line
start: main
queues: {sales: {}}
hours: {office: {zone: UTC, mon-fri: "08:00-12:00"}}
switches: {storm: {say: A storm.}}
prompts: {welcome: Hello.}
catalogue: words.yaml
nodes:
  main: {type: play, say: $welcome, next: nowhere}
"""
FILES = [*sorted(LIBRARY.glob("*.yaml")), *sorted((ROOT / "tests" / "data" / "nodes").glob("*.yaml"))]


def offered(schema: object) -> list[str]:
    """What an editor offers for a field."""
    assert isinstance(schema, dict)
    return [value for part in schema["anyOf"] for value in part.get("enum", ())]


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    (tmp_path / "words.yaml").write_text("ivr: 1\nprompts: {bye: Goodbye.}\n", "utf-8")
    file = tmp_path / "line.yaml"
    file.write_text(FLOW, "utf-8")
    return file


def test_names_are_offered_where_they_are_expected(flow: Path) -> None:
    schema = schema_with_names(str(flow))
    types = schema["$defs"]
    targets = ["main", "back", "repeat", "return"]
    assert offered(schema["properties"]["start"]) == targets
    assert offered(types["Play"]["properties"]["next"]) == targets
    assert offered(types["Choice"]["properties"]["next"]) == targets
    assert offered(types["Callback"]["properties"]["on"]["additionalProperties"]) == targets
    assert offered(types["Callback"]["properties"]["queue"]) == ["sales"]
    assert offered(types["Appointment"]["properties"]["hours"]) == ["office"]
    assert offered(types["flows__nodes__switch__Switch"]["properties"]["switch"]) == ["storm"]
    assert offered(types["Play"]["properties"]["say"]) == ["$welcome", "$bye"]


def test_a_part_offers_its_own_exits(tmp_path: Path) -> None:
    file = tmp_path / "pin.yaml"
    file.write_text(
        "ivr: 1\npart: PIN\nstart: ask\nexits: [failed]\nnodes:\n  ask: {type: play, say: Hello.}\n", "utf-8"
    )
    schema = schema_with_names(str(file))
    assert schema["title"] == "Part"
    assert offered(schema["properties"]["start"]) == ["ask", "back", "repeat", "return", "return failed"]


def test_a_name_that_is_not_there_is_not_refused(flow: Path) -> None:
    """`next: nowhere` is for `ivr lint`: the schema lags behind what is being written."""
    validator = jsonschema.Draft202012Validator(schema_with_names(str(flow)))
    assert list(validator.iter_errors(yaml_reader.read(flow).data)) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_refuses_what_the_schema_of_all_flows_refuses(file: Path) -> None:
    data = yaml_reader.read(file).data
    if "nodes" not in data:
        return
    own, every = (jsonschema.Draft202012Validator(one) for one in (schema_with_names(str(file)), json_schema()))
    assert list(own.iter_errors(data)) == list(every.iter_errors(data)) == []
    wrong = {**data, "nodes": {**data["nodes"], "extra": {"type": "play", "saay": "Hello."}}, "start": ["main"]}
    places = [sorted(tuple(one.absolute_path) for one in two.iter_errors(wrong)) for two in (own, every)]
    assert places[0] == places[1] != []


def test_patterns_are_regular_expressions_also_for_editors() -> None:
    """Editors read patterns as JavaScript does with the flag u, where only letters that need it may be escaped."""
    found: list[str] = []

    def walk(part: object) -> None:
        if isinstance(part, dict):
            found.extend(value for key, value in part.items() if key == "pattern" and isinstance(value, str))
            found.extend(part.get("patternProperties", {}))
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(json_schema())
    assert len(found) > 100
    assert [one for one in found if any(f"\\{sign}" in one for sign in "\"'#<>@!%&=:,;~ _")] == []


def test_the_command_writes_it_and_says_what_is_wrong(flow: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = flow.with_name("line.schema.json")
    assert main(["schema", str(flow), "--output", str(out)]) == 0
    assert '"$bye"' in out.read_text("utf-8")
    assert capsys.readouterr().err == f"{out}: schema of {flow} written\n"
    flow.write_text("nodes: {", "utf-8")
    before = out.read_text("utf-8")
    assert main(["schema", str(flow), "--output", str(out)]) == 1
    assert "Y001" in capsys.readouterr().err
    assert out.read_text("utf-8") == before
    assert main(["schema", str(flow), "--for", "part"]) == 2
    assert "leave out one" in capsys.readouterr().err
