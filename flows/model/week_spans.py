"""Days of the week and spans of time as they are written in opening hours."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping

from flows.model.opening_hours_hints import (
    DAYS,
    as_night,
    day_numbers,
    days_advice,
    joined_spans,
    spans_advice,
)
from flows.values.scalars import PlacedError

__all__ = ["DAYS_PATTERN", "DAY_MIN", "Spans", "by_weekday", "checked_week", "read_spans"]

DAY_MIN = 1440
_DAY = f"({'|'.join(DAYS)})"
DAYS_PATTERN = f"^{_DAY}(-{_DAY})?( *, *{_DAY}(-{_DAY})?)*$"
"""``mon``, ``mon-fri``, or a list of both, as a regular expression."""
_SPAN = re.compile(r"^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$")

Spans = tuple[tuple[int, int], ...]
"""Start and end, in minutes of the local day; an end past midnight is above 1,440."""


def read_spans(text: str) -> Spans:
    """``08:00-12:00, 13:00-17:00`` as minutes of the day; 00:00 or 24:00 as an end means midnight, and a span that ends
    before it begins goes on after midnight.

    Raises
    ------
    ValueError
        For anything else; the message says what to write.

    Examples
    --------
    >>> read_spans("08:00-12:00, 17:00-01:00")
    ((480, 720), (1020, 1500))
    """
    spans = []
    for part in text.split(","):
        match = _SPAN.match(part.strip())
        if not match:
            raise ValueError(f"{part.strip()!r} is not a span of time; {spans_advice(text)}")
        h1, m1, h2, m2 = map(int, match.groups())
        start, end = h1 * 60 + m1, (h2 * 60 + m2) or DAY_MIN
        if m1 > 59 or m2 > 59 or start >= DAY_MIN or end >= 2 * DAY_MIN:
            raise ValueError(f"{part.strip()!r} has an hour above 24:00 or a minute above 59")
        if end > DAY_MIN:
            raise ValueError(f"{part.strip()!r} has an hour above 24:00; did you mean {as_night(text)!r}?")
        if end == start:
            raise ValueError(f"{part.strip()!r} ends where it begins; write 00:00-24:00 for the whole day")
        spans.append((start, end if end > start else end + DAY_MIN))
    ordered = sorted(spans)
    for (_, before), (after, _) in itertools.pairwise(ordered):
        if after < before:
            raise ValueError(f"{text!r}: spans overlap; did you mean {joined_spans(spans)!r}?")
    return tuple(ordered)


def checked_week(week: Mapping[str, str], read: Callable[[str], Spans]) -> None:
    """Refuse days that are none or are given twice, and spans that `read` refuses, each in its place.

    Parameters
    ----------
    week : mapping of days to spans
    read : callable
        Reads the spans of a day.
    """
    taken: dict[int, str] = {}
    for days, spans in week.items():
        numbers = day_numbers(days)
        if numbers is None:
            raise PlacedError(f"{days!r} is not a day; {days_advice(days)}", ("week", days), of_key=True)
        for day in numbers:
            if day in taken:
                twice = f"in {taken[day]!r} and {days!r}" if taken[day] != days else f"in {days!r}"
                message = f"{DAYS[day]} is given twice, {twice}; leave it out of one of them"
                raise PlacedError(message, ("week", days), of_key=True)
            taken[day] = days
        try:
            read(spans)
        except ValueError as error:
            raise PlacedError(str(error), ("week", days)) from None


def by_weekday(week: Mapping[str, str], read: Callable[[str], Spans]) -> tuple[Spans | None, ...]:
    """The spans of the seven days from Monday; None for days that are not named.

    Examples
    --------
    >>> by_weekday({"sat, mon": "08:00-12:00"}, read_spans)
    (((480, 720),), None, None, None, None, ((480, 720),), None)
    """
    found: list[Spans | None] = [None] * len(DAYS)
    for days, spans in week.items():
        for day in day_numbers(days) or ():
            found[day] = read(spans)
    return tuple(found)
