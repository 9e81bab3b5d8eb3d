"""What a lookup wants of an answer: the conditions of its outcomes, and the lists that a call keeps."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MAX_LIST", "Condition", "ListOf"]

MAX_LIST = 640
"""Characters of a list as a value holds it; items that do not fit as a whole are left out."""


@dataclass(frozen=True)
class Condition:
    """When an HTTP answer means `label`: its status, and the value of a field in its JSON.

    Parameters
    ----------
    label : str
    statuses : tuple of str
        ``404``, or ``2xx`` for a whole class.
    field : str
        Path in the JSON, such as ``case.state``; empty to use the status alone.
    values : tuple of str
        Values the field may have, ignoring case; empty for any value.
    """

    label: str
    statuses: tuple[str, ...]
    field: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListOf:
    """A list in the JSON of an answer.

    Parameters
    ----------
    name : str
        The value that holds it, as JSON.
    path : str
        Where it is in the answer; empty for the whole answer.
    fields : tuple of (field, path)
        What is kept of each item, and where it is in the item; an empty path is the item itself.
    most : int
        Items that are kept at most.
    """

    name: str
    path: str
    fields: tuple[tuple[str, str], ...]
    most: int = 20
