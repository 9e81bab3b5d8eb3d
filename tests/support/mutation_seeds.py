"""The seeds of mutated inputs: shipped files, fixtures, and the words and values put into them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from flows.model import translations as po
from flows.model.load import LIBRARY, load
from flows.source import yaml_reader as native
from tests.support.paths import DATA

HERE = DATA
SMALL = """ivr: 1
name: Line
start: main
languages: [en-US, es-US]
keys: {0: {next: desk, label: {en-US: a person, es-US: una persona}}, star: back}
hours: {desk: {zone: Europe/Dublin, mon-fri: "08:30-18:00", closed: [2026-12-25]}}
nodes:
  main:
    type: menu
    prompt: {en-US: Press 1 for sales., es-US: Oprima 1 para ventas.}
    choices: [{key: 1, next: ask, share: 0.4}]
    otherwise: desk
  ask: {type: collect, say: Number?, into: number, digits: 6-10, otherwise: desk, next: kind}  # ivr: ignore D001 -- ids
  kind: {type: split, value: number, cases: {"7*": open}, otherwise: part}
  part: {type: subflow, start: open, on: {shut: box}, next: desk}
  open: {type: hours, hours: desk, on: {open: return, closed: return shut}}
  desk: {type: queue, queue: desk, say: Please wait., max_wait: 15m, while_waiting: {1: box}, on: {timeout: box}}
  box: {type: voicemail, box: desk, say: Please speak., next: bye}
  bye: {type: hangup, say: Bye.}
queues: {desk: {skills: [sales], priority: 2}}
lint: {severity: {M101: info}, options: {M101: {warn_s: 20}}, ignore: [P1]}
"""
COMPOSED = {
    "line.yaml": (
        """ivr: 1
name: Line
start: identify
languages: [en-US, es-US]
catalogue: prompts.yaml
parts: {identify: {file: parts/identify.yaml, exits: {unknown: desk}}}
nodes:
  main:
    type: menu
    intro: $welcome
    choices: [{key: 1, label: {en-US: sales, es-US: ventas}, next: desk}]
    otherwise: desk
  desk: {type: queue, queue: desk, say: $wait, max_wait: 5m, on: {timeout: bye}}
  bye: {type: hangup, say: $bye}
queues: {desk: {}}
"""
    ),
    "parts/identify.yaml": (
        """ivr: 1
part: find out who is calling
start: ask
exits: [unknown]
prompts: {number: {en-US: "Your number, please.", es-US: "Su número, por favor."}}
nodes:
  ask: {type: collect, say: $number, into: account, digits: 8, otherwise: unknown, next: known}
  known: {type: split, value: account, cases: {"9*": unknown}, otherwise: return}
"""
    ),
    "prompts.yaml": (
        """ivr: 1
prompts:
  welcome: {en-US: Welcome., es-US: Bienvenido.}
  wait: {text: {en-US: Please hold., es-US: Un momento.}, seconds: 2}
  bye: {en-US: "Bye, {account:digits}.", es-US: "Adiós, {account:digits}."}
