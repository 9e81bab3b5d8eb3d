"""Normalises the numbers of callers and lines; a withheld number is an empty string.

Carriers report a withheld number in many ways: not at all, in words, or as a number that spells a word on the keypad.
See `flows.values.numbering_plans` for a number's country and what calling it costs.
"""

from __future__ import annotations

import re

__all__ = ["WITHHELD", "is_dialled", "is_withheld", "normal_number", "not_a_number", "plain_number"]

WITHHELD = "withheld"
"""The case in a `split` on ``ani`` for callers without a number; call scripts use the same word."""

_WORDS = frozenset({WITHHELD, "anonymous", "blocked", "private", "restricted", "unavailable", "unknown"})
_SPELT = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253"})
"""ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE on a keypad.
Source: help.twilio.com, "What do the phone numbers +266696687 ... mean?"."""
_SEPARATORS = re.compile(r"[\s().\-/]")
_WRITTEN = re.compile(r"\s*\+?[\d\s().\-/]+")
_NUMBER = re.compile(r"\+?[0-9]{1,20}|(?:sip|client):[\x21-\x7e]{1,57}")
_DIALLED = re.compile(r"\+[1-9][0-9]{6,14}")


def plain_number(text: str) -> str:
    """A number as carriers write it, from the way people write it.

    Examples
    --------
    >>> plain_number(" +1 (415) 555-0123")
    '+14155550123'
    """
    return _SEPARATORS.sub("", text) if _WRITTEN.fullmatch(text) else text.strip()


def normal_number(text: str) -> str:
    """The number of a caller or a line; empty if it is withheld or not a number.

    Parameters
    ----------
    text : str
        From a carrier, a script or a person: a telephone number, ``sip:...``, ``client:...``, or one of the many
        markers for a withheld number.

    Examples
    --------
    >>> normal_number("+1 (415) 555-0123"), normal_number("sip:alice@example.com")
    ('+14155550123', 'sip:alice@example.com')
    >>> [normal_number(text) for text in ("anonymous", "Restricted", "+266696687", "", "+", "a caller")]
    ['', '', '', '', '', '']
    """
    number = plain_number(text)
    return "" if is_withheld(text) or not _NUMBER.fullmatch(number) else number


def is_withheld(text: str) -> bool:
    """Whether a text means that the caller withholds their number.

    Examples
    --------
    >>> is_withheld("Anonymous"), is_withheld("+8656696"), is_withheld("+14155550123")
    (True, True, False)
    """
    number = plain_number(text)
    return not number or number.casefold() in _WORDS or number.lstrip("+") in _SPELT


def not_a_number(text: str) -> tuple[str, str] | None:
    """What is wrong with a number someone wrote, and what to write instead; None if it is valid or withheld.

    Examples
    --------
    >>> not_a_number("+14155550123"), not_a_number("withheld")
    (None, None)
    >>> not_a_number("bob")
    ("'bob' is not a telephone number", "write one like +14155550100, a sip: or client: address, or 'withheld'")
    """
    if is_withheld(text) or normal_number(text):
        return None
    return (
        f"{text!r} is not a telephone number",
        "write one like +14155550100, a sip: or client: address, or 'withheld'",
    )


def is_dialled(number: str) -> bool:
    """Whether a number can be called or texted: a plus, a country code, and 7 to 15 digits in all.

    Examples
    --------
    >>> is_dialled("+14155550123"), is_dialled(""), is_dialled("sip:alice@example.com")
    (True, False, False)
    """
    return _DIALLED.fullmatch(number) is not None
