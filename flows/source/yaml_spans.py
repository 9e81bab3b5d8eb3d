"""Exact changes of a YAML text: only what is changed is touched, every comment and every other byte stays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from flows.source import yaml_reader as native
from flows.source.document import Document, Path
from flows.source.finding import FlowError

__all__ = ["Edit", "Spans", "applied", "checked", "renamed_key", "scalar", "spans", "with_entry", "with_text"]

_PLAIN = re.compile(r"[^\W\d_][^\n:#,\[\]{}\"'&*!|>%@`\\]*[^\s:#,\[\]{}\"'&*!|>%@`\\]|[^\W\d_]")
_PLAIN_LINE = re.compile(r"[^\W\d_](?:[^\n:#]|:(?=\S)|(?<=\S)#)*(?<![\s:])")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


@dataclass(frozen=True)
class Edit:
    """Characters `start` to `end` of a text become `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Spans:
    """Where values and keys stand in a text.

    Parameters
    ----------
    values, keys : mapping of path to (start, end)
        Characters; a value's end is before the white space that follows it.
    flow : frozenset of path
        Mappings and lists written in braces and brackets.
    """

    values: Mapping[Path, tuple[int, int]]
    keys: Mapping[Path, tuple[int, int]]
    flow: frozenset[Path]


def spans(text: str) -> Spans:
    """The spans of a text that `flows.source.yaml_reader.parse` has read.

    Examples
    --------
    >>> spans("a: {b: c}").values[("a", "b")]
    (7, 8)
    """
    values: dict[Path, tuple[int, int]] = {}
    keys: dict[Path, tuple[int, int]] = {}
    flow: set[Path] = set()

    def end(node: yaml.Node) -> int:
        stop: int = node.end_mark.index
        if (isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")) or (
            not isinstance(node, yaml.ScalarNode) and not node.flow_style
        ):
            stop = len(text[: node.end_mark.index].rstrip())
            if isinstance(node, yaml.CollectionNode) and node.value:
                last = node.value[-1]
                stop = end(last[1] if isinstance(last, tuple) else last)
        return stop

    def visit(node: yaml.Node, path: Path) -> None:
        values[path] = node.start_mark.index, end(node)
        if isinstance(node, yaml.CollectionNode) and node.flow_style:
            flow.add(path)
        if isinstance(node, yaml.SequenceNode):
            for index, child in enumerate(node.value):
                visit(child, (*path, index))
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                keys[*path, key.value] = key.start_mark.index, key.end_mark.index
                visit(value, (*path, key.value))

    source = text.replace("\t", " ") if text.lstrip()[:1] in "{[" else text
    root = yaml.compose(source, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    if root is not None:
        visit(root, ())
    return Spans(values, keys, frozenset(flow))


def applied(text: str, edits: Sequence[Edit]) -> str:
    """`text` with edits that do not overlap.

    Examples
    --------
    >>> applied("a: b", [Edit(3, 4, "c"), Edit(0, 1, "x")])
    'x: c'
    """
    for edit in sorted(edits, key=lambda e: (e.start, e.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def scalar(text: str, *, in_braces: bool = True) -> str:
    """A text as YAML on one line, with quotes where they are needed.

    Examples
    --------
    >>> print(scalar("Para ventas oprima 1."), scalar("Sí: oprima 1"), scalar("010"))
    Para ventas oprima 1. "Sí: oprima 1" "010"
    """
    plain = _PLAIN.fullmatch(text) if in_braces else _PLAIN_LINE.fullmatch(text)
    if plain and text.isprintable() and text.lower() not in _WORDS:
        return text
    quoted = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    )
    return (
        '"'
        + "".join(
            c if c.isprintable() else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}" for c in quoted
        )
        + '"'
    )


def with_text(document: Document, at: Spans, path: Path, text: str) -> Edit:
    """The change that writes another text in place of the scalar at `path`, in its kind of quotes where possible."""
    start, end = at.values[path]
    if _NUMBER.fullmatch(text) and _NUMBER.fullmatch(document.text[start:end]):
        return Edit(start, end, text)
    if document.text[start : start + 1] == '"' and (plain := scalar(text))[:1] != '"':
        return Edit(start, end, f'"{plain}"')
    return Edit(start, end, scalar(text, in_braces=_in_braces(at, path)))


def _in_braces(at: Spans, path: Path) -> bool:
    return any(path[:length] in at.flow for length in range(len(path)))


def with_entry(document: Document, at: Spans, path: Path, key: str, text: str) -> Edit:
    """The change that adds an entry at the end of the mapping at `path`."""
    entry = f"{scalar(key)}: {scalar(text, in_braces=path in at.flow or _in_braces(at, path))}"
    last = [known for known in at.keys if known[:-1] == path][-1]
    end = at.values[last][1]
    if path in at.flow:
        return Edit(end, end, f", {entry}")
    key_start = at.keys[last][0]
    indent = key_start - (document.text.rfind("\n", 0, key_start) + 1)
    line_end = document.text.find("\n", end)
    line_end = len(document.text) if line_end < 0 else line_end
    if document.text[line_end - 1 : line_end] == "\r":
        line_end -= 1
    newline = "\r\n" if "\r\n" in document.text else "\n"
    return Edit(line_end, line_end, f"{newline}{' ' * indent}{entry}")


def checked(document: Document, text: str, data: Any) -> str:
    """`text`, when it reads as `data`: nothing is written that means anything else than it should.

    Raises
    ------
    FlowError
        Y010 when it does not.
    """
    if native.parse(text, document.file).data != data:
        message = "the file is written in a way that cannot be changed exactly"
        raise FlowError(
            document.finding("Y010", message, (), hint="nothing was changed; please report this with the file")
        )
    return text


def renamed_key(at: Spans, path: Path, name: str) -> Edit:
    """The change that calls an entry otherwise."""
    return Edit(*at.keys[path], name)
