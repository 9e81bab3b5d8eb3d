"""Puts values into spoken form: digits one by one, amounts with their currency, dates, times, counts and ordinals.

A text inserts a value as ``{name}`` or ``{name:format}``. Two formats take an argument: ``{fee:money:USD}`` the
currency, and ``{days:count:day/days}`` the noun in each plural form of the language. A value that does not fit its
format is read out unchanged.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

from flows.speech import currencies
from flows.speech.languages import language as language_of
from flows.speech.languages.base import Values
from flows.values.amounts import amount_of

__all__ = ["FORMATS", "home_currency", "masked", "spoken_value"]

_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?")
_TIME = re.compile(r"(?:\d{4}-\d{2}-\d{2}[T ])?(\d{1,2}):?(\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
_WHOLE = re.compile(r"-?\d{1,15}")


def spoken_value(value: str, form: str, *, more: str = "", language: str, home: str = "") -> str:
    """`value` as a voice should say it.

    Parameters
    ----------
    value : str
        As collected or looked up: ``402``, ``12.50``, ``12.50 EUR``, ``2026-12-01``, ``15:30``.
    form : str
        One of `FORMATS`; any other leaves the value unchanged.
    more : str
        The currency for money, or the nouns for a count.
    language : str
        BCP 47 tag of the language spoken.
    home : str
        Tag of the flow's first language: amounts are in its country's currency unless stated otherwise.

    Examples
    --------
    >>> spoken_value("402", "digits", language="en-US"), spoken_value("12.50", "money", language="es-US", home="en-US")
    ('4 0 2', '12 dólares con 50 centavos')
    >>> spoken_value("2026-12-01", "date", language="fr-FR"), spoken_value("15:30", "time", language="de-DE")
    ('1er décembre 2026', '15 Uhr 30')
    >>> spoken_value("1", "count", more="day/days", language="en-US"), spoken_value("soon", "date", language="en-US")
    ('1 day', 'soon')
    """
    say = FORMATS.get(form)
    if say is None or not value.strip():
        return value
    text = value.strip()
    if form == "money" and not more:
        more = home_currency(home or language)
    return say(text, language, more) or value


def home_currency(tag: str) -> str:
    """The currency of the country in a language tag; empty if the tag names no country.

    Examples
    --------
    >>> home_currency("es-ES"), home_currency("en-GH"), home_currency("en")
    ('EUR', 'GHS', '')
    """
    return currencies.of_country(tag.rpartition("-")[2].upper() if "-" in tag else "")


def masked(value: str, language: str) -> str:
    """The spoken form of a secret: its last two digits, or only its length if it has fewer than five.

    Examples
    --------
    >>> masked("401723456", "en-US"), masked("4021", "en-US"), masked("", "en-US")
    ('a number ending in 5 6', '4 digits', '')
    """
    words = language_of(language).values
    if len(value) >= 5:
        return words.ending.format(digits=" ".join(value[-2:]))
    return _counted(words, len(value), words.digit) if value else ""


def _digits(text: str, language: str, more: str) -> str:
    return " ".join(character for character in text if character.isalnum() or character in "*#")


def _money(text: str, language: str, more: str) -> str:
    words = language_of(language).values
    amount = amount_of(text)
    if amount is None:
        return ""
    code, whole, part = amount.currency or more, amount.whole, amount.part
    names = words.currencies.get(code) or currencies.called(code, language)
    minus = f"{words.minus} " if amount.minus and amount.hundredths else ""
    if names is None:
        return f"{minus}{whole}.{part:02d} {code}".strip() if code else ""
    units, hundredths = names[: len(names) // 2], names[len(names) // 2 :]
    said = [_counted(words, whole, units)] if whole or not part or not hundredths[-1] else []
    if part and not hundredths[-1]:  # "12 Kenyan shillings 50"
        return f"{minus}{said[0]} {part:02d}"
    said += [_counted(words, part, hundredths)] if part else []
    return minus + (said[0] if len(said) == 1 else words.money.format(whole=said[0], part=said[1]))


def _date(text: str, language: str, more: str) -> str:
    words = language_of(language).values
    match = _DATE.fullmatch(text)
    try:
        day = dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None:
        return ""
    said = words.first_day if day.day == 1 and words.first_day else str(day.day)
    return words.date.format(day=said, month=words.months[day.month - 1], year=day.year)


def _time(text: str, language: str, more: str) -> str:
    words = language_of(language).values
    match = _TIME.fullmatch(text)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        return ""
    hour, minute = int(match[1]), int(match[2])
    half = next((said for begins, said in reversed(words.halves) if hour >= begins), "")
    shown = hour if not words.halves else (hour % 12 or 12)
    noun = words.form(hour, words.hours)
    form = words.time if minute else words.full_hour
    return form.format(hour=shown, hours=noun, minute=minute, mm=f"{minute:02d}", half=half)


def _count(text: str, language: str, more: str) -> str:
    words = language_of(language).values
    if not _WHOLE.fullmatch(text):
        return ""
    return _counted(words, int(text), tuple(more.split("/"))) if more else f"{int(text)}"


def _ordinal(text: str, language: str, more: str) -> str:
    words = language_of(language).values
    if not _WHOLE.fullmatch(text) or int(text) < 1:
        return ""
    number = int(text)
    if number <= len(words.ordinals):
        return words.ordinals[number - 1]
    return next(said for ending, said in words.ordinal if re.search(ending, str(number))).format(number=number)


def _counted(words: Values, number: int, nouns: tuple[str, ...]) -> str:
    return words.amount.format(number=number, noun=words.form(number, nouns))


FORMATS: Mapping[str, Callable[[str, str, str], str]] = {
    "digits": _digits,
    "money": _money,
    "date": _date,
    "time": _time,
    "count": _count,
    "ordinal": _ordinal,
}
"""The formats of ``{name:format}``."""
