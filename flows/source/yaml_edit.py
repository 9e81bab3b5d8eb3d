"""Exact changes of a YAML text: only what is changed is touched; every comment and every other byte stays.

The functions here write one change each, at the place the parser reports; `reads_as` and `checked` prove the whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.source.document import Document, Path
from flows.source.finding import FlowError
from flows.source.yaml_reader import parse
from flows.source.yaml_spans import Span

__all__ = ["Edit", "applied", "checked", "reads_as", "renamed_key", "reordered", "spelled", "with_entry", "with_text"]

_PLAIN_VALUE = re.compile(r"[\w+/(](?:[^\n:#,\[\]{}\"'\\]|:(?=\S))*(?<!\s)")
_PLAIN_WORDS = re.compile(r"[^\W\d_][^\n:#,\[\]{}\"'&*!|>%@`\\]*[^\s:#,\[\]{}\"'&*!|>%@`\\]|[^\W\d_]")
_PLAIN_WORDS_OUTSIDE_BRACES = re.compile(r"[^\W\d_](?:[^\n:#]|:(?=\S)|(?<=\S)#)*(?<![\s:])")
_OTHER_TYPES = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
"""Words that other readers of YAML take for a boolean or for nothing."""
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})


@dataclass(frozen=True)
class Edit:
    """``text[start:end]`` becomes `text`; offsets in characters."""

    start: int
    end: int
    text: str


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


def spelled(value: str, *, style: str = "", in_braces: bool = True, words: bool = False) -> str:
    """A text as YAML on one line: in single quotes if it has them already, plain where that is safe, else in double
    quotes.

    Parameters
    ----------
    value : str
    style : str
        How the text is written now; see `Span`.
    in_braces : bool
        True where a comma, brace or bracket would end a plain text.
    words : bool
        True for what people say: quotes also around what another reader of YAML would take for a number or a boolean.

    Examples
    --------
    >>> print(spelled("15m"), spelled("15m", words=True), spelled("It's", style="'"), spelled("Sí: oprima 1"))
    15m "15m" 'It''s' "Sí: oprima 1"
    """
    if value.isprintable():
        if style == "'":
            return "'" + value.replace("'", "''") + "'"
        pattern = _PLAIN_VALUE if not words else _PLAIN_WORDS if in_braces else _PLAIN_WORDS_OUTSIDE_BRACES
        if style != '"' and pattern.fullmatch(value) and not (words and value.lower() in _OTHER_TYPES):
            return value
    return '"' + "".join(c if c.isprintable() else _escaped(c) for c in value.translate(_ESCAPES)) + '"'


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def with_text(
    at: Mapping[Path, Span], path: Path, value: str, *, style: str | None = None, words: bool = False
) -> Edit:
    """The change that writes another text in place of the one at `path`: in a style (see `spelled`), or as it is."""
    span = at[path]
    style = span.style if style is None else style
    return Edit(span.start, span.end, spelled(value, style=style, in_braces=_in_braces(at, path), words=words))


def _in_braces(at: Mapping[Path, Span], path: Path) -> bool:
    return any(at[path[:length]].style == "flow" for length in range(len(path)))


def with_entry(
    text: str,
    at: Mapping[Path, Span],
    path: Path,
    entries: dict[str, Any],
    value: str,
    *,
    style: str = "",
    words: bool = False,
) -> Edit:
    """The change that adds an entry at the end of a mapping.

    Parameters
    ----------
    text : str
    at : mapping of path to Span
    path : tuple
        Of the new entry.
    entries : dict
        What the mapping holds now; at least one entry.
    value : str
        Its text.
    style, words
        See `spelled`.
    """
    *parent, key = path
    mapping, last = at[tuple(parent)], at[(*parent, next(reversed(entries)))]
    entry = f"{spelled(str(key))}: {spelled(value, style=style, in_braces=_in_braces(at, path), words=words)}"
    if mapping.style == "flow":
        return Edit(last.end, last.end, f", {entry}")
    indent = mapping.start - (text.rfind("\n", 0, mapping.start) + 1)
    end = text.find("\n", last.end)
    end = len(text) if end < 0 else end
    end -= text[end - 1 : end] == "\r"
    newline = "\r\n" if "\r\n" in text else "\n"
    return Edit(end, end, f"{newline}{' ' * indent}{entry}")


def renamed_key(at: Mapping[Path, Span], path: Path, name: str) -> Edit:
    """The change that gives an entry another key."""
    span = at[path]
    assert span.key is not None, "only an entry of a mapping has a key"
    return Edit(*span.key, name)


def reordered(text: str, at: Mapping[Path, Span], path: Path, order: Sequence[int]) -> list[Edit]:
    """The changes that put a list into another order; none where that cannot be done line by line.

    Parameters
    ----------
    text : str
    at : mapping of path to Span
    path : tuple
        Of the list.
    order : sequence of int
        The present index of each entry.
    """
    entries = [at[place] for index in range(len(order)) if (place := (*path, index)) in at]
    if sorted(order) != list(range(len(entries))) or (*path, len(entries)) in at:
        return []  # not a list, or one of another length
    in_braces = at[path].style == "flow"
    pieces = [(entry.start, entry.end) for entry in entries] if in_braces else _whole_lines(text, entries)
    return [
        Edit(*piece, text[slice(*pieces[i])])
        for piece, i in zip(pieces, order, strict=bool(pieces))
        if pieces[i] != piece
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


def reads_as(text: str, data: Any, file: str) -> bool:
    """Whether a text can be read, and means exactly `data`."""
    try:
        return bool(parse(text, file).data == data)
    except FlowError:
        return False


def checked(document: Document, text: str, data: Any) -> str:
    """`text`, the document's new text, when it means exactly `data`.

    Raises
    ------
    FlowError
        Y010 when it does not.
    """
    if not reads_as(text, data, document.file):
        message = "the file is written in a way that cannot be changed exactly"
        hint = "nothing was changed; please report this with the file"
        raise FlowError(document.finding("Y010", message, (), hint=hint))
    return text
