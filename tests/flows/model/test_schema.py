"""``ivr schema``: an editor that follows it accepts what the reader accepts, and refuses what the reader refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from flows.model.flow import json_schema
from flows.model.load import LIBRARY, load, load_text
from flows.nodes import node_types
from flows.source.finding import FlowError
from flows.source.yaml_reader import parse, read
from tests.support.paths import DATA

VALIDATOR = jsonschema.Draft202012Validator(json_schema())
FLOWS = [
    *sorted(p for p in LIBRARY.glob("*.yaml") if "." not in p.stem),
    *sorted((DATA / "rules").glob("*/*.yaml")),
    *sorted((DATA / "nodes").glob("*.yaml")),
    *sorted((DATA / "constructs").glob("*.yaml")),
]

EVERYTHING = """
ivr: 1
name: Everything
description: Every key there is.
languages: [en-US, es-US]
start: hello
fallback: desk
hours:
  office: {zone: America/New_York, mon-fri: "08:00-12:00, 13:00-17:00", sat: "09:00-13:00", closed: [2026-12-25]}
keys: {0: desk, star: back, pound: {next: repeat, label: {en-US: this again, es-US: repetir}}}
queues:
  desk: {skills: [sales, spanish], priority: 2, label: The desk}
  other: {}
nodes:
  hello:
    type: play
    note: for people
    say: {text: {en-US: Hi., es-US: Hola.}, audio: {en-US: hi.wav}, seconds: 1.5}
    serves: true
    next: choose
  choose:
    type: language
    say: Hello.
    choices: [{key: 1, language: en-US}, {key: 2, language: es-US}]
    timeout: 4s
    attempts: 2
    next: main
  main:
    type: menu
    intro: {audio: intro.wav, seconds: 2}
    prompt: For sales, press 1.
    choices:
      - {key: 1, label: {en-US: sales, es-US: ventas}, phrases: [buy], next: ask, share: 0.5, pinned: true}
      - {key: pound, next: repeat}
    no_input: [{say: {en-US: Again., es-US: Otra vez.}}, Sorry.]
    no_match: [{text: Sorry.}]
    attempts: 2
    otherwise: desk
    timeout: 5
    interdigit: 2.5s
  ask:
    type: collect
    say: Number?
    into: number
    digits: 6-10
    finish: pound
    sensitive: true
    confirm: true
    otherwise: desk
    next: kind
  kind: {type: split, value: number, cases: {"7*": mark}, otherwise: part}
  mark: {type: set, values: {kind: business}, next: part}
  part: {type: subflow, start: look, on: {shut: box}, next: desk}
  look: {type: hours, hours: office, on: {open: return, closed: return shut}}
  desk:
    type: queue
    queue: desk
    say: Please wait.
    max_wait: 15m
    announce: {say: Still waiting., position: true, expected_wait: true, every: 60s}
    while_waiting: {1: box, pound: out}
    on: {answered: bye, timeout: box, full: box, closed: box}
  out:
    type: dial
    number: "+14155550100"
    say: One moment.
    timeout: 20s
    on: {answered: bye, busy: box}
    otherwise: box
  box: {type: voicemail, box: desk, say: Please speak., max: 2m, finish: star, next: bye, otherwise: bye}
  bye: {type: hangup, say: Bye., outcome: contained}
