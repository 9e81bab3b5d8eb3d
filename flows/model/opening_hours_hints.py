"""Hints for days and time spans that are wrong or do not mean what they seem to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

__all__ = ["DAYS", "as_night", "as_nights", "day_numbers", "days_advice", "in_words", "joined_spans", "spans_advice"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MIN = 1440
_NAMED = {
    "weekdays": "mon-fri",
    "weekday": "mon-fri",
    "weekend": "sat-sun",
    "weekends": "sat-sun",
    "daily": "mon-sun",
    "everyday": "mon-sun",
}
_SPAN = re.compile(r"(\d{1,2}):([0-5]\d)\s*-\s*(\d{1,2}):([0-5]\d)")
_LOOSE = re.compile(
    r"(\d{1,2})(?:[:.h]?([0-5]\d))?\s*(am|pm)?\s*(?:-|–|—|to)\s*(\d{1,2})(?:[:.h]?([0-5]\d))?\s*(am|pm)?", re.IGNORECASE
)

Span = tuple[int, int]
"""Start and end, in minutes of the day."""


def as_nights(week: Mapping[str, str]) -> dict[str, str]:
    """The entries whose early hours were written after the late ones, as nights; empty if they mean what they say.

    ``17:00-24:00, 00:00-01:00``, in this order, means a night that goes on into the next day.

    Parameters
    ----------
    week : mapping of days to spans

    Examples
    --------
    >>> as_nights({"mon-tue": "17:00-24:00, 00:00-01:00"})
    {'mon-tue': '17:00-01:00'}
    >>> as_nights({"mon-tue": "00:00-01:00, 17:00-24:00"}), as_nights({"mon-sun": "17:00-24:00, 00:00-01:00"})
    ({}, {})
    """
    written: list[list[Span]] = [[] for _ in DAYS]
    meant: list[list[Span]] = [[] for _ in DAYS]
    nights: dict[str, str] = {}
    for days, text in week.items():
        if (night := as_night(text)) != text:
            nights[days] = night
        for day in day_numbers(days) or ():
            for found, spans in ((written, text), (meant, night)):
                for start, end in filter(None, map(_span, spans.split(","))):
                    found[day].append((start, end if end > start else _DAY_MIN))
                    if end <= start:
                        found[(day + 1) % 7].append((0, end))
    return nights if [_joined(spans) for spans in meant] != [_joined(spans) for spans in written] else {}


def as_night(text: str) -> str:
    """Spans whose early hours come after the late ones, or are counted on above 24:00, as one span over midnight.

    Examples
    --------
    >>> as_night("17:00-24:00, 00:00-01:00"), as_night("17:00-25:00"), as_night("08:00-17:00")
    ('17:00-01:00', '17:00-01:00', '08:00-17:00')
    """
    spans: list[Span] = []
    changed = False
    for found in map(_span, text.split(",")):
        if found is None:
            return text
        start, end = found
        if end > _DAY_MIN:
            end, changed = end - _DAY_MIN, True
        if start == 0 and spans and spans[-1][1] == _DAY_MIN:
            spans[-1], changed = (spans[-1][0], end), True
        else:
            spans.append((start, end))
    return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans) if changed else text


def _span(text: str) -> Span | None:
    match = _SPAN.fullmatch(text.strip())
    if not match:
        return None
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    return start, end or _DAY_MIN


def day_numbers(days: str) -> tuple[int, ...] | None:
    """The days in ``mon``, ``sat-mon`` or ``sun, tue-thu``, with Monday as 0; None for anything else.

    Examples
    --------
    >>> day_numbers("sat-mon"), day_numbers("sun, tue-thu"), day_numbers("monday")
    ((5, 6, 0), (6, 1, 2, 3), None)
    """
    found = [_in_a_row(part.strip()) for part in days.split(",")]
    return None if None in found else tuple(day for row in found for day in row or ())


def _in_a_row(days: str) -> tuple[int, ...] | None:
    first, dash, last = days.partition("-")
    if first not in DAYS or (dash and last not in DAYS):
        return None
    start = DAYS.index(first)
    return tuple((start + i) % 7 for i in range((DAYS.index(last or first) - start) % 7 + 1))


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sorted spans; those that touch or overlap are joined."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


def joined_spans(spans: Iterable[Span]) -> str:
    """Spans as written in a flow; those that touch or overlap are joined.

    Examples
    --------
    >>> joined_spans([(480, 720), (660, 1020)])
    '08:00-17:00'
    """
    return ", ".join(
        f"{_clock(start)}-{_clock(end if end <= _DAY_MIN else end - _DAY_MIN)}" for start, end in _joined(spans)
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def in_words(week: Mapping[str, str]) -> str:
    """Days and spans as written in a flow.

    Examples
    --------
    >>> in_words({"mon": "08:00-12:00", "tue": "10:00-12:00"})
    'mon: "08:00-12:00", tue: "10:00-12:00"'
    """
    return ", ".join(f'{days}: "{spans}"' for days, spans in week.items())


def days_advice(text: str) -> str:
    """What to write instead of invalid days: the intended day, range or list, or what is valid.

    Examples
    --------
    >>> days_advice("monday"), days_advice("sun & tue")
    ("did you mean 'mon'?", "did you mean 'sun, tue'?")
    """
    meant = [_days_meant(part) for part in re.split(r"\s*(?:[,;/&+]|\band\b)\s*", text.strip()) if part]
    if meant and all(meant) and len(set(meant)) == len(meant):
        return f"did you mean {', '.join(meant)!r}?"
    return "write one of mon, tue, wed, thu, fri, sat and sun, a range like mon-fri, or a list like mon, wed"


def _days_meant(text: str) -> str:
    if (name := text.lower().replace(" ", "")) in _NAMED:
        return _NAMED[name]
    parts = [part.strip().lower().rstrip("s.")[:3] for part in re.split(r"\s*(?:-|–|\bto\b)\s*", text)]
    # Letters may be transposed.
    days = [next((day for day in DAYS if sorted(day) == sorted(part)), "") for part in parts]
    return "-".join(days) if len(days) <= 2 and all(days) else ""


def spans_advice(text: str) -> str:
    """What to write instead of invalid time spans.

    Examples
    --------
    >>> spans_advice("9am-5pm"), spans_advice("9-12, 13-17")
    ("did you mean '09:00-17:00'?", "did you mean '09:00-12:00, 13:00-17:00'?")
    >>> spans_advice("9:00")
    'write "08:00-20:00" in quotes, several with commas'
    """
    found = [_loose(part.strip()) for part in text.split(",")]
    if found and all(found):
        return f"did you mean '{', '.join(f'{_clock(a)}-{_clock(b)}' for a, b in filter(None, found))}'?"
    return 'write "08:00-20:00" in quotes, several with commas'


def _loose(text: str) -> Span | None:
    match = _LOOSE.fullmatch(text)
    if not match:
        return None
    ends = []
    for hour, minute, half in (match.group(1, 2, 3), match.group(4, 5, 6)):
        at = int(hour) % 12 + 12 * (half.lower() == "pm") if half else int(hour)
        ends.append(at * 60 + int(minute or 0))
    start, end = ends[0], ends[1] or _DAY_MIN
    return (start, end) if start < end <= _DAY_MIN else None
