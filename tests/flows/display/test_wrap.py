"""Lines of a terminal: wrapped between words, with columns and numbers kept together."""

from __future__ import annotations

import pytest

from flows.display.wrap import columns_in, fitted, wrapped


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("short", 5, ["short"]),
        ("a line of any length", 0, ["a line of any length"]),
        ("one two three", 7, ["one two", "three"]),
        ("  one two three", 9, ["  one two", "  three"]),  # below its indent
        ("  - one two three", 12, ["  - one two", "    three"]),
        ("ASA   6.2 s  mean wait of callers", 24, ["ASA   6.2 s  mean wait", "      of callers"]),
        ("Service level  94.6 % ± 0.4", 22, ["Service level", "94.6 % ± 0.4"]),  # a number stays with unit and ±
        ("in all 1 min 12 s", 10, ["in all", "1 min 12 s"]),
        ("unbreakablylongword and more", 8, ["unbreakablylongword", "and more"]),
        ("\x1b[1mone two\x1b[0m three", 7, ["\x1b[1mone two\x1b[0m", "three"]),  # colours take no columns
        ("按一 按二 按三", 9, ["按一 按二", "按三"]),  # Chinese characters take two
        ("first\nsecond line", 6, ["first", "second", "line"]),
    ],
)
def test_lines_are_wrapped_between_words(text: str, width: int, lines: list[str]) -> None:
    assert fitted(text, width).split("\n") == lines


def test_several_spaces_begin_no_line() -> None:
    assert wrapped("one    two", 6, indent=2) == ["one   ", "  two"]


def test_marks_take_no_column() -> None:
    assert columns_in("e\u0301te\u0301") == 3
