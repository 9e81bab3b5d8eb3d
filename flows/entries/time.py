"""time: a time of day on a 12- or 24-hour clock."""

from __future__ import annotations

import re

from flows.entries.base import Caller, Entry, Read
from flows.speech.entering import entering
from flows.speech.heard_numbers import in_digits
from flows.speech.languages import language as language_of
from flows.speech.values import spoken_value


class Time(Entry):
    """A time of day, stored as ``15:30``. On a 12-hour clock, callers choose a half of the day by key or by words.

    Examples
    --------
    >>> from flows.entries.base import Options
    >>> time, caller = Time(Options()), Caller("en-US", "en-US")
    >>> time.read("330", caller), time.read("1530", caller), time.read("2560", caller)
    (Read(value='03:30', other='15:30'), Read(value='15:30', other=''), Read(value='', other=''))
    >>> time.hear("half past three in the afternoon", caller).value, time.hear("quarter to four", caller)
    ('15:30', Read(value='03:45', other='15:45'))
    >>> Time(Options()).read("0330", Caller("de-DE", "de-DE")), time.said("15:30", caller)
    (Read(value='03:30', other=''), '3:30 PM')
    """

    takes = frozenset({"clock"})

    @property
    def digits(self) -> tuple[int, int]:
        return 3, 4

    @property
    def has_halves(self) -> bool:
        return self.options.clock != "24"

    def _twelve(self, caller: Caller) -> bool:
        return (self.options.clock or ("12" if language_of(caller.language).values.halves else "24")) == "12"

    def read(self, keys: str, caller: Caller) -> Read:
        if not re.fullmatch(r"[0-9]{3,4}", keys):
            return Read()
        zero = len(keys) == 4 and keys[0] == "0"
        return self._time(int(keys[:-2]), int(keys[-2:]), caller, certain=zero and int(keys[:2]) == 0)

    def _time(self, hour: int, minute: int, caller: Caller, *, half: str = "", certain: bool = False) -> Read:
        if hour > 23 or minute > 59 or (half and hour > 12):
            return Read()
        if half:
            return Read(_clock(hour % 12 + (12 if half == "pm" else 0), minute))
        if certain or hour > 12 or hour == 0 or not self._twelve(caller):
            return Read(_clock(hour, minute))
        return Read(_clock(hour % 12, minute), _clock(hour % 12 + 12, minute))

    def hear(self, text: str, caller: Caller) -> Read:
        words = caller.words
        tokens = in_digits(text, caller.language)
        gap = " " if language_of(caller.language).spaced else ""
        said = gap.join(tokens)
        around = f"{gap}{said}{gap}"
        halves = sorted(words.halves.items(), key=lambda one: -len(one[0]))
        half = next((of for name, of in halves if f"{gap}{name}{gap}" in around), "")
        if named := next((time for name, time in words.noon.items() if f"{gap}{name}{gap}" in around), ""):
            return Read(named)
        for pattern, minutes in words.clock:
            if found := re.search(pattern, said):
                hour, minute = divmod(int(found[1]) * 60 + minutes, 60)
                return self._time(hour, minute, caller, half=half)
        numbers = [int(token) for token in tokens if token.isdigit() and len(token) <= 4]
        if len(numbers) == 1:
            hour, minute = (numbers[0], 0) if numbers[0] < 25 else divmod(numbers[0], 100)
            return self._time(hour, minute, caller, half=half)
        return self._time(numbers[0], numbers[1], caller, half=half) if len(numbers) == 2 else Read()

    def expected(self, caller: Caller) -> str:
        return caller.words.time_12 if self._twelve(caller) else caller.words.time_24

    def said(self, value: str, caller: Caller) -> str:
        return spoken_value(value, "time", language=caller.language)

    def sample(self, caller: Caller) -> str:
        return "15:30"

    def keyed(self, caller: Caller) -> str:
        return "1530"

    def hints(self, language: str) -> tuple[str, ...]:
        words = entering(language)
        return (*super().hints(language), *words.halves, *words.noon)


def _clock(hour: int, minute: int) -> str:
    return f"{hour:02d}:{minute:02d}"
