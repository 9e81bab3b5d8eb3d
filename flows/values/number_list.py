"""A list of telephone numbers as people keep it: one a line, with comments; blocked callers, or those who go first.

Numbers stay out of every text that is shown: nothing here prints one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flows.values.caller_numbers import is_withheld, normal_number, plain_number

__all__ = ["Fault", "NumberList", "read_numbers"]

_BEGINNING = re.compile(r"\+[0-9]{1,14}\*")
_WITH_COUNTRY = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True)
class Fault:
    """A line that is left out: its number from 1, what is wrong with it, and what to do."""

    line: int
    message: str
    hint: str


@dataclass(frozen=True)
class NumberList:
    """Numbers and their beginnings.

    Parameters
    ----------
    numbers : frozenset of str
    beginnings : tuple of str

    Examples
    --------
    >>> found, _ = read_numbers("+1 (415) 555-0100  # a robot\\n+1900*\\n")
    >>> found.has("+14155550100"), found.has("+19005550100"), found.has(""), found
    (True, True, False, NumberList())
    """

    numbers: frozenset[str] = field(default=frozenset(), repr=False)
    beginnings: tuple[str, ...] = field(default=(), repr=False)

    def has(self, number: str) -> bool:
        """Whether a number is in the list; a withheld one is not."""
        wanted = normal_number(number)
        return bool(wanted) and (wanted in self.numbers or wanted.startswith(self.beginnings or ("\0",)))


def read_numbers(text: str) -> tuple[NumberList, tuple[Fault, ...]]:
    """The list in a text, and the lines that are left out.

    A line is a number with + and country code, a ``sip:`` or ``client:`` address, or the beginning of numbers with a
    star: ``+1900*``. What follows `#` is a comment.

    Examples
    --------
    >>> [fault.line for fault in read_numbers("# nobody\\n\\n4155550100\\n*\\n+14155550100\\n+1 415 555 0100\\n")[1]]
    [3, 4, 6]
    """
    numbers: dict[str, int] = {}
    faults: list[Fault] = []
    for line, written in _entries(text):
        plain = plain_number(written)
        fault = _fault(plain, numbers)
        if fault is None:
            numbers[plain] = line
        else:
            faults.append(Fault(line, *fault))
    whole = frozenset(number for number in numbers if not number.endswith("*"))
    return NumberList(whole, tuple(n[:-1] for n in numbers if n.endswith("*"))), tuple(faults)


def _entries(text: str) -> Iterator[tuple[int, str]]:
    for line, raw in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if written := re.sub(r"(^|\s)#.*$", "", raw).strip():
            yield line, written


def _fault(plain: str, known: dict[str, int]) -> tuple[str, str] | None:
    """What is wrong with a line, without its number, which belongs to somebody."""
    if plain in known:
        return f"this stands in line {known[plain]} already", "remove one of the two"
    if _BEGINNING.fullmatch(plain) or _WITH_COUNTRY.fullmatch(plain):
        return None
    if plain.startswith(("sip:", "client:")) and normal_number(plain):
        return None
    if is_withheld(plain):
        return "a withheld number cannot stand in a list", "use a split on ani with the case 'withheld'"
    if plain.endswith("*"):
        return "this is not the beginning of a number", "write + and digits before the star: +1900*"
    return "this is not a number with its country code", "write one number a line: +14155550100, or +1900*"
