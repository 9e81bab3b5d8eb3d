"""Precise edits to a YAML text: every comment and every byte outside the edit stays as it is.

Each function makes one edit at the position the parser reports; `reads_as` and `checked` verify the result.
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
"""Words that other YAML readers take for a boolean or null."""
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})


@dataclass(frozen=True)
class Edit:
    """Replaces ``text[start:end]`` with `text`; offsets in characters."""

    start: int
    end: int
    text: str


def applied(text: str, edits: Sequence[Edit]) -> str:
    """`text` with the edits made; they must not overlap.

    Examples
    --------
    >>> applied("a: b", [Edit(3, 4, "c"), Edit(0, 1, "x")])
    'x: c'
    """
    for edit in sorted(edits, key=lambda e: (e.start, e.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def spelled(value: str, *, style: str = "", in_braces: bool = True, words: bool = False) -> str:
    """A text as one line of YAML: in single quotes if it already has them, plain if that is safe, else in double
    quotes.

    Parameters
    ----------
    value : str
    style : str
        The text's current style; see `Span`.
    in_braces : bool
        True where a comma, brace or bracket would end a plain text.
    words : bool
        True for spoken text: also quotes what another YAML reader would take for a number or a boolean.

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
    """The edit that replaces the text at `path`, in the given style (see `spelled`) or the current one."""
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
    """The edit that adds an entry at the end of a mapping.

    Parameters
    ----------
    text : str
    at : mapping of path to Span
    path : tuple
        Path of the new entry.
    entries : dict
        The mapping's current entries; at least one.
    value : str
        Text of the new entry.
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
    """The edit that renames an entry's key."""
    span = at[path]
    assert span.key is not None, "only an entry of a mapping has a key"
    return Edit(*span.key, name)


def reordered(text: str, at: Mapping[Path, Span], path: Path, order: Sequence[int]) -> list[Edit]:
    """The edits that reorder a list; none if it cannot be done line by line.

    Parameters
    ----------
    text : str
    at : mapping of path to Span
    path : tuple
        Path of the list.
    order : sequence of int
        The current index of each entry.
    """
    entries = [at[place] for index in range(len(order)) if (place := (*path, index)) in at]
    if sorted(order) != list(range(len(entries))) or (*path, len(entries)) in at:
        return []  # not a list, or the wrong length
    in_braces = at[path].style == "flow"
    pieces = [(entry.start, entry.end) for entry in entries] if in_braces else _whole_lines(text, entries)
    return [
        Edit(*piece, text[slice(*pieces[i])])
        for piece, i in zip(pieces, order, strict=bool(pieces))
        if pieces[i] != piece
    ]


def _whole_lines(text: str, entries: Sequence[Span]) -> list[tuple[int, int]]:
    """Entries of a block list with their dashes, trailing comments, and the comments directly above them.

    A comment above the first entry stays where it is unless other entries have comments above them too.
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
    """Whether a text can be read and gives exactly `data`."""
    try:
        return bool(parse(text, file).data == data)
    except FlowError:
        return False


def checked(document: Document, text: str, data: Any) -> str:
    """`text`, the document's new text, if it reads as exactly `data`.

    Raises
    ------
    FlowError
        Y010 if it does not.
    """
    if not reads_as(text, data, document.file):
        message = "the file is written in a way that cannot be changed exactly"
        hint = "nothing was changed; please report this with the file"
        raise FlowError(document.finding("Y010", message, (), hint=hint))
    return text
