"""Whatever a file holds: findings, never a traceback, never a hang.

The shipped flows are mutated by a seeded generator: bytes, texts, types, structure, encodings, sizes. The short form
makes a few thousand; ``IVR_FUZZ=100000`` makes as many as it says. A failure prints its seed, which makes it again.
"""

from __future__ import annotations

import copy
import json
import os
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flows.errors import Finding, IvrError
from flows.formats import native
from flows.lint import lint
from flows.load import LIBRARY, load, load_text
from flows.mend import mended

NUMBER = int(os.environ.get("IVR_FUZZ", "2500"))
BATCHES = 10
PATIENCE_S = 60
TEXTS = {p.stem: p.read_text("utf-8") for p in sorted(LIBRARY.glob("*.yaml")) if "." not in p.stem}
DATA = {name: native.parse(text, name).data for name, text in TEXTS.items()}
SMALL = """ivr: 1
name: Line
start: main
languages: [en-US, es-US]
keys: {0: {next: desk, label: {en-US: a person, es-US: una persona}}, star: back}
hours: {desk: {zone: Europe/Dublin, mon-fri: "08:30-18:00", closed: [2026-12-25]}}
nodes:
  main: {type: menu, prompt: {en-US: Press 1 for sales., es-US: Oprima 1 para ventas.}, choices: [{key: 1, next: ask, share: 0.4}], otherwise: desk}
  ask: {type: collect, say: Number?, into: number, digits: 6-10, otherwise: desk, next: kind}  # ivr: ignore D001 -- no cards
  kind: {type: split, value: number, cases: {"7*": open}, otherwise: part}
  part: {type: subflow, start: open, on: {shut: box}, next: desk}
  open: {type: hours, hours: desk, on: {open: return, closed: return shut}}
  desk: {type: queue, queue: desk, say: Please wait., max_wait: 15m, while_waiting: {1: box}, on: {timeout: box}}
  box: {type: voicemail, box: desk, say: Please speak., next: bye}
  bye: {type: hangup, say: Bye.}
queues: {desk: {skills: [sales], priority: 2}}
lint: {severity: {M101: info}, options: {M101: {warn_s: 20}}, ignore: [P1]}
"""
TEXTS["small"], DATA["small"] = SMALL, native.parse(SMALL, "small").data
WORDS = [
    "", " ", "0", "-1", "1e999", "nan", "inf", "9" * 400, "true", "null", "~", "back", "repeat", "return", "return x", "main", "{x}", "{x:money:y}",
    "{" * 50, "*", "#", "**", "0-9", "99-1", "5m", "-5s", "1h", "25:00", "08:00-07:00", "2026-02-30", "en", "xx-YY", "Europe/Nowhere", "../../etc/passwd",
    "\u0000", "\u2028", "\u202e", "\ud83d\udcde", "e\u0301", "a" * 5000, "press 1 for press 2 for " * 40, "%s %d {0}", "# ivr: ignore M101 -- x", "'", '"', "[]", "!x",
]  # fmt: skip
PIECES = ["{", "}", "[", "]", ":", ": ", "- ", "#", " # ", "'", '"', "|", ">", "&a ", "*a", "!!x ", "\n", "\r", "\t", "\u0085", "\ufeff", "---\n", "...\n", "?", "%", "@", ",", "\\", "\x00"]


