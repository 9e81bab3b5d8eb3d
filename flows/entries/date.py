"""date: a day by its digits or in words, on the right side of today and not too far from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flows.entries._dates_heard import parts_heard
from flows.entries._limits import in_words
from flows.entries.base import Caller, Entry, Read
from flows.speech.entering import entering
from flows.speech.languages import language as language_of
from flows.speech.values import spoken_value

_MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})
_YEAR_FIRST = frozenset({"CN", "TW", "HK", "JP", "KR", "HU", "LT", "MN", "CA"})
"""Countries whose dates begin with the month or the year. Source: Unicode CLDR, short dates of en-US, zh-CN and the
others; all other countries begin with the day."""
_YEAR_DIGITS = {"four": 4, "two": 2, "none": 0}
_YEARS_AROUND = (-1, 0, 1)


class Date(Entry):
    """A date, stored as ``2026-05-23``; without a year, the one nearest to today that is allowed.

    Examples
    --------
    >>> from flows.entries.base import Options
    >>> caller = Caller("en-US", "en-US", dt.date(2026, 12, 1))
    >>> Date(Options()).read("05232026", caller).value, Date(Options(order="dmy")).read("23052026", caller).value
    ('2026-05-23', '2026-05-23')
    >>> past = Date(Options(must_be="past", within=365))
    >>> past.hear("the twenty third of May", caller).value, past.read("12022026", caller).value
    ('2026-05-23', '')
    >>> Date(Options(year="none", must_be="future")).read("0523", caller).value
    '2027-05-23'
    """

    takes = frozenset({"order", "year", "must_be", "within"})

    @property
    def digits(self) -> tuple[int, int]:
        length = 4 + _YEAR_DIGITS[self.options.year]
        return length, length

    @property
    def needs_today(self) -> bool:
        return True

    def faults(self) -> Iterator[tuple[str, str]]:
        if self.options.within is not None and not self.options.must_be and self.options.within > 3_650:
            yield "within", f"{self.options.within} days are more than ten years; leave it out"

    def order(self, caller: Caller) -> str:
        """The order of day, month and year: as stated, else that of the line's country."""
        if self.options.order:
            return self.options.order
        if caller.country in _MONTH_FIRST:
            return "mdy"
        return "ymd" if caller.country in _YEAR_FIRST else "dmy"

    def read(self, keys: str, caller: Caller) -> Read:
        if not (keys.isdigit() and keys.isascii() and len(keys) == self.digits[0]):
            return Read()
        parts: dict[str, int] = {}
        for part in self._parts(caller):
            length = _YEAR_DIGITS[self.options.year] if part == "y" else 2
            parts[part], keys = int(keys[:length]), keys[length:]
        return self._day(parts.get("y"), parts["m"], parts["d"], caller)

    def _parts(self, caller: Caller) -> str:
        order = self.order(caller)
        return order if _YEAR_DIGITS[self.options.year] else order.replace("y", "")

    def _day(self, year: int | None, month: int, day: int, caller: Caller) -> Read:
        """A date by its parts; a year of two digits, or none, is the one that is allowed and nearest to today."""
        today = caller.today or dt.date(2026, 1, 1)
        if year is not None and year >= 100:
            years = [year]
        elif year is not None:
            years = [today.year // 100 * 100 + year + century for century in (-100, 0, 100)]
        else:
            years = [today.year + more for more in _YEARS_AROUND]
        days = [found for of in years if (found := _date(of, month, day)) and self._allowed(found, caller)]
        return Read(min(days, key=lambda one: abs((one - today).days)).isoformat()) if days else Read()

    def _allowed(self, day: dt.date, caller: Caller) -> bool:
        first, last = self._limits(caller)
        return (first is None or day >= first) and (last is None or day <= last)

    def _limits(self, caller: Caller) -> tuple[dt.date | None, dt.date | None]:
        """The first and the last day that are allowed, where the day is known."""
        of, today = self.options, caller.today
        if today is None:
            return None, None
        span = dt.timedelta(days=of.within) if of.within is not None else None
        first = today if of.must_be == "future" else today - span if span is not None else None
        last = today if of.must_be == "past" else today + span if span is not None else None
        return first, last

    def hear(self, text: str, caller: Caller) -> Read:
        words = caller.words
        said = " ".join(text.lower().split()).strip(" .!?。")
        for name, days in sorted(words.days.items(), key=lambda one: -len(one[0])):
            if said == name and caller.today:
                day = caller.today + dt.timedelta(days=days)
                return Read(day.isoformat()) if self._allowed(day, caller) else Read()
        if parts := parts_heard(text, caller.language, self.order(caller)):
            return self._day(*parts, caller)
        return super().hear(text, caller)

    def expected(self, caller: Caller) -> str:
        words = caller.words
        year = words.year if self.options.year == "four" else words.short_year
        names = {"d": words.day, "m": words.month, "y": year}
        asked = words.date.format(parts=", ".join(names[part] for part in self._parts(caller)))
        first, last = self._limits(caller)
        limits = (self.said(day.isoformat(), caller) if day else "" for day in (first, last))
        return f"{asked} {in_words(caller, *limits, days=True)}".strip()

    def said(self, value: str, caller: Caller) -> str:
        return spoken_value(value, "date", language=caller.language)

    def sample(self, caller: Caller) -> str:
        first, last = self._limits(caller)
        return (last or first or caller.today or dt.date(2026, 5, 23)).isoformat()

    def keyed(self, caller: Caller) -> str:
        day = dt.date.fromisoformat(self.sample(caller))
        year = f"{day.year:04d}"[-_YEAR_DIGITS[self.options.year] :] if _YEAR_DIGITS[self.options.year] else ""
        parts = {"d": f"{day.day:02d}", "m": f"{day.month:02d}", "y": year}
        return "".join(parts[part] for part in self._parts(caller))

    def hints(self, language: str) -> tuple[str, ...]:
        words = entering(language)
        return (*language_of(language).values.months, *words.days, *super().hints(language))


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
