"""What callers may enter besides plain digits, one file a type: how it is read, heard, corrected and read back."""

from __future__ import annotations

import sys
from functools import cache

from flows.entries.base import Caller, Entry, Options
from flows.registry import members

__all__ = ["Caller", "Entry", "Options", "entry_type", "entry_types"]


@cache
def entry_types() -> tuple[str, ...]:
    """The names of the types, as ``as:`` takes them.

    Examples
    --------
    >>> entry_types()
    ('card', 'count', 'date', 'money', 'pattern', 'phone', 'time', 'yes_no')
    """
    return tuple(members(sys.modules[__name__]))


@cache
def entry_type(name: str) -> type[Entry]:
    """The class of a type.

    Examples
    --------
    >>> entry_type("yes_no")(Options()).digits
    (1, 1)
    """
    module = members(sys.modules[__name__])[name]
    found: type[Entry] = getattr(module, "".join(part.capitalize() for part in name.split("_")))
    return found
