"""A file as read: plain data, with the line and column of every value."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from flows.source.finding import Finding, Severity

__all__ = ["Document", "Mark", "Path", "lines_of", "mark_of", "nearest", "value_at", "word_at"]

Path = tuple[str | int, ...]
"""Keys and indices that lead to a value."""
Mark = tuple[int, int]
"""Line and column, one-based."""
_MANY, _BESIDE = 300, 10
"""With more than the first number of names, `nearest` compares only the second number on each side alphabetically."""
_WORD_AT = re.compile(r"[^\s\"'\\]{1,40}")
"""A word that is written the same in every YAML style."""
_TOKEN = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,:\]}\[{]+(?::(?=[^\s,\]}])[^\s,:\]}\[{]*)*|.""")
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True)
class Document:
    """A file as read: plain data, the marks of every value, and the text.

    Parameters
    ----------
    data : dict, list or str
        Every scalar is a string.
    marks : mapping of path to (line, column)
        One-based position of each value; a path is the keys and indices that lead to it.
    keys : mapping of path to (line, column)
        Position of the key of each mapping entry.
    file : str
    text : str
    sources : mapping of path to (Document, path)
        Values that come from other files: parts and shared prompts. Empty for a single file.
    """

    data: Any
    marks: Mapping[Path, Mark]
    keys: Mapping[Path, Mark]
    file: str
    text: str
    sources: Mapping[Path, tuple[Document, Path]] = field(default_factory=dict, repr=False, compare=False)

    def origin(self, path: Path) -> tuple[Document, Path]:
        """The file that holds `path`, and the path within that file.

        Examples
        --------
        >>> from flows.source.yaml_reader import parse
        >>> parse("a: b", "a.yaml").origin(("a",))[1]
        ('a',)
        """
        if self.sources:
            for length in range(len(path), 0, -1):
                if path[:length] in self.sources:
                    document, local = self.sources[path[:length]]
                    return document, (*local, *path[length:])
        return self, path

    @property
    def texts(self) -> dict[str, str]:
        """The text of every file by name, this one first."""
        return {self.file: self.text} | {document.file: document.text for document, _ in self.sources.values()}

    def place(self, path: Path, *, of_key: bool = False) -> Mark:
        """Line and column of `path`, or of the innermost enclosing value that is in the file.

        Examples
        --------
        >>> from flows.source.yaml_reader import parse
        >>> parse("nodes:\\n  main: {type: play}\\n", "a.yaml").place(("nodes", "main", "next"))
        (2, 9)
        """
        document, path = self.origin(path)
        if of_key and path in document.keys:
            return document.keys[path]
        while path and path not in document.marks:
            path = path[:-1]
        return document.marks.get(path, (1, 1))

    def within(self, path: Path, offset: int) -> Mark:
        """Line and column of a character (from 0) in the text at `path`, or of the text itself if that is unclear.

        Quoting and line breaks leave the words of a text unchanged in the file, so this searches for the word at
        `offset`, skipping as many earlier occurrences as the text has.

        Examples
        --------
        >>> from flows.source.yaml_reader import parse
        >>> parse("say: 'It''s a <brake/>'", "a.yaml").within(("say",), 7)
        (1, 15)
        """
        document, local = self.origin(path)
        value, place = document.scalar(local), document.marks.get(local)
        word = _WORD_AT.match(value, offset) if value else None
        if value is None or place is None or word is None:
            return self.place(path)
        lines = lines_of(document.text)
        rest = "\n".join([lines[place[0] - 1][place[1] - 1 :], *lines[place[0] :]])
        at = -1
        for _ in range(_times(word[0], value[: offset + len(word[0])])):
            at = rest.find(word[0], at + 1)
        if at < 0:
            return place
        before = rest[:at].split("\n")
        return (place[0] + len(before) - 1, len(before[-1]) + (place[1] if len(before) == 1 else 1))

    def scalar(self, path: Path) -> str | None:
        """The text at `path`; None if there is no value or it is not a scalar.

        Examples
        --------
        >>> from flows.source.yaml_reader import parse
        >>> parse("nodes: {main: {type: play}}", "a.yaml").scalar(("nodes", "main", "type"))
        'play'
        """
        here = value_at(self.data, path)
        return here if isinstance(here, str) else None

    def finding(
        self,
        code: str,
        message: str,
        path: Path,
        *,
        hint: str = "",
        node: str = "",
        of_key: bool = False,
        severity: Severity = "error",
    ) -> Finding:
        """A finding placed at `path` in this file."""
        line, column = self.place(path, of_key=of_key)
        return Finding(
            code=code,
            severity=severity,
            message=message,
            file=self.origin(path)[0].file,
            line=line,
            column=column,
            node=node or _node_of(path),
            hint=hint,
        )


def _times(word: str, text: str) -> int:
    """How often a word occurs in a text, overlaps included."""
    return sum(text.startswith(word, i) for i in range(len(text)))


def value_at(data: Any, path: Path) -> Any:
    """The value at a path in plain data; None if there is none (every scalar is a string).

    Examples
    --------
    >>> value_at({"a": ["b"]}, ("a", 0)), value_at({"a": ["b"]}, ("a", 1))
    ('b', None)
    """
    for part in path:
        kind = type(data)
        if (kind is dict and part in data) or (kind is list and type(part) is int and 0 <= part < len(data)):
            data = data[part]
        else:
            return None
    return data


def _node_of(path: Path) -> str:
    return str(path[1]) if len(path) > 1 and path[0] == "nodes" else ""


def lines_of(text: str) -> list[str]:
    """The lines of a file as YAML counts them, including line breaks that word processors leave behind.

    Examples
    --------
    >>> lines_of("a: b\\r\\nc: d\\u2028e: f")
    ['a: b', 'c: d', 'e: f']
    """
    if "\r" in text or (not text.isascii() and ("\x85" in text or "\u2028" in text or "\u2029" in text)):
        return _BREAK.split(text)
    return text.split("\n")


def mark_of(text: str, offset: int) -> Mark:
    """Line and column of a character, counted as in `lines_of`.

    Examples
    --------
    >>> mark_of("a: b\\rc: d", 8)
    (2, 4)
    """
    before = lines_of(text[:offset])
    return len(before), len(before[-1]) + 1


def word_at(line: str, column: int) -> str:
    """The word that begins at a column (from 0) of a line, for underlining.

     word_at("next: by, say: 'Hello you'", 15)
    "'Hello you'"
    """
    match = _TOKEN.match(line, column)
    return match[0] if match else ""


@lru_cache(maxsize=8)
def _sorted(known: tuple[str, ...]) -> list[str]:
    return sorted(known)


def _near_in_order(word: str, known: tuple[str, ...]) -> list[str]:
    """The names next to `word` in alphabetical order; comparing it with thousands of names would be slow."""
    names = _sorted(known)
    at = bisect_left(names, word)
    return names[max(0, at - _BESIDE) : at + _BESIDE]


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """The `known` word closest to `word`, or an empty string.

    Examples
    --------
    >>> nearest("bilinng", ["billing", "sales"])
    'billing'
    """
    names = tuple(known)
    word = word[:100]
    return next(
        iter(get_close_matches(word, names if len(names) <= _MANY else _near_in_order(word, names), n=1, cutoff=0.6)),
        "",
    )
