"""Edits of a flow file that leave every other character as it was: comments, order, quoting, blank lines.

An edit is made in the text, at the place the parser reports, and proved: what is read afterwards is exactly what was
read before with the one change. An edit that cannot be proved is not made.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import yaml

from flows.source.document import Path
from flows.source.finding import Fix, FlowError
from flows.source.yaml_reader import composed, parse

__all__ = ["Edit", "Span", "edited", "edits", "spans"]

_PLAIN = re.compile(r"[\w+/(](?:[^\n:#,\[\]{}\"'\\]|:(?=\S))*")


@dataclass(frozen=True)
class Span:
    """Where a value stands in the text: ``text[start:end]``.

    Parameters
    ----------
    start, end : int
        Offsets in characters.
    style : str
        Of a text: empty for a plain one, else a quote, ``|`` or ``>``. Of a collection: ``flow`` or ``block``.
    scalar : bool
    """

    start: int
    end: int
    style: str
    scalar: bool


@dataclass(frozen=True)
class Edit:
    """``text[start:end]`` becomes `text`.

    Parameters
    ----------
    start, end : int
        Offsets in characters.
    text : str
    """

    start: int
    end: int
    text: str


def spans(text: str) -> dict[Path, Span]:
    """The place of every value by its path.

    Examples
    --------
    >>> text = "keys: {0: 'operator'}  # a person"
    >>> span = spans(text)["keys", "0"]
    >>> text[span.start:span.end], span.style
    ("'operator'", "'")
    """
    found: dict[Path, Span] = {}

    def walk(node: yaml.Node, path: Path) -> int:
        """Notes a node and what is in it; returns the end of the last thing in it."""
        start, end = node.start_mark.index, node.end_mark.index
        if isinstance(node, yaml.ScalarNode):
            if node.style in ("|", ">"):
                end = len(text[:end].rstrip()) if text[start:end].strip() else end
            found[path] = Span(start, end, node.style or "", True)
            return end
        found[path] = Span(start, end, "flow" if node.flow_style else "block", False)
        last = start
        children: Any = (
            enumerate(node.value) if isinstance(node, yaml.SequenceNode) else ((k.value, v) for k, v in node.value)
        )
        for key, child in children:
            last = walk(child, (*path, key))
        if not node.flow_style:
            found[path] = Span(start, last, "block", False)
        return found[path].end

    root = composed(text)
    if root is not None:
        walk(root, ())
    return found


def edited(text: str, fixes: Sequence[Fix], file: str = "flow.yaml") -> tuple[str, tuple[Fix, ...]]:
    """The text with fixes applied, and those that were; see `edits`.

    Examples
    --------
    >>> text = "nodes:\\n  main: {type: play, next: by}   # then hang up\\n"
    >>> print(edited(text, [Fix(("nodes", "main", "next"), "bye")])[0], end="")
    nodes:
      main: {type: play, next: bye}   # then hang up
    """
    made, applied = edits(text, fixes, file)
    return _written(text, made), applied


def edits(text: str, fixes: Sequence[Fix], file: str = "flow.yaml") -> tuple[tuple[Edit, ...], tuple[Fix, ...]]:
    """The edits that make some fixes, and the fixes they make.

    Parameters
    ----------
    text : str
        A file that can be read.
    fixes : sequence of Fix
        One that overlaps an earlier one, or cannot be made without touching anything else, is left out.
    file : str

    Raises
    ------
    FlowError
        When the file cannot be read.
    """
    data, places = parse(text, file).data, spans(text)
    at_once = [(fix, edit) for fix in fixes for edit in next(_ways(text, data, places, fix), ())]
    taken: list[tuple[Fix, Edit]] = []
    if _apart([edit for _, edit in at_once]) and _proved(text, data, at_once, file):
        taken = at_once
    else:
        for fix in fixes:  # each by itself, in the first way that can be proved
            for edits in _ways(text, data, places, fix):
                pairs = [*taken, *((fix, edit) for edit in edits)]
                if edits and _apart([edit for _, edit in pairs]) and _proved(text, data, pairs, file):
                    taken = pairs
                    break
    return tuple(edit for _, edit in taken), tuple(dict.fromkeys(fix for fix, _ in taken))


def _apart(edits: Sequence[Edit]) -> bool:
    """Whether no edit touches another."""
    ordered = sorted(edits, key=lambda e: e.start)
    return all(a.end < b.start for a, b in itertools.pairwise(ordered))


def _written(text: str, edits: Sequence[Edit]) -> str:
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _proved(text: str, data: Any, pairs: Sequence[tuple[Fix, Edit]], file: str) -> bool:
    """Whether the edits change what is read exactly as the fixes say, and no comment is lost."""
    wanted = deepcopy(data)
    for fix in sorted(dict.fromkeys(fix for fix, _ in pairs), key=lambda f: (f.kind == "reorder", -len(f.path))):
        here = wanted
        for part in fix.path[:-1]:
            here = here[part]
        last: Any = fix.path[-1]
        here[last] = [here[last][i] for i in fix.order] if fix.kind == "reorder" else fix.value
    after = _written(text, [edit for _, edit in pairs])
    try:
        return bool(parse(after, file).data == wanted) and _comments(after) == _comments(text)
    except FlowError:
        return False


def _comments(text: str) -> list[str]:
    """Comments and their texts, sorted; a scalar's own words are left out."""
    out, position = [], 0
    for span in sorted((s for s in spans(text).values() if s.scalar), key=lambda s: s.start):
        out.append(text[position : span.start])
        position = max(position, span.end)
    out.append(text[position:])
    return sorted(m[0].rstrip() for part in out for m in re.finditer(r"(?:^|(?<=\s))#[^\n]*", part))


