"""Plain data and the places of every value, straight from YAML's events.

Composing nodes first and walking over them afterwards would make every value twice; a large flow is a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.composer import ComposerError

from flows.source.document import Mark
from flows.source.yaml_places import Keys, Places, size

__all__ = ["Limits", "Refused", "Values", "read_values"]

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}


class Refused(Exception):
    """What YAML allows and a file of ours does not: the code, what is wrong, where, and what to do."""

    def __init__(self, code: str, said: str, at: Mark, hint: str) -> None:
        super().__init__(said)
        self.code, self.said, self.at, self.hint = code, said, at, hint


@dataclass(frozen=True)
class Limits:
    """How many levels and values a file may have."""

    depth: int
    values: int


@dataclass(frozen=True)
class Values:
    """What a file holds.

    Parameters
    ----------
    data : dict, list or str
        Every scalar a string.
    marks, keys : mapping of path to (line, column)
        Places of the values, and of the keys of entries.
    """

    data: Any
    marks: Places
    keys: Keys


def read_values(text: str, limits: Limits) -> Values | None:
    """Everything in a text; None when there is nothing.

    What YAML itself cannot read is told first, wherever it stands; then the first thing that is refused. Only what
    could make work out of little text ends the reading where it begins: an alias, a level too deep, a value too many.

    Raises
    ------
    Refused
        Y001 a key that is no word, Y004 too deep or too many values, Y005 an alias or a tag, S008 a key given twice.
    yaml.YAMLError

    Examples
    --------
    >>> dict(read_values("a: {b: c}", Limits(depth=10, values=100)).marks)
    {(): (1, 1), ('a',): (1, 4), ('a', 'b'): (1, 8)}
    """
    loader = _Loader(text)
    try:
        return _Reader(loader.get_event, limits).document()
    finally:
        loader.dispose()


class _Reader:
    def __init__(self, get: Callable[[], Any], limits: Limits) -> None:
        self._get, self._limits = get, limits
        self._refused: Refused | None = None
        self._marks: list[Any] = []

    def document(self) -> Values | None:
        get = self._get
        get()  # the stream begins
        begun = get()
        if type(begun) is yaml.StreamEndEvent:
            return None
        data = self._value(get(), 1)
        get()  # the document ends
        after = get()
        if type(after) is not yaml.StreamEndEvent:
            expected = "expected a single document in the stream"
            raise ComposerError(expected, begun.start_mark, "but found another document", after.start_mark)
        if self._refused is not None:
            raise self._refused
        places = Places(data, self._marks)
        return Values(data, places, Keys(places))

    def _value(self, event: Any, level: int) -> Any:
        kind = type(event)
        self._marks.append(event.start_mark)
        if kind is yaml.AliasEvent:
            raise ComposerError(
                None, None, "found undefined alias", event.start_mark
            )  # whatever has an anchor was refused before
        if event.tag not in _PLAIN_TAGS:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._refuse(
                "Y005", f"tags ({tag}) are not allowed", event, "remove it; put a text that begins with ! in quotes"
            )
        if kind is yaml.ScalarEvent:
            return event.value
        return self._mapping(event, level) if kind is yaml.MappingStartEvent else self._list(event, level)

    def _mapping(self, begun: Any, level: int) -> dict[str, Any]:
        """The entries of a mapping. This loop is most of what reading a file costs, hence the plain names and no
        calls.
        """
        get, marks, mark, value_of = self._get, self._marks, self._marks.append, self._value
        scalar, end = yaml.ScalarEvent, yaml.MappingEndEvent
        most, too_deep = self._limits.values, level > self._limits.depth
        out: dict[str, Any] = {}
        place = len(marks)
        while type(event := get()) is not end:
            if too_deep or len(marks) >= most:
                raise self._too_much(begun, level)
            if type(event) is scalar:
                key = event.value
            else:
                self._refuse("Y001", "a key must be a plain word", event, "write 'name: value'")
                key = str(value_of(event, level + 1))
            if key in out:
                self._refuse_twice(key, event, marks[place:], out)
            mark(event.start_mark)
            event = get()
            if type(event) is scalar and event.tag is None:  # most are, and need no more
                mark(event.start_mark)
                out[key] = event.value
            else:
                out[key] = value_of(event, level + 1)
        return out

    def _list(self, begun: Any, level: int) -> list[Any]:
        out: list[Any] = []
        while type(event := self._get()) is not yaml.SequenceEndEvent:
            if level > self._limits.depth or len(self._marks) >= self._limits.values:
                raise self._too_much(begun, level)
            out.append(self._value(event, level + 1))
        return out

    def _too_much(self, begun: Any, level: int) -> Refused:
        """Too deep, or too much: told where that begins in which it stands."""
        if level > self._limits.depth:
            return _refused(
                "Y004",
                f"nested deeper than {self._limits.depth} levels",
                begun,
                "a flow needs about six levels; flatten it",
            )
        return _refused("Y004", f"more than {self._limits.values:,} values", begun, "split it into several files")

    def _refuse_twice(self, key: str, event: Any, marks: list[Any], entries: Mapping[str, Any]) -> None:
        """`marks` are those of the entries read so far."""
        before = list(entries)[: list(entries).index(key)]
        first = marks[sum(1 + size(entries[other]) for other in before) if self._refused is None else 0]
        message = f"{key!r} is given twice; the first is on line {first.line + 1}"
        self._refuse("S008", message, event, "rename one or remove it; nothing is kept silently")

    def _refuse(self, code: str, said: str, event: Any, hint: str) -> None:
        if self._refused is None:
            self._refused = _refused(code, said, event, hint)


def _refused(code: str, said: str, event: Any, hint: str) -> Refused:
    return Refused(code, said, (event.start_mark.line + 1, event.start_mark.column + 1), hint)
