"""Opening hours: a week of open spans in a time zone, and closed days."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from flows.model.opening_hours_hints import (
    DAYS,
    as_nights,
    day_numbers,
    days_advice,
    in_words,
    joined_spans,
    spans_advice,
)
from flows.values.scalars import PlacedError
from flows.values.time_zones import zone_name

__all__ = ["DAYS", "Hours", "skipped", "zone_of_hours"]

Calendar = Callable[[str], tuple[dt.date, ...]]
"""Looks up the days of a calendar such as ``US-NY``; passed in by the loader, since the model does no I/O."""

_CALENDAR = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9 ._-]{1,40})?|[A-Z]{4}")
_HOLIDAYS = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    "description": "a calendar such as US-NY, a date, or a list of both",
}
_SPAN = re.compile(r"^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$")


class _OverMidnightError(ValueError):
    """A span that does not end on the day it begins."""


def _days(text: str) -> tuple[int, ...]:
    """``mon-fri`` -> (0, 1, 2, 3, 4); ``sat-mon`` wraps around the end of the week."""
    numbers = day_numbers(text)
    if numbers is None:
        raise ValueError(f"{text!r} is not a day")
    return numbers


def _spans(text: str) -> tuple[tuple[int, int], ...]:
    """``08:00-12:00, 13:00-17:00`` -> minutes of the day; 00:00 or 24:00 as an end means midnight."""
    spans = []
    for part in text.split(","):
        match = _SPAN.match(part.strip())
        if not match:
            raise ValueError(f"{part.strip()!r} is not a span of time; {spans_advice(text)}")
        h1, m1, h2, m2 = map(int, match.groups())
        start, end = h1 * 60 + m1, h2 * 60 + m2
        end = end or 1440
        if m1 > 59 or m2 > 59 or start > 1439 or end >= 2880:
            raise ValueError(f"{part.strip()!r} has an hour above 24:00 or a minute above 59")
        if end > 1440:
            raise _OverMidnightError(f"{part.strip()!r} has an hour above 24:00")
        if end == start:
            raise ValueError(f"{part.strip()!r} ends where it begins; write 00:00-24:00 for the whole day")
        if end < start:
            raise _OverMidnightError(f"{part.strip()!r} ends before it begins")
        spans.append((start, end))
    ordered = sorted(spans)
    for (_, before), (after, _) in itertools.pairwise(ordered):
        if after < before:
            raise ValueError(f"{text!r}: spans overlap; did you mean {joined_spans(spans)!r}?")
    return tuple(ordered)


def skipped(moment: dt.datetime) -> bool:
    """Whether local clocks never show a moment because they go forward past it.

    Examples
    --------
    >>> new_york = ZoneInfo("America/New_York")
    >>> skipped(dt.datetime(2027, 3, 14, 2, 30, tzinfo=new_york))
    True
    >>> skipped(dt.datetime(2026, 11, 1, 1, 30, tzinfo=new_york))
    False
    """
    shown = moment.astimezone(dt.UTC).astimezone(moment.tzinfo)
    return shown.replace(tzinfo=None) != moment.replace(tzinfo=None)


class Hours(BaseModel):
    """Opening hours.

    Parameters
    ----------
    zone : str
        IANA time zone, e.g. ``America/New_York``.
    week : dict of str to str
        Spans by day; written next to ``zone`` as ``mon-fri: "08:00-20:00"``.
    closed : list of date
        Days on which the line is closed.
    holidays : list of date
        Public holidays: also closed, with a separate outcome if an `hours` node wires ``holiday``. Written as a
        calendar (``US-NY``, ``ES-MD``, ``DE``), a date, or a list of both.

    Examples
    --------
    >>> office = Hours.model_validate({"zone": "UTC", "mon-fri": "08:00-20:00"})
    >>> import datetime as dt
    >>> office.label(dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.timezone.utc))
    'open'
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    zone: Annotated[str, AfterValidator(zone_name)]
    week: dict[str, str] = Field(default={}, description='spans a day, e.g. mon-fri: "08:00-20:00"')
    closed: tuple[Annotated[dt.date, Field(json_schema_extra={"pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})], ...] = ()
    holidays: tuple[dt.date, ...] = ()

    @field_validator("holidays", mode="before")
    @classmethod
    def _dates(cls, value: Any, info: ValidationInfo) -> Any:
        calendar: Calendar | None = (info.context or {}).get("calendar")
        found: set[Any] = set()
        for entry in value if isinstance(value, list | tuple) else [value]:
            if not isinstance(entry, str) or not _CALENDAR.fullmatch(entry.strip()):
                found.add(entry)
            elif calendar is None:
                raise ValueError(
                    f"{entry!r} is a calendar, looked up when a flow is read from a file; write dates here"
                )
            else:
                found |= {day.isoformat() for day in calendar(entry.strip())}
        return sorted(found, key=str)

    @model_validator(mode="before")
    @classmethod
    def _gather_days(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "week" in value:
            return value
        known = {"zone", "closed", "holidays"}
        week = {k: v for k, v in value.items() if k not in known}
        return {**{k: v for k, v in value.items() if k in known}, "week": week}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        """The schema of hours as written: days next to the zone."""
        properties = handler.resolve_ref_schema(handler(core))["properties"]
        day = f"({'|'.join(DAYS)})"
        return {
            "title": "Hours",
            "type": "object",
            "required": ["zone"],
            "additionalProperties": False,
            "properties": {name: properties[name] for name in ("zone", "closed")} | {"holidays": _HOLIDAYS},
            "patternProperties": {
                f"^{day}(-{day})?$": {
                    "type": "string",
                    "description": 'spans: "08:00-12:00, 13:00-17:00"',
                    "pattern": "^[0-9:, -]+$",
                }
            },
            "minProperties": 2,
        }

    @model_validator(mode="after")
    def _parse(self) -> Hours:
        taken: dict[int, str] = {}
        for days, spans in self.week.items():
            try:
                numbers = _days(days)
            except ValueError as error:
                raise PlacedError(f"{error}; {days_advice(days, spans)}", ("week", days), of_key=True) from None
            for day in numbers:
                if day in taken:
                    message = f"{DAYS[day]} is given twice, in {taken[day]!r} and {days!r}; leave it out of one of them"
                    raise PlacedError(message, ("week", days), of_key=True)
                taken[day] = days
            try:
                _spans(spans)
            except _OverMidnightError as error:
                nights = in_words(as_nights(self.week))
                hint = f"what is after midnight belongs to the next day{f': write {nights}' if nights else ''}"
                raise PlacedError(f"{error}; {hint}", ("week", days)) from None
            except ValueError as error:
                raise PlacedError(str(error), ("week", days)) from None
        if not self.week:
            raise ValueError('no day has hours; write for example mon-fri: "08:00-20:00"')
        return self

    @cached_property
    def spans(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Open spans for the seven days from Monday, in minutes of the local day."""
        by_day: list[tuple[tuple[int, int], ...]] = [()] * 7
        for days, spans in self.week.items():
            for day in _days(days):
                by_day[day] = _spans(spans)
        return tuple(by_day)

    @cached_property
    def _holidays(self) -> frozenset[dt.date]:
        return frozenset(self.holidays)

    def label(self, at: dt.datetime) -> str:
        """``open``, ``closed`` or ``holiday`` at a moment, by the zone's local time; a span includes its start but not
        its end.

        Parameters
        ----------
        at : datetime
            With a time zone.

        Raises
        ------
        ValueError
            If `at` has no time zone.
        """
        if at.tzinfo is None:
            raise ValueError("opening hours need a moment with a time zone")
        local = at.astimezone(ZoneInfo(self.zone))
        if local.date() in self.closed:
            return "closed"
        if local.date() in self._holidays:
            return "holiday"
        minute = local.hour * 60 + local.minute
        return "open" if any(a <= minute < b for a, b in self.spans[local.weekday()]) else "closed"


def zone_of_hours(hours: Mapping[str, Hours]) -> str:
    """The default zone of a line: that of its first opening hours; empty if it has none.

    Examples
    --------
    >>> office = Hours.model_validate({"zone": "Europe/Madrid", "mon-fri": "08:00-20:00"})
    >>> zone_of_hours({"office": office}), zone_of_hours({})
    ('Europe/Madrid', '')
    """
    return next((one.zone for one in hours.values()), "")
