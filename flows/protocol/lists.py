"""Lists that a service answers with: which fields of their items a call keeps."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MAX_LIST", "ListOf"]

MAX_LIST = 640
"""Characters of a list as a value holds it; items that do not fit as a whole are left out."""


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
