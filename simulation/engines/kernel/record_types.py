"""What a record and an array of records are, for type checkers: compiled code reads a field as an attribute."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar, overload

import numpy.typing as npt

__all__ = ["Record", "RecordArray"]

R = TypeVar("R", covariant=True)


class RecordArray(Protocol[R]):
    """A structured array: an integer index gives a record, a field name gives a column."""

    def __len__(self) -> int: ...

    @overload
    def __getitem__(self, index: int) -> R: ...

    @overload
    def __getitem__(self, index: tuple[int, int]) -> R: ...

    @overload
    def __getitem__(self, index: str) -> npt.NDArray[Any]: ...


class Record(Protocol):
    """A row of a structured array: compiled code reads a field as an attribute, Python by name."""

    def __getitem__(self, name: str) -> Any: ...

    def __setitem__(self, name: str, value: object) -> None: ...
