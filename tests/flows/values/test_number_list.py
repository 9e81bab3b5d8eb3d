"""Lists of numbers: who stands in them, and the lines that are left out, without a number in any message."""

from __future__ import annotations

import pytest

from flows.values.number_list import read_numbers

LIST = """\ufeff# Robots.
+14155550100
+1 415 555-0101   # twice a day
+1900*
sip:robot@example.com
client:bot

(415) 555-0100
+14155550100
anonymous
*
"""


@pytest.mark.parametrize(
    ("number", "listed"),
    [
        ("+14155550100", True),
        ("+14155550101", True),
        ("+1 (415) 555-0101", True),
        ("+19001234567", True),
        ("sip:robot@example.com", True),
        ("client:bot", True),
        ("+14155550102", False),
        ("4155550100", False),
        ("", False),
        ("anonymous", False),
    ],
)
def test_who_stands_in_a_list(number: str, listed: bool) -> None:
    assert read_numbers(LIST)[0].has(number) is listed


def test_an_empty_list_has_nobody() -> None:
    assert not read_numbers("# nobody yet\n")[0].has("+14155550100")


def test_lines_that_are_left_out_are_told_without_their_numbers() -> None:
    """Line 8 has no country code, 9 is line 2 again, 10 is withheld, 11 is a star alone."""
    found, faults = read_numbers(LIST)
    assert [(fault.line, fault.message) for fault in faults] == [
        (8, "this is not a number with its country code"),
        (9, "this stands in line 2 already"),
        (10, "a withheld number cannot stand in a list"),
        (11, "this is not the beginning of a number"),
    ]
    shown = repr(found) + "".join(f"{fault.message}{fault.hint}" for fault in faults)
    assert "415" not in shown.replace("+14155550100, or +1900*", "")