"""
    ),
}
WORDS = [
    "",
    " ",
    "0",
    "-1",
    "1e999",
    "nan",
    "inf",
    "9" * 400,
    "true",
    "null",
    "~",
    "back",
    "repeat",
    "return",
    "return x",
    "main",
    "{x}",
    "{x:money:y}",
    "{" * 50,
    "*",
    "#",
    "**",
    "0-9",
    "99-1",
    "5m",
    "-5s",
    "1h",
    "25:00",
    "08:00-07:00",
    "2026-02-30",
    "en",
    "xx-YY",
    "Europe/Nowhere",
    "../../etc/passwd",
    "\u0000",
    "\u2028",
    "\u202e",
    "\ud83d\udcde",
    "e\u0301",
    "a" * 5000,
    "press 1 for press 2 for " * 40,
    "%s %d {0}",
    "# ivr: ignore M101 -- x",
    "'",
    '"',
    "[]",
    "!x",
    "\u0661\u0662",
    "\u00b2",
    "\uff11",
    "\U0001f4de",
    "\ud800",
    "$",
    "$x",
    "$$x",
    "1" * 5000,
    "0x10",
    "1_000",
    "1e3",
    "+1",
    "١٢",
    "ＡＢＣ",
    "İ",
    "ß",
    "\u00ad",
    "\u200b",
    "US-NY",
    "XX-YY",
    "DE",
    "0000-00-00",
    "9999-12-31",
    "mon-fri",
    "24:00-24:00",
    "/",
    "a/b",
    "a>b",
    "http://[",
    "https://例え.jp/{x}",
    "postgres://",
    "file:///etc/passwd",
]
PIECES = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    "- ",
    "#",
    " # ",
    "'",
    '"',
    "|",
    ">",
    "&a ",
    "*a",
    "!!x ",
    "!!python/object:os.system ",
    "<<: *a",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\u0085",
    "\ufeff",
    "---\n",
    "...\n",
    "?",
    "%",
    "%YAML 9.9\n",
    "@",
    ",",
    "\\",
    "\x00",
    "\u2028",
]
JUNK: list[Any] = [
    [],
    {},
    [[]],
    {"": ""},
    ["x"],
    {"type": "menu"},
    {"say": {"say": "x"}},
    1,
    0,
    -1,
    1.5,
    True,
    None,
    2**70,
    1e308,
    [None],
    {"1": {"2": {"3": {}}}},
]
NUMBERS: list[Any] = [
    0,
    1,
    -1,
    2,
    10,
    100,
    1e9,
    "0",
    "0.5",
    "1.0000001",
    "1e400",
    "-0",
    "60",
    "61s",
    "0s",
    "900ms",
    "100d",
    "1-64",
    "64-65",
    "0-0",
    2**63,
]
TARGETS = ["back", "repeat", "return", "return x", "", "fallback!", "desk", "main"]
AIMS = (
    "next",
    "otherwise",
    "start",
    "fallback",
    "then",
    "answered",
    "timeout",
    "full",
    "closed",
    "open",
    "holiday",
    "empty",
    "failed",
    "found",
    "busy",
)
TAGS = ["en-US", "es-US", "de-DE", "fr-CA", "vi-VN", "zh-CN", "pt-BR", "en-GB"]
SPOKEN = {"say", "text", "label", "intro", "prompt", "thanks", "no_input", "no_match", *TAGS}
NAMES = ["again", "x" * 64, "añadir", "1", "Main", "节点", "node-2", "a b", "x" * 65]
ENCODINGS = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "latin-1",
    "shift_jis",
    "cp037",
]


@cache
def seeds() -> tuple[tuple[str, str, Any], ...]:
    """Name, text and data of every flow to mutate; large ones last."""
    small = [
        *(HERE / "nodes").glob("*.yaml"),
        *(HERE / "constructs").glob("*.yaml"),
        *(HERE / "rules").glob("*/good.yaml"),
        *(HERE / "rules").glob("*/bad.yaml"),
    ]
    large = [path for path in LIBRARY.glob("*.yaml") if "." not in path.stem]
    texts = [
        (str(path.relative_to(path.parents[2])), path.read_text("utf-8")) for path in (*sorted(small), *sorted(large))
    ]
    return tuple((name, text, native.parse(text, name).data) for name, text in [("small", SMALL), *texts])


@cache
def by_key() -> dict[str, list[Any]]:
    """Every value that some flow gives a key: what another flow's author might have written there."""
    found: dict[str, list[Any]] = {}

    def gather(data: Any) -> None:
        for key, value in data.items() if isinstance(data, dict) else ():
            found.setdefault(key, []).append(value)
        for inner in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
            gather(inner)

    for _, _, data in seeds():
        gather(data)
    return found


@cache
def nodes_of_all() -> list[Any]:
    return [node for _, _, data in seeds() for node in data["nodes"].values()]


@cache
def scripts() -> dict[str, str]:
    return {
        path.stem: path.read_text("utf-8")
        for path in (*sorted(LIBRARY.glob("*.calls")), *sorted((HERE / "nodes").glob("*.calls")))
    }


@cache
def scenarios() -> dict[str, tuple[str, Any]]:
    texts = {path.name.partition(".")[0]: path.read_text("utf-8") for path in sorted(LIBRARY.glob("*.scenario.yaml"))}
    return {name: (text, native.parse(text, name).data) for name, text in texts.items()}


@cache
def translations() -> dict[str, tuple[str, str]]:
    """PO text and language by flow."""
    found = {}
    for name in ("northwind", "city_services"):
        loaded = load(name)
        found[name] = po.export(loaded, loaded.flow.languages[1]), loaded.flow.languages[1]
    return found


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path into plain data."""
    if path:
        yield path
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield from places(value, (*path, key))


def at(data: Any, way: tuple[Any, ...]) -> Any:
    for part in way:
        data = data[part]
    return data
