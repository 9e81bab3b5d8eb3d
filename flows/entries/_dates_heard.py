"""The parts of a date in recognised speech: "the twenty third of May", "May 23rd 2026", "23/5/2026", "五月二十三日"."""

from __future__ import annotations

import re
from functools import cache

from flows.speech.entering import entering
from flows.speech.heard_numbers import in_digits
from flows.speech.languages import language as language_of

__all__ = ["parts_heard"]

_ENDING = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º|ª|o|日|号)\b|(?<=\d)[日号]")


def parts_heard(text: str, language: str, order: str) -> tuple[int | None, int, int] | None:
    """Year (None if it is not said), month and day in a text; None if there is no date in it.

    Parameters
    ----------
    text : str
    language : str
    order : {"dmy", "mdy", "ymd"}
        For dates whose month is a number.

    Examples
    --------
    >>> parts_heard("the twenty third of May", "en-US", "mdy"), parts_heard("May 3rd, 2027", "en-US", "mdy")
    ((None, 5, 23), (2027, 5, 3))
    >>> parts_heard("dreiundzwanzigster Mai", "de-DE", "dmy"), parts_heard("五月二十三日", "zh-CN", "ymd")
    ((None, 5, 23), (None, 5, 23))
    >>> parts_heard("5/23/2026", "en-US", "mdy"), parts_heard("no idea", "en-US", "mdy")
    ((2026, 5, 23), None)
    """
    spoken = language_of(language)
    said = _with_days(_ENDING.sub("", text.lower()), language)
    tokens = in_digits(said, language)
    joined = (" " if spoken.spaced else "").join(tokens)
    month = 0
    for number, name in sorted(_months(language).items(), key=lambda one: -len(one[1])):
        found = re.search(rf"(?<![\w]){re.escape(name)}(?!\w)" if spoken.spaced else rf"(?<!\d){name}", joined)
        if found:
            month, joined = number, f"{joined[: found.start()]} {joined[found.end() :]}"
            break
    numbers = re.findall(r"\d+", joined)
    if month:
        return _of_month(month, numbers)
    if len(numbers) == 3 and all(len(number) <= 4 for number in numbers):
        parts = dict(zip(order if len(numbers[0]) < 4 else "ymd", map(int, numbers), strict=True))
        return parts["y"], parts["m"], parts["d"]
    return None


def _of_month(month: int, numbers: list[str]) -> tuple[int | None, int, int] | None:
    """The day is the first number that can be one; the year has four digits, or is said as two numbers."""
    years = [int(number) for number in numbers if len(number) == 4]
    rest = [number for number in numbers if len(number) <= 2]
    day = int(rest.pop(0)) if rest else 0
    if not 1 <= day <= 31:
        return None
    if not years and len(rest) == 2 and all(len(number) == 2 for number in rest):
        years = [int("".join(rest))]
    return (years[0] if years else None), month, day


def _with_days(text: str, language: str) -> str:
    """Words for the days of a month as numbers, with those that are put together: "twenty third"."""
    for word, number in _days(language):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", str(number), text)
    return text


@cache
def _days(language: str) -> tuple[tuple[str, int], ...]:
    words = entering(language)
    found = {word: number for word, number in words.ordinals.items() if number}
    tens = {word: number for word, number in words.numbers.items() if number in (20, 30)}
    found |= {
        f"{ten}{gap}{word}": high + low
        for ten, high in tens.items()
        for word, low in words.ordinals.items()
        for gap in (" ", "-")
        if 1 <= low <= 9 and high + low <= 31
    }
    return tuple(sorted(found.items(), key=lambda one: -len(one[0])))


@cache
def _months(language: str) -> dict[int, str]:
    return {number: name.lower() for number, name in enumerate(language_of(language).values.months, 1)}
