"""Codes of rules: one letter and three digits for those built in, more letters for those from outside."""

from __future__ import annotations

import re

__all__ = ["OWN_CODE", "begins", "letters_of"]

OWN_CODE = re.compile(r"[A-Z]{3,8}[0-9]{3}")
"""Codes of rules that come from outside. Built-in codes have one letter, so that the two never meet; with two letters
a code is a misspelt one, such as MM101.
"""
_LETTERS = re.compile(r"[A-Z]*")


def letters_of(code: str) -> str:
    """The letters at the beginning of a code.

    >>> letters_of("M101"), letters_of("ACME001"), letters_of("")
    ('M', 'ACME', '')
    """
    found = _LETTERS.match(code)
    return found[0] if found else ""


def begins(code: str, beginning: str) -> bool:
    """Whether a code begins so; letters alone stand for a whole family.

    >>> begins("M101", "M"), begins("M101", "M1"), begins("ACME001", "A"), begins("ACME001", "ACME")
    (True, True, False, True)
    """
    return code.startswith(beginning) and letters_of(code) == letters_of(beginning)