def _ways(text: str, data: Any, places: Mapping[Path, Span], fix: Fix) -> Iterator[list[Edit]]:
    """Ways to make a fix, the least intrusive first."""
    if fix.kind == "reorder":
        yield from _reordered(text, places, fix)
    elif fix.kind == "insert" and fix.value is not None:
        yield from _inserted(text, data, places, fix)
    elif fix.value is not None and fix.path in places and places[fix.path].scalar:
        yield from _replaced(text, data, places[fix.path], fix)


def _replaced(text: str, data: Any, span: Span, fix: Fix) -> Iterator[list[Edit]]:
    assert fix.value is not None
    raw = text[span.start : span.end]
    if "\n" not in raw:
        for form in _forms(fix.value, span.style):
            yield [Edit(span.start, span.end, form)]
        return
    for part in fix.path:
        data = data[part]
    head, old, new = _difference(str(data), fix.value)
    pattern = re.compile(r"\s+".join(map(re.escape, old.split())))
    for match in pattern.finditer(raw) if old.strip() else ():
        yield [Edit(span.start + match.start(), span.start + match.end(), new.strip())]
    yield [Edit(span.start, span.end, json.dumps(fix.value, ensure_ascii=False))]


def _difference(old: str, new: str) -> tuple[str, str, str]:
    """The words two texts begin with in common, and the words in which they differ."""
    a, b = re.split(r"(\s+)", old), re.split(r"(\s+)", new)
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return "".join(a[:start]), "".join(a[start : len(a) - end]), "".join(b[start : len(b) - end])


def _forms(value: str, style: str) -> Iterator[str]:
    """Spellings of a text on one line, in the style it had first."""
    if style == "'" and "\n" not in value:
        yield "'" + value.replace("'", "''") + "'"
    if style == "" and _PLAIN.fullmatch(value) and value == value.strip():
        yield value
    yield json.dumps(value, ensure_ascii=False)


def _inserted(text: str, data: Any, places: Mapping[Path, Span], fix: Fix) -> Iterator[list[Edit]]:
    assert fix.value is not None
    parent = fix.path[:-1]
    here = data
    for part in parent:
        here = here[part] if (isinstance(here, dict) and part in here) or isinstance(here, list) else None
    if not isinstance(here, dict) or not here or fix.path[-1] in here:
        return
    last = places[(*parent, list(here)[-1])]
    for key in _forms(str(fix.path[-1]), ""):
        for value in _forms(fix.value, ""):
            if places[parent].style == "flow":
                yield [Edit(last.end, last.end, f", {key}: {value}")]
            else:
                start = places[parent].start
                indent = start - (text.rfind("\n", 0, start) + 1)
                end = text.find("\n", last.end)
                end = len(text) if end < 0 else end
                end -= text[end - 1 : end] == "\r"
                newline = "\r\n" if text[end : end + 2] == "\r\n" else "\n"
                yield [Edit(end, end, f"{newline}{' ' * indent}{key}: {value}")]


def _reordered(text: str, places: Mapping[Path, Span], fix: Fix) -> Iterator[list[Edit]]:
    entries = [places[path] for index in range(len(fix.order)) if (path := (*fix.path, index)) in places]
    if sorted(fix.order) != list(range(len(entries))) or (*fix.path, len(entries)) in places:
        return  # no list, or one of another length
    if places[fix.path].style == "flow":
        pieces = [(entry.start, entry.end) for entry in entries]
    else:
        pieces = _whole_lines(text, entries)
    if pieces:
        yield [
            Edit(start, end, text[pieces[i][0] : pieces[i][1]])
            for (start, end), i in zip(pieces, fix.order, strict=True)
            if pieces[i] != (start, end)
        ]


def _whole_lines(text: str, entries: Sequence[Span]) -> list[tuple[int, int]]:
    """Entries of a block list with their dashes, the comments at their ends, and the comments right above them.

    A comment above the first entry stays where it is, unless the others have comments of their own.
    """
    pieces: list[tuple[int, int]] = []
    above = []
    for entry in entries:
        begin = text.rfind("\n", 0, entry.start) + 1
        if text[begin : entry.start].strip() != "-":
            return []
        end = text.find("\n", entry.end)
        own = begin
        while own > 0 and (line := text[text.rfind("\n", 0, own - 1) + 1 : own]).lstrip().startswith("#"):
            own -= len(line)
        if pieces:
            own = max(own, pieces[-1][1] + 1)
        above.append(own < begin)
        pieces.append((own, len(text) if end < 0 else end))
    if above and above[0] and not any(above[1:]):
        pieces[0] = text.rfind("\n", 0, entries[0].start) + 1, pieces[0][1]
    return pieces