@contextmanager
def patience() -> Iterator[None]:
    """A hang is a failure, not a wait."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield
        return

    def give_up(*_: object) -> None:
        raise AssertionError(f"no answer within {PATIENCE_S} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield from places(value, (*path, key))


def mutated_data(rng: random.Random, data: Any) -> Any:
    data = copy.deepcopy(data)
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        every = list(places(data))
        if not every:
            break
        *way, last = rng.choice(every)
        here = data
        for part in way:
            here = here[part]
        kind = rng.randrange(7)
        if kind == 0:
            here[last] = rng.choice(WORDS)
        elif kind == 1:
            here[last] = rng.choice([[], {}, [[]], {"": ""}, ["x"], {"type": "menu"}, {"say": {"say": "x"}}])
        elif kind == 2:
            del here[last]
        elif kind == 3 and isinstance(here, dict):
            here[rng.choice([*WORDS, "next", "type", "otherwise", "on", "keys", "say"])] = here.pop(last)
        elif kind == 4:
            *other_way, other = rng.choice(every)
            there = data
            for part in other_way:
                there = there[part]
            here[last], there[other] = copy.deepcopy(there[other]), copy.deepcopy(here[last])
        elif kind == 5 and isinstance(here[last], str):
            text = here[last]
            at = rng.randrange(len(text) + 1)
            here[last] = text[:at] + rng.choice(WORDS)[:50] + text[at + rng.randrange(3) :]
        else:
            here[last] = [copy.deepcopy(here[last])] * rng.choice((1, 2, 30))
    return data


def mutated_text(rng: random.Random, text: str) -> str:
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(text) + 1)
        kind = rng.randrange(6)
        if kind == 0:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + rng.randrange(1, 40) :]
        elif kind == 2:
            lines = text.split("\n")
            i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
            lines[i], lines[j] = lines[j], lines[i]
            text = "\n".join(lines)
        elif kind == 3:
            lines = text.split("\n")
            i = rng.randrange(len(lines))
            lines[i] = " " * rng.randrange(9) + lines[i].lstrip()
            text = "\n".join(lines)
        elif kind == 4:
            text = text[:at] + rng.choice(WORDS) + text[at:]
        else:
            text = text[:at] + text[at : at + 60] * rng.choice((2, 20)) + text[at:]
    return text


def mutated_bytes(rng: random.Random, text: str) -> bytes:
    raw = bytearray(text.encode(rng.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1"]), "replace"))
    for _ in range(rng.choice((0, 1, 3, 20))):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    return bytes(raw[: rng.choice((len(raw), len(raw), rng.randrange(len(raw))))])


def checked(case: Any, file: Path) -> tuple[Finding, ...]:
    """What is found in a case: every finding with its place in the text."""
    try:
        if isinstance(case, bytes):
            file.write_bytes(case)
            loaded = load(file)
        else:
            loaded = load_text(case)
    except IvrError as error:
        return error.findings
    return lint(loaded)


def case_of(seed: int) -> Any:
    rng = random.Random(seed)
    name = rng.choice(sorted(TEXTS) + ["small"] * 3)
    kind = rng.randrange(10)
    if kind < 5:
        return json.dumps(mutated_data(rng, DATA[name]), ensure_ascii=False, indent=rng.choice([None, 1]))
    return mutated_text(rng, TEXTS[name]) if kind < 9 else mutated_bytes(rng, TEXTS[name])


@pytest.mark.parametrize("batch", range(BATCHES))
def test_any_file_gives_findings(batch: int, tmp_path: Path) -> None:
    clean = 0
    for seed in range(batch, NUMBER, BATCHES):
        with patience():
            try:
                found = checked(case_of(seed), tmp_path / "flow.yaml")
            except Exception as error:
                raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}") from error
        assert [f for f in found if f.code == "L001"] == [], f"seed {seed}"
        assert all(f.message and f.severity in ("error", "warning", "info") and f.line >= 0 for f in found), f"seed {seed}"
        clean += not any(f.severity == "error" for f in found)
    assert NUMBER < 2500 or 0 < clean < NUMBER // BATCHES  # the generator makes both: files that are refused, and files that are flows


def test_what_is_mended_in_any_flow_stays_a_flow() -> None:
    tried = 0
    for seed in range(max(200, NUMBER // 10)):
        case = case_of(seed)
        try:
            loaded = load_text(case) if isinstance(case, str) else None
        except IvrError:
            continue
        if loaded is not None:
            with patience():
                once = mended(loaded, lint, unsafe=True)
                again = mended(load_text(once.text), lint, unsafe=True)
            assert again.text == once.text, f"seed {seed}"
            tried += bool(once.applied)
    assert tried


# --- what is meant to exhaust the reader ---------------------------------------------------------------------------


HEAD = "ivr: 1\nname: L\nstart: a\nnodes: "
DEEP = {
    "brackets": "[" * 5000, "braces": "{a: " * 5000, "closed": "[" * 5000 + "]" * 5000, "dashes": "- " * 5000 + "x",
    "indentation": "\n".join(" " * n + "a:" for n in range(5000)), "keys": "? " * 5000, "many more": "[" * 3_000_000, "under a flow": HEAD + "{a: [" * 2500,
}  # fmt: skip


@pytest.mark.parametrize("name", DEEP)
def test_nested_levels_are_refused_before_they_are_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    visited = 0
    real = native._Loader.descend_resolver

    def counting(self: Any, parent: Any, index: Any) -> None:
        nonlocal visited
        visited += 1
        real(self, parent, index)

    monkeypatch.setattr(native._Loader, "descend_resolver", counting)
    with patience(), pytest.raises(IvrError) as caught:
        load_text(DEEP[name])
    assert [f.code for f in caught.value.findings][0] in ("Y004", "Y001")
    assert visited <= 4 * native.MAX_DEPTH  # of 5,000 and more


def test_ten_megabytes_are_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"# " + b"x" * 10_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("it was read"))
    with pytest.raises(IvrError, match="larger than 4,000,000 bytes"):
        load(path)


def test_alias_bombs_are_refused_at_the_first_alias() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(20))
    with pytest.raises(IvrError) as caught:
        load_text(bomb)
    assert [f.code for f in caught.value.findings] == ["Y005"] or [f.code for f in caught.value.findings] == ["Y006"]


@pytest.mark.parametrize("number", [600, 5000])
def test_json_on_one_line_with_many_objects_is_a_flow(number: int) -> None:
    nodes = {f"n{i}": {"type": "play", "say": "Hi.", "next": f"n{i + 1}"} for i in range(number)}
    nodes[f"n{number}"] = {"type": "hangup"}
    assert len(load_text(json.dumps({"ivr": 1, "name": "L", "start": "n0", "nodes": nodes})).flow.nodes) == number + 1


def test_a_thousand_mistakes_are_all_told() -> None:
    nodes = {f"n{i}": {"type": "hangup", "sya": "x"} for i in range(1000)}
    with patience(), pytest.raises(IvrError) as caught:
        load_text(json.dumps({"ivr": 1, "name": "L", "start": "n0", "nodes": nodes}))
    assert len(caught.value.findings) == 1000


def test_thousands_of_names_that_stand_nowhere_are_all_told() -> None:
    nodes = {f"node_{i:04}": {"type": "play", "say": "Hi.", "next": f"nod_{i:04}"} for i in range(3000)}
    with patience():
        found = lint(load_text(json.dumps({"ivr": 1, "name": "L", "start": "node_0000", "nodes": nodes})))
    assert sum(f.code == "S002" for f in found) == 3000
