"""Builds plain data, and the position of every value, directly from YAML events.

Reading stops at once where a small file could cause a lot of work: at an anchor, or past the limit on depth or on
values. Anything else that is refused is reported only if the text has no YAML errors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.composer import ComposerError
from yaml.scanner import ScannerError

from flows.source.document import Mark, Path

__all__ = ["ANCHOR", "ANCHOR_HINT", "Limits", "RefusedError", "Values", "read_values"]

ANCHOR = "aliases and anchors (*name, &name) are not allowed"
ANCHOR_HINT = "write the value out; put a text that begins with * or & in quotes"
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_TOO_DEEP = "exceeded maximum nesting depth"
"""What the scanner of PyYAML 6.0.4 and later says at level 1,000."""
_PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}


class RefusedError(Exception):
    """Something that YAML allows and our files do not: the code, what is wrong, where, and what to do."""

    def __init__(self, code: str, message: str, at: Mark, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.at, self.hint = code, message, at, hint


@dataclass(frozen=True)
class Limits:
    """The most levels and values a file may have."""

    depth: int
    values: int


@dataclass(frozen=True)
class Values:
    """The contents of a file.

    Parameters
    ----------
    data : dict, list or str
        Every scalar is a string.
    marks, keys : dict of path to (line, column)
        Positions of the values and of the keys; one-based.
    """

    data: Any = ""
    marks: dict[Path, Mark] = field(default_factory=dict)
    keys: dict[Path, Mark] = field(default_factory=dict)


def read_values(text: str, limits: Limits) -> Values | None:
    """All the values in a text; None if it is empty.

    Raises
    ------
    RefusedError
        Y001 a key that is not a word, Y004 too deep or too many values, Y005 an anchor, alias or tag, S008 a duplicate
        key.
    yaml.YAMLError

    Examples
    --------
    >>> read_values("a: {b: c}", Limits(depth=10, values=100)).marks
    {(): (1, 1), ('a',): (1, 4), ('a', 'b'): (1, 8)}
    """
    try:
        return _read(_Loader(text), limits)
    except ScannerError as error:
        if error.problem != _TOO_DEEP:
            raise
    # The scanner is ahead of the events and gives up first; Python's own does not, and tells where it becomes too deep.
    return _read(yaml.BaseLoader(text), limits)


def _read(loader: Any, limits: Limits) -> Values | None:
    try:
        return _Reader(loader.get_event, limits).document()
    finally:
        loader.dispose()


class _Reader:
    def __init__(self, get: Callable[[], Any], limits: Limits) -> None:
        self._get, self._limits = get, limits
        self._marks: dict[Path, Mark] = {}
        self._keys: dict[Path, Mark] = {}
        self._refused: RefusedError | None = None

    def document(self) -> Values | None:
        self._get()  # the stream begins
        begun = self._get()
        if isinstance(begun, yaml.StreamEndEvent):
            return None
        data = self._value(self._get(), ())
        self._get()  # the document ends
        after = self._get()
        if not isinstance(after, yaml.StreamEndEvent):
            expected = "expected a single document in the stream"
            raise ComposerError(expected, begun.start_mark, "but found another document", after.start_mark)
        if self._refused is not None:
            raise self._refused
        return Values(data, self._marks, self._keys)

    def _value(self, event: Any, path: Path) -> Any:
        self._marks[path] = _mark(event)
        if event.anchor is not None:
            raise RefusedError("Y005", ANCHOR, _mark(event), ANCHOR_HINT)
        if event.tag not in _PLAIN_TAGS:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            hint = "remove it; put a text that begins with ! in quotes"
            self._refuse("Y005", f"tags ({tag}) are not allowed", event, hint)
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        return self._mapping(event, path) if isinstance(event, yaml.MappingStartEvent) else self._list(event, path)

    def _mapping(self, begun: Any, path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        while not isinstance(event := self._get(), yaml.MappingEndEvent):
            self._limit(begun, path)
            key = self._key(event, path)
            here = (*path, key)
            if key in out:
                message = f"{key!r} is given twice; the first is on line {self._keys[here][0]}"
                self._refuse("S008", message, event, "rename one or remove it; nothing is kept silently")
            self._keys[here] = _mark(event)
            out[key] = self._value(self._get(), here)
        return out

    def _key(self, event: Any, path: Path) -> str:
        if isinstance(event, yaml.ScalarEvent) and event.anchor is None:
            return str(event.value)
        self._refuse("Y001", "a key must be a plain word", event, "write 'name: value'")
        return str(self._value(event, (*path, "?")))

    def _list(self, begun: Any, path: Path) -> list[Any]:
        out: list[Any] = []
        while not isinstance(event := self._get(), yaml.SequenceEndEvent):
            self._limit(begun, path)
            out.append(self._value(event, (*path, len(out))))
        return out

    def _limit(self, begun: Any, path: Path) -> None:
        """Refuse a value past the limits, reported where its list or mapping begins."""
        if len(path) >= self._limits.depth:
            message = f"nested deeper than {self._limits.depth} levels"
            raise RefusedError("Y004", message, _mark(begun), "a flow needs about six levels; flatten it")
        if len(self._marks) + len(self._keys) >= self._limits.values:
            message = f"more than {self._limits.values:,} values"
            raise RefusedError("Y004", message, _mark(begun), "split it into several files")

    def _refuse(self, code: str, message: str, event: Any, hint: str) -> None:
        if self._refused is None:
            self._refused = RefusedError(code, message, _mark(event), hint)


def _mark(event: Any) -> Mark:
    return event.start_mark.line + 1, event.start_mark.column + 1
