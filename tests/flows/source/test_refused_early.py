"""What is meant to exhaust the reader is refused before the work it would make; how long that takes is in
``bench/bench_refusal.py``.

The same reader reads flows, parts, catalogues and scenarios; call scripts and translations share its limit of bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from yaml.scanner import ScannerError

from flows.lint.engine import lint
from flows.model.load import load, load_text
from flows.source import yaml_events as _events
from flows.source import yaml_reader as native
from flows.source.finding import IvrError
from ivr.__main__ import main
from simulation.loading.load import load_scenario, parse_scenario
from tests.support.fuzz import patience

HEAD = "ivr: 1\nname: L\nstart: a\nnodes: "
DEEP = {
    "brackets": "[" * 5000,
    "braces": "{a: " * 5000,
    "closed": "[" * 5000 + "]" * 5000,
    "dashes": "- " * 5000 + "x",
    "indentation": "\n".join(" " * n + "a:" for n in range(2500)),
    "keys": "? " * 5000,
    "many more": "[" * 3_000_000,
    "under a flow": HEAD + "{a: [" * 2500,
    "with an anchor at the end": "[" * 5000 + "&a x",
}
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(20)
)
BOMBS = {
    "a billion laughs": (BOMB, 4),  # the first anchor
    "a megabyte of aliases": ("a: &a [x]\nb: [" + "*a," * 300_000 + "]", 4),
    "a merge": ("a: &a {x: y}\nb: {<<: *a}\n", 4),
    "an anchor nobody uses": ("name: &a x\n", 7),
}
READERS: dict[str, Callable[[str], Any]] = {"flow": load_text, "scenario": parse_scenario}
PARTED = "ivr: 1\nname: L\nstart: p\nparts: {p: inner.yaml}\nnodes: {x: {type: hangup}}\n"
SHARED = "ivr: 1\nname: L\nstart: x\ncatalogue: inner.yaml\nnodes: {x: {type: hangup, say: $bye}}\n"


@pytest.fixture
def visited(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts what the reader has begun to read: keys, values, and where the file, lists and mappings begin and end."""
    count = [0]

    class Counting(_events._Loader):  # type: ignore[misc, name-defined]
        def get_event(self) -> Any:
            count[0] += 1
            return super().get_event()

    monkeypatch.setattr(_events, "_Loader", Counting)
    return count


@pytest.mark.parametrize("name", ["brackets", "closed", "many more", "with an anchor at the end"])
def test_a_scanner_that_gives_up_first_changes_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From PyYAML 6.0.4 on it refuses 1,000 levels, which it has scanned before the reader sees the first."""

    class GivesUp(_events._Loader):  # type: ignore[misc, name-defined]
        def get_event(self) -> Any:
            raise ScannerError("while increasing flow level", None, "exceeded maximum nesting depth", None)

    monkeypatch.setattr(_events, "_Loader", GivesUp)
    with pytest.raises(IvrError) as raised:
        load_text(DEEP[name])
    (finding,) = raised.value.findings
    assert (finding.code, finding.line, finding.column) == ("Y004", 1, 41)


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("name", DEEP)
def test_nested_levels_are_refused_before_they_are_read(kind: str, name: str, visited: list[int]) -> None:
    with patience(), pytest.raises(IvrError) as caught:
        READERS[kind](DEEP[name])
    assert caught.value.findings[0].code == "Y004"
    assert (
        visited[0] <= 3 * native.MAX_DEPTH
    )  # a value a level, or a key and a value, and the flow's own head; of 5,000 and more


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("name", BOMBS)
def test_anchors_are_refused_before_anything_is_put_together(kind: str, name: str, visited: list[int]) -> None:
    text, column = BOMBS[name]
    with pytest.raises(IvrError) as caught:
        READERS[kind](text)
    assert [(f.code, f.line, f.column) for f in caught.value.findings] == [("Y005", 1, column)]
    assert visited[0] <= 5  # the stream, the document, the mapping, a key, and what has the anchor


def test_a_key_with_an_anchor_is_refused() -> None:
    with pytest.raises(IvrError) as caught:
        load_text("ivr: 1\n&a name: x\n")
    assert [(f.code, f.line, f.column) for f in caught.value.findings] == [("Y005", 2, 1)]


def test_an_ampersand_in_a_text_is_no_anchor() -> None:
    text = 'ivr: 1\nname: Q&A  # not &this\nstart: a\nnodes: {a: {type: hangup, say: "Smith &Sons, R&D & more"}}\n'
    assert load_text(text).flow.nodes["a"].say.text == {"": "Smith &Sons, R&D & more"}  # type: ignore[attr-defined]


def test_more_values_than_any_flow_has_are_refused_on_the_way(
    visited: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native, "MAX_VALUES", 100)
    with pytest.raises(IvrError, match="more than 100 values"):
        load_text("a: [" + "b," * 1000 + "]")
    assert (
        visited[0] == 2 + 3 + 98
    )  # the stream and the document; the mapping, its key and the list; 97 entries, and the one too many


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten megabytes that must not be read."""
    path = tmp_path / "inner.yaml"
    path.write_bytes(b"# " + b"x" * 10_000_000)
    real = Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda self: pytest.fail("it was read") if self.name == path.name else real(self)
    )
    return path


@pytest.mark.parametrize("read", [load, load_scenario, native.read_text])
def test_ten_megabytes_are_refused_unread(read: Callable[[Path], Any], large: Path) -> None:
    with pytest.raises(IvrError, match="larger than 4,000,000 bytes"):
        read(large)


@pytest.mark.parametrize("text", [PARTED, SHARED], ids=["part", "catalogue"])
def test_ten_megabytes_of_a_part_or_a_catalogue_are_refused_unread(text: str, large: Path) -> None:
    flow = large.parent / "flow.yaml"
    flow.write_text(text, "utf-8")
    with pytest.raises(IvrError) as caught:
        load(flow)
    assert [(f.code, f.message) for f in caught.value.findings] == [("Y004", "larger than 4,000,000 bytes")]


@pytest.mark.parametrize("text", [PARTED, SHARED], ids=["part", "catalogue"])
@pytest.mark.parametrize(("inner", "code"), [(BOMB, "Y005"), ("[" * 5000, "Y004")], ids=["bomb", "deep"])
def test_parts_and_catalogues_are_refused_as_early(text: str, inner: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text(text, "utf-8")
    (tmp_path / "inner.yaml").write_text(inner, "utf-8")
    with pytest.raises(IvrError) as caught:
        load(tmp_path / "flow.yaml")
    assert [(f.code, Path(f.file).name) for f in caught.value.findings] == [(code, "inner.yaml")]


@pytest.mark.parametrize(
    "arguments", [["test", "northwind", "FILE"], ["convert", "northwind", "--from-po", "FILE", "--language", "es-US"]]
)
def test_scripts_and_translations_are_refused_unread(
    arguments: list[str], large: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(large) if word == "FILE" else word for word in arguments]) in (1, 2)
    assert "Y004 larger than 4,000,000 bytes" in capsys.readouterr().err


def test_lines_without_an_end_are_read_once() -> None:
    """A text that opens a quote and never closes it was once looked through again from every quote in it."""
    with patience(), pytest.raises(IvrError, match="never closed"):
        load_text('a: "' + '\\" # ' * 200_000)


# --- and what is only large is read
# ------------------------------------------------------------------------------------


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