"""


def problems(data: Any) -> list[str]:
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:80]}" for e in VALIDATOR.iter_errors(data)]


def test_the_schema_itself_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_every_key_there_is_is_accepted_by_both() -> None:
    """Together with the fixtures of the node types, which are among the `FLOWS`, every key of every type is used."""
    everything = load_text(EVERYTHING).flow
    assert problems(parse(EVERYTHING, "everything.yaml").data) == []
    nodes = [node for flow in (everything, *(load(path).flow for path in FLOWS)) for node in flow.nodes.values()]
    assert {node.type for node in nodes} == set(node_types())


@pytest.mark.parametrize("path", FLOWS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_flow_files_are_accepted(path: Path) -> None:
    assert problems(read(path).data) == []


def flow(**changes: Any) -> dict[str, Any]:
    return {"ivr": "1", "name": "L", "start": "m", "nodes": {"m": {"type": "hangup"}}} | changes


def node(**keys: Any) -> dict[str, Any]:
    return flow(nodes={"m": keys})


MENU = {"type": "menu", "otherwise": "m"}
REFUSED = {
    "no name": {"ivr": "1", "start": "m", "nodes": {"m": {"type": "hangup"}}},
    "empty name": flow(name=""),
    "other version": flow(ivr="2"),
    "unknown section": flow(node={}),
    "languages as a text": flow(languages="en-US"),
    "nodes as a list": flow(nodes=[{"type": "hangup"}]),
    "node without a type": node(say="x"),
    "unknown type": node(type="mneu"),
    "unknown key of a node": node(type="hangup", sya="x"),
    "play without words": node(type="play", next="m"),
    "prompt as a list": node(type="hangup", say=["x"]),
    "prompt with a wrong language": node(type="hangup", say={"english?": "x"}),
    "negative seconds": node(type="hangup", say={"text": "x", "seconds": -1}),
    "menu without choices": node(**MENU),
    "empty choices": node(**MENU, choices=[]),
    "choices as a mapping": node(**MENU, choices={"1": "m"}),
    "choice without a key": node(**MENU, choices=[{"next": "m"}]),
    "choice without a target": node(**MENU, choices=[{"key": "1"}]),
    "letter key": node(**MENU, choices=[{"key": "A", "next": "m"}]),
    "share above 1": node(**MENU, choices=[{"key": "1", "next": "m", "share": 2}]),
    "no attempts": node(**MENU, attempts=0, choices=[{"key": "1", "next": "m"}]),
    "duration in words": node(**MENU, timeout="five", choices=[{"key": "1", "next": "m"}]),
    "digits in words": node(type="collect", say="x", into="a", digits="six"),
    "value with a space": node(type="collect", say="x", into="a b", digits="6"),
    "number without +": node(type="dial", number="4155550100"),
    "unknown outcome": node(type="queue", queue="q", on={"timout": "m"}),
    "outcome of a hangup": node(type="hangup", outcome="fine"),
    "unknown key of an announcement": node(type="queue", queue="q", announce={"evry": 60}),
    "hours without a zone": flow(hours={"o": {"mon": "08:00-09:00"}}),
    "queue with a wrong key": flow(queues={"q": {"skill": ["x"]}}),
    "letter for a global key": flow(keys={"x": "m"}),
    "letter while waiting": node(type="queue", queue="q", while_waiting={"x": "m"}),
    "wrong day": flow(hours={"o": {"zone": "UTC", "monday": "08:00-09:00"}}),
    "hours without a day": flow(hours={"o": {"zone": "UTC"}}),
    "wrong boolean": node(type="play", say="x", next="m", serves="maybe"),
    "null for a duration": node(type="queue", queue="q", max_wait=None),
    "global key to nowhere": flow(keys={"0": {}}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_reader_refuses_the_schema_refuses(name: str) -> None:
    data = REFUSED[name]
    import json

    with pytest.raises(FlowError):
        load_text(json.dumps(data))
    assert problems(data) != []


NUMBERS = {
    "attempts": node(**MENU, attempts=3, choices=[{"key": 1, "next": "m", "share": 0.5}]),
    "duration": node(type="queue", queue="q", max_wait=900),
    "digits": node(type="collect", say="x", into="a", digits=6, sensitive=True),
    "version": flow(ivr=1),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_need_no_quotes(name: str) -> None:
    """Editors read 3 as a number where our reader keeps a text; both must do."""
    import json

    load_text(json.dumps(NUMBERS[name]))
    assert problems(NUMBERS[name]) == []


def test_flows_as_an_editor_reads_them_are_accepted() -> None:
    """Editors read YAML 1.2: numbers, booleans and dates have their types (dates are texts to JSON Schema)."""
    from ruamel.yaml import YAML

    loader = YAML(typ="safe", pure=True)
    for path in FLOWS:
        assert problems(plain(loader.load(path.read_text("utf-8")))) == [], path
    assert problems(plain(loader.load(EVERYTHING))) == []


def plain(data: Any) -> Any:
    """What JSON can hold: keys are texts, dates are written out."""
    if isinstance(data, dict):
        return {str(key): plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    return data if isinstance(data, str | int | float | bool) or data is None else str(data)
