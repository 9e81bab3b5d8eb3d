"""Opening hours: a week of open spans in a time zone, and closed days."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from flows.model.opening_hours_hints import DAYS
from flows.model.week_spans import DAY_MIN, DAYS_PATTERN, Spans, by_weekday, checked_week, read_spans
from flows.values.scalars import PlacedError
from flows.values.time_zones import zone_name

__all__ = ["CLOSED", "DAYS", "Between", "Hours", "skipped", "zone_of_hours"]

Calendar = Callable[[str], tuple[dt.date, ...]]
"""Looks up the days of a calendar such as ``US-NY``; passed in by the loader, since the model does no I/O."""

CLOSED = "closed"
"""Written instead of spans for a day on which the line is closed."""
_DATE_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_Date = Annotated[dt.date, Field(json_schema_extra={"pattern": _DATE_PATTERN})]
_CALENDAR = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9 ._-]{1,40})?|[A-Z]{4}")
_HOLIDAYS = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    "description": "a calendar such as US-NY, a date, or a list of both",
}


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


def _other_spans(text: str) -> Spans:
    """The spans of a day with other hours; none for ``closed``."""
    return () if text.strip() == CLOSED else read_spans(text)


def _days_schema(**more: Any) -> dict[str, Any]:
    return {
        DAYS_PATTERN: {
            "type": "string",
            "description": 'spans: "08:00-12:00, 13:00-17:00"',
            "pattern": "^[0-9:, -]+$",
            **more,
        }
    }


def _with_week(value: Any, known: frozenset[str]) -> Any:
    """What was written with its days under ``week``."""
    if not isinstance(value, dict) or "week" in value:
        return value
    week = {k: v for k, v in value.items() if k not in known}
    return {**{k: v for k, v in value.items() if k in known}, "week": week}


class Between(BaseModel):
    """Other hours from one date to another, for the days of the week that it names; the other days keep theirs.

    Parameters
    ----------
    begin, end : date
        The first and the last day, written ``from`` and ``to``.
    week : dict of str to str
        Spans by day, or ``closed``; written next to ``from`` as ``mon-fri: "08:00-15:00"``.

    Examples
    --------
    >>> summer = Between.model_validate({"from": "2027-07-01", "to": "2027-08-31", "mon-fri": "08:00-15:00"})
    >>> summer.spans_on(dt.date(2027, 7, 1)), summer.spans_on(dt.date(2027, 7, 3)), summer.spans_on(dt.date(2027, 9, 1))
    (((480, 900),), None, None)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, populate_by_name=True)

    begin: _Date = Field(alias="from", description="first day")
    end: _Date = Field(alias="to", description="last day")
    week: dict[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _gather_days(cls, value: Any) -> Any:
        return _with_week(value, frozenset({"from", "to", "begin", "end"}))

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        """The schema as written: days next to the dates."""
        properties = handler.resolve_ref_schema(handler(core))["properties"]
        return {
            "type": "object",
            "required": ["from", "to"],
            "additionalProperties": False,
            "properties": {name: properties[name] for name in ("from", "to")},
            "patternProperties": _days_schema(pattern="^([0-9:, -]+|closed)$"),
            "minProperties": 3,
        }

    @model_validator(mode="after")
    def _check(self) -> Between:
        if self.end < self.begin:
            raise PlacedError(f"{self.end} is before {self.begin}; write the earlier day under from:", ("to",))
        checked_week(self.week, _other_spans)
        if not self.week:
            raise ValueError('no day has other hours; write for example mon-fri: "08:00-12:00", or mon-sun: closed')
        return self

    @cached_property
    def _by_day(self) -> tuple[Spans | None, ...]:
        return by_weekday(self.week, _other_spans)

    def spans_on(self, day: dt.date) -> Spans | None:
        """The spans of a day; None if this says nothing of it."""
        return self._by_day[day.weekday()] if self.begin <= day <= self.end else None


class Hours(BaseModel):
    """Opening hours.

    A span that ends before it begins goes on after midnight, and belongs to the day on which it begins. A day has the
    hours of ``on``, else it is closed by ``closed`` or ``holidays``, else it has the hours of ``between``, else those
    of its day of the week.

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
    on : dict of date to str
        Other hours on one day, or ``closed``: ``{2026-12-24: "08:00-12:00"}``; they hold on a holiday too.
    between : list of Between
        Other hours between two dates: ``[{from: 2027-07-01, to: 2027-08-31, mon-fri: "08:00-15:00"}]``.

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
    closed: tuple[_Date, ...] = ()
    holidays: tuple[dt.date, ...] = ()
    on: dict[_Date, str] = Field(
        default={},
        description='other hours on one day: {2026-12-24: "08:00-12:00"}',
        json_schema_extra={"propertyNames": {"pattern": _DATE_PATTERN}},
    )
    between: tuple[Between, ...] = Field(default=(), description="other hours between two dates")

    @field_validator("holidays", mode="before")
    @classmethod
    def _dates(cls, value: Any, info: ValidationInfo) -> Any:
        calendar: Calendar | None = (info.context or {}).get("calendar")
        found: list[Any] = []
        for entry in value if isinstance(value, list | tuple) else [value]:
            if not isinstance(entry, str) or not _CALENDAR.fullmatch(entry.strip()):
                found.append(entry)
            elif calendar is None:
                raise ValueError(
                    f"{entry!r} is a calendar, looked up when a flow is read from a file; write dates here"
                )
            else:
                found += [day.isoformat() for day in calendar(entry.strip())]
        return sorted({str(entry): entry for entry in found}.values(), key=str)

    @model_validator(mode="before")
    @classmethod
    def _gather_days(cls, value: Any) -> Any:
        return _with_week(value, frozenset({"zone", "closed", "holidays", "on", "between"}))

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        """The schema of hours as written: days next to the zone."""
        properties = handler.resolve_ref_schema(handler(core))["properties"]
        return {
            "title": "Hours",
            "type": "object",
            "required": ["zone"],
            "additionalProperties": False,
            "properties": {name: properties[name] for name in ("zone", "closed", "on", "between")}
            | {"holidays": _HOLIDAYS},
            "patternProperties": _days_schema(),
            "minProperties": 2,
        }

    @model_validator(mode="after")
    def _parse(self) -> Hours:
        checked_week(self.week, read_spans)
        if not self.week:
            raise ValueError('no day has hours; write for example mon-fri: "08:00-20:00"')
        for day, text in self.on.items():
            try:
                _other_spans(text)
            except ValueError as error:
                raise PlacedError(str(error), ("on", day.isoformat())) from None
            if day in self.closed:
                message = f"{day} has other hours here and is in closed: too; leave it out of one of them"
                raise PlacedError(message, ("on", day.isoformat()), of_key=True)
        for index, later in enumerate(self.between):
            for earlier in self.between[:index]:
                self._apart(earlier, later, index)
        return self

    @staticmethod
    def _apart(earlier: Between, later: Between, index: int) -> None:
        """Refuse two rows of ``between`` that speak of the same day."""
        first, last = max(earlier.begin, later.begin), min(earlier.end, later.end)
        for day in range(min((last - first).days + 1, len(DAYS))):
            date = first + dt.timedelta(days=day)
            if earlier.spans_on(date) is not None and later.spans_on(date) is not None:
                message = f"{date} has other hours in two rows; let one end before the other begins, or use on:"
                raise PlacedError(message, ("between", index))

    @cached_property
    def spans(self) -> tuple[Spans, ...]:
        """Open spans for the seven days from Monday, in minutes of the local day; past midnight above 1,440."""
        return tuple(spans or () for spans in by_weekday(self.week, read_spans))

    @cached_property
    def _on(self) -> Mapping[dt.date, Spans]:
        return {day: _other_spans(text) for day, text in self.on.items()}

    def spans_on(self, day: dt.date) -> Spans:
        """The open spans that begin on a day, in minutes of that day; what is past midnight is above 1,440.

        Examples
        --------
        >>> bar = Hours.model_validate({"zone": "UTC", "mon-sun": "17:00-01:00", "on": {"2026-12-24": "closed"}})
        >>> bar.spans_on(dt.date(2026, 12, 23)), bar.spans_on(dt.date(2026, 12, 24))
        (((1020, 1500),), ())
        """
        if (stated := self._on.get(day)) is not None:
            return stated
        if day in self.closed or day in self._holidays:
            return ()
        for row in self.between:
            if (spans := row.spans_on(day)) is not None:
                return spans
        return self.spans[day.weekday()]

    @cached_property
    def _holidays(self) -> frozenset[dt.date]:
        return frozenset(self.holidays)

    def label(self, at: dt.datetime) -> str:
        """``open``, ``closed`` or ``holiday`` at a moment, by the zone's local time; a span includes its start but not
        its end. An hour that clocks show twice is one long hour: what has ended in it does not begin again.

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
        today, minute = local.date(), local.hour * 60 + local.minute
        if local.fold:  # shown for the second time: open if what is open just before clocks go back has not ended
            minute = _before_the_turn(local)
        if any(a <= minute < b for a, b in self.spans_on(today)):
            return "open"
        if any(b > minute + DAY_MIN for _, b in self.spans_on(today - dt.timedelta(days=1))):
            return "open"
        return "holiday" if today in self._holidays and today not in self.closed else CLOSED


def _before_the_turn(local: dt.datetime) -> int:
    """The last minute of the day that clocks showed before they went back, for a moment that they show again."""
    zone, moment, before = local.tzinfo, local.astimezone(dt.UTC), local
    while before.fold:
        moment -= dt.timedelta(minutes=1)
        before = moment.astimezone(zone)
    start = dt.datetime.combine(local.date(), dt.time())
    return int((before.replace(tzinfo=None) - start).total_seconds()) // 60


def zone_of_hours(hours: Mapping[str, Hours]) -> str:
    """The default zone of a line: that of its first opening hours; empty if it has none.

    Examples
    --------
    >>> office = Hours.model_validate({"zone": "Europe/Madrid", "mon-fri": "08:00-20:00"})
    >>> zone_of_hours({"office": office}), zone_of_hours({})
    ('Europe/Madrid', '')
    """
    return next((one.zone for one in hours.values()), "")
