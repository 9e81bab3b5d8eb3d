"""Where every value of a file stands: two numbers a place, in the order of the file, found by the path of the value."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from flows.source.document import Mark, Path, value_at

__all__ = ["Keys", "Places", "size"]

_LINE = 32
"""Bits: a place is its line, then its column."""


class Places(Mapping[Path, Mark]):
    """Line and column of each value by its path, one-based.

    Few are ever asked for. So nothing is kept by path: what is asked for is counted, entry by entry.

    Parameters
    ----------
    data : dict, list or str
    marks : sequence with line and column
        Zero-based; one for each value before what is in it, and one for each key before its value.

    Examples
    --------
    >>> from flows.source.yaml_events import Limits, read_values
    >>> dict(read_values("a: {b: c}", Limits(depth=10, values=100)).marks)
    {(): (1, 1), ('a',): (1, 4), ('a', 'b'): (1, 8)}
    """

    def __init__(self, data: Any, marks: Sequence[Any]) -> None:
        self.data = data
        self.packed = array("Q", [mark.line << _LINE | mark.column for mark in marks])
        self._starts: dict[Path, dict[str | int, int]] = {}

    def __getitem__(self, path: Path) -> Mark:
        return self.at(self._index(path))

    def __contains__(self, path: object) -> bool:
        return value_at(self.data, path) is not None  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Path]:
        return _paths((), self.data)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def at(self, index: int) -> Mark:
        """The place with this number."""
        packed = self.packed[index]
        return (packed >> _LINE) + 1, (packed & (1 << _LINE) - 1) + 1

    def _index(self, path: Path) -> int:
        if path not in self:
            raise KeyError(path)
        here, index = self.data, 0
        for level, part in enumerate(path):
            index = self._within(path[:level], here, index)[part]
            here = here[part]
        return index

    def _within(self, path: Path, value: Any, index: int) -> dict[str | int, int]:
        """The numbers of the values directly in another."""
        found = self._starts.get(path)
        if found is None:
            found = self._starts[path] = {}
            for part, inner in _entries(value):
                index += 1 + (type(value) is dict)
                found[part] = index
                index += size(inner) - 1
        return found

    def entry(self, path: Path) -> int:
        """The number of the key of an entry; of a list's item there is none."""
        if not path or type(path[-1]) is int:
            raise KeyError(path)
        return self._index(path) - 1


class Keys(Mapping[Path, Mark]):
    """Line and column of the key of each entry.

    Examples
    --------
    >>> from flows.source.yaml_events import Limits, read_values
    >>> dict(read_values("a: [{b: c}]", Limits(depth=10, values=100)).keys)
    {('a',): (1, 1), ('a', 0, 'b'): (1, 6)}
    """

    def __init__(self, places: Places) -> None:
        self._places = places

    def __getitem__(self, path: Path) -> Mark:
        return self._places.at(self._places.entry(path))

    def __contains__(self, path: object) -> bool:
        return bool(path) and type(path[-1]) is not int and path in self._places  # type: ignore[index]

    def __iter__(self) -> Iterator[Path]:
        return (path for path in self._places if path and type(path[-1]) is not int)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _entries(value: Any) -> Iterator[tuple[str | int, Any]]:
    return iter(value.items()) if type(value) is dict else zip(count(), value)


def size(value: Any) -> int:
    """How many places a value takes: its own, and those of the keys and values in it.

    Examples
    --------
    >>> size({"a": "b", "c": ["d"]})
    6
    """
    kind = type(value)
    if kind is dict:
        return 1 + sum([1 if type(inner) is str else size(inner) for inner in value.values()], len(value))
    return 1 + sum([1 if type(inner) is str else size(inner) for inner in value]) if kind is list else 1


def _paths(path: Path, value: Any) -> Iterator[Path]:
    yield path
    if type(value) is not str:
        for part, inner in _entries(value):
            yield from _paths((*path, part), inner)
