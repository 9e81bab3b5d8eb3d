"""What Unicode's CLDR (the babel package) and num2words know of a language, in the form of a language pack."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flows.speech.plurals import cldr

__all__ = ["defaults"]

_TEN, _TEENS = range(10), range(10, 17)
_HALVES = ("am", "pm")
_WIDEST = ("wide", "abbreviated", "narrow")


def defaults(code: str) -> dict[str, Any]:
    """What need not be written in a pack: name, number words, months, the forms of dates and times, ordinals.

    Parameters
    ----------
    code : str
        Primary subtag, such as ``it``.

    Examples
    --------
    >>> italian = defaults("it")
    >>> italian["name"], italian["number_words"][:3], italian["values"]["date"], italian["values"]["time"]
    ('Italiano', ('zero', 'uno', 'due'), '{day} {month} {year}', '{hour}:{mm}')
    >>> defaults("ja")["values"]["date"], defaults("el")["values"]["time"], defaults("zz")
    ('{year}年{month}月{day}日', '{hour}:{mm} {half}', {})
    """
    locale = cldr(code)
    if locale is None:
        return {}
    name = locale.get_display_name() or code
    date, months = _date(locale)
    values: dict[str, Any] = {"months": months, "date": date, **_clock(locale), "currencies": {}}
    if ordinals := _words(code, range(1, 11), to="ordinal"):
        values["ordinals"] = ordinals
    values["ordinal"] = (("", "{number}"),)
    found: dict[str, Any] = {"name": name[0].upper() + name[1:], "values": values}
    if words := _words(code, _TEN):
        found |= {"number_words": words, "more_numbers": _words(code, _TEENS)}
    return found


def _date(locale: Any) -> tuple[str, tuple[str, ...]]:
    """How a date is said, and the months that go into it: names as they stand in a date, or numbers."""
    pattern = locale.date_formats["long"].pattern
    named = "MMM" in pattern
    quoted = re.sub(r"'([^']*)'", r"\1", re.sub("y+|M+|d+", lambda found: "{" + found[0][0] + "}", pattern))
    date = re.sub(r"G\s*", "", quoted).replace("{y}", "{year}").replace("{M}", "{month}").replace("{d}", "{day}")
    wide = locale.months["format"]["wide"]
    return date, tuple(wide[month] if named else str(month) for month in range(1, 13))


def _clock(locale: Any) -> dict[str, Any]:
    """How a time is said: by the 24-hour clock, or by the halves of the day."""
    if "a" not in locale.time_formats["short"].pattern:
        return {"time": "{hour}:{mm}", "full_hour": "{hour}:00"}
    periods = locale.day_periods["format"]
    found = [names for names in map(periods.get, _WIDEST) if names]
    morning, later = (next(names[half] for names in found if half in names) for half in _HALVES)
    return {"time": "{hour}:{mm} {half}", "full_hour": "{hour} {half}", "halves": ((0, morning), (12, later))}


def _words(code: str, numbers: Iterable[int], to: str = "cardinal") -> tuple[str, ...]:
    """Numbers in words; none if num2words does not know the language."""
    from num2words import CONVERTER_CLASSES, num2words

    if code not in CONVERTER_CLASSES:
        return ()
    try:
        return tuple(num2words(number, lang=code, to=to) for number in numbers)
    except NotImplementedError:
        return ()
