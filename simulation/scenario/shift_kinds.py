"""The kinds of shifts that a roster may be made of: how long, from when, with which breaks, for whom."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from flows.values.scalars import PlacedError, seconds_of
from simulation.scenario.arrivals import Day
from simulation.scenario.field_types import Clock, Part, clock_minutes

__all__ = ["Overtime", "Person", "ShiftBreak", "ShiftKind", "ShiftsFile", "clock_text", "span_text"]

_MOST_AGENTS = 10_000
DAY_MIN = 1440
LONGEST_MIN = 16 * 60


def _ends(value: Any) -> tuple[str, str]:
    low, dots, high = str(value).partition("..")
    return low.strip(), (high if dots else low).strip()


def _minutes(text: str) -> int:
    seconds: float = seconds_of(text)
    if seconds % 300:
        raise ValueError(f"{text!r} is not a multiple of 5 minutes; write one like 4h, 30m or 1h45m")
    return round(seconds / 60)


def _durations(value: Any) -> tuple[int, int]:
    """Minutes from ``4h..9h``, or ``8h`` for exactly that."""
    if isinstance(value, tuple):
        return value[0], value[1]
    low, high = (_minutes(text) for text in _ends(value))
    if low > high:
        raise ValueError(f"{value!r} runs backwards; write the shorter first, like 4h..9h")
    return low, high


def _at_most(value: Any) -> tuple[int, int]:
    """Minutes from ``20h..40h``, or ``40h`` for at most that."""
    if isinstance(value, tuple) or ".." in str(value):
        return _durations(value)
    return 0, _durations(value)[1]


def _clocks(value: Any) -> tuple[int, int]:
    """Minutes of the day from ``07:00..12:00``, or ``08:00`` for exactly that."""
    if isinstance(value, tuple):
        return value[0], value[1]
    low, high = (clock_minutes(text) for text in _ends(value))
    if low > high:
        raise ValueError(f'{value!r} runs backwards; write the earlier first, like "07:00..12:00"')
    return low, high


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) > _MOST_AGENTS:
        raise ValueError(f"{text!r} is not a whole number from 0 to {_MOST_AGENTS:,}; write one like 12, or 4..12")
    return int(text)


def _numbers(value: Any) -> tuple[int, int]:
    """Least and most from ``4..12``, or ``12`` for at most that."""
    if isinstance(value, tuple):
        return value[0], value[1]
    low, dots, high = str(value).partition("..")
    if not dots:
        return 0, _number(low.strip())
    least, most = _number(low.strip()), _number(high.strip())
    if least > most:
        raise ValueError(f"{value!r} runs backwards; write the smaller first, like 4..12")
    return least, most


def _people(value: Any) -> Any:
    """Least and most, for all groups or by group."""
    if value is None or not isinstance(value, dict):
        return value if value is None else _numbers(value)
    found = {}
    for group, number in value.items():
        try:
            found[group] = _numbers(number)
        except ValueError as error:
            raise PlacedError(str(error), (group,)) from None
    return found


def _within(least: int, most: int) -> BeforeValidator:
    """Reads minutes from a duration within these."""

    def read(value: Any) -> int:
        minutes = value if isinstance(value, int) and not isinstance(value, bool) else _minutes(str(value))
        if not least <= minutes <= most:
            allowed = f"from {span_text(least)} to {span_text(most)}"
            raise ValueError(f"{span_text(minutes)} is not {allowed}; write a duration {allowed}")
        return minutes

    return BeforeValidator(read)


def _range_schema(one: str, says: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": rf"^\s*{one}\s*(\.\.\s*{one}\s*)?$", "description": says})


_SPAN = r"[0-9][0-9.]*\s*(d|h|m|min|s)?(\s*[0-9]+\s*(h|m|min|s))*"
Durations = Annotated[tuple[int, int], BeforeValidator(_durations), _range_schema(_SPAN, "a duration: 8h, or 4h..9h")]
"""Minutes."""
AtMost = Annotated[tuple[int, int], BeforeValidator(_at_most), _range_schema(_SPAN, "at most: 40h, or 20h..40h")]
"""Minutes."""
Clocks = Annotated[
    tuple[int, int], BeforeValidator(_clocks), _range_schema("[0-9]{1,2}:[0-9]{2}", 'times of day: "07:00..12:00"')
]
"""Minutes of the day."""
_NUMBER_FORMS: list[dict[str, Any]] = [
    {"type": "integer", "minimum": 0},
    {"type": "string", "pattern": r"^\s*[0-9]+\s*(\.\.\s*[0-9]+\s*)?$"},
]
_NUMBERS: dict[str, Any] = {"anyOf": _NUMBER_FORMS, "description": "at most: 12, or 4..12"}
Numbers = Annotated[tuple[int, int], BeforeValidator(_numbers), WithJsonSchema(_NUMBERS)]
"""At least and at most."""
Agents = Annotated[
    tuple[int, int] | dict[str, tuple[int, int]] | None,
    BeforeValidator(_people),
    WithJsonSchema({"anyOf": [*_NUMBER_FORMS, {"type": "object", "additionalProperties": _NUMBERS}]}),
]
"""At least and at most, for all groups or by group."""
_MINUTES = WithJsonSchema(
    {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _SPAN}], "description": "a duration: 30m, 11h"}
)
Step = Annotated[int, _within(5, 240), _MINUTES]
LongStep = Annotated[int, _within(5, DAY_MIN), _MINUTES]
UpToADay = Annotated[int, _within(0, DAY_MIN), _MINUTES]


def clock_text(minutes: int) -> str:
    """Minutes from midnight as the clock shows them, on whatever day.

    >>> clock_text(510), clock_text(1500)
    ('08:30', '01:00')
    """
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def span_text(minutes: int) -> str:
    """Minutes as a duration is written.

    >>> span_text(480), span_text(45), span_text(105)
    ('8h', '45m', '1h45m')
    """
    hours, rest = divmod(minutes, 60)
    return f"{hours}h" * bool(hours or not rest) + f"{rest}m" * bool(rest)


class ShiftBreak(Part):
    """A break in every shift of a kind; its place in each shift is chosen.

    Parameters
    ----------
    length : duration
        How long it is.
    after : duration or range
        It begins so long after the start of the shift, e.g. 3h..5h.
    before_end : duration or range
        Instead of `after`: it ends so long before the end of the shift.
    over : duration
        Only shifts longer than this have it.
    paid : bool
        Whether it is paid.
    every : duration
        It begins at a multiple of this after the earliest moment.
    """

    length: Step
    after: Durations | None = None
    before_end: Durations | None = None
    over: UpToADay = 0
    paid: bool = False
    every: Step = 15

    @model_validator(mode="after")
    def _one_window(self) -> ShiftBreak:
        if (self.after is None) == (self.before_end is None):
            raise ValueError("a break has after or before_end; write for example {length: 30m, after: 3h..5h}")
        return self


class Overtime(Part):
    """What the last hours of a long shift cost.

    Parameters
    ----------
    after : duration
        Paid time of a shift beyond this is overtime.
    factor : float
        An hour of it costs so many times the usual hour.
    """

    after: UpToADay
    factor: float = Field(default=1.5, ge=1, le=10)


class Person(Part):
    """A person by name.

    Parameters
    ----------
    group : str
        Their group; needed if the kind has several.
    days : list of str
        Days of the week on which they can begin a shift; default: all.
    from, to : time of day
        Their shifts lie between the two; a `to` before `from` is on the next day.
    """

    group: str = ""
    days: tuple[Day, ...] = ()
    begin: Clock = Field(default=0, alias="from")
    end: Clock | None = Field(default=None, alias="to")


class ShiftKind(Part):
    """A kind of shift.

    Parameters
    ----------
    groups : list of str
        The groups whose agents work such shifts; default: all.
    length : duration or range
        From start to end, breaks included: 8h30m, or 4h..9h.
    start : time of day or range
        Earliest and latest start.
    every : duration
        Starts and lengths are this far apart, from the earliest and the shortest.
    breaks : list of ShiftBreak
        Each ends before the next begins.
    agents : number or range, or dict of group to number or range
        How many people work such shifts: at most 12, or 4..12; for all groups together, or by group.
    days : list of str
        Days of the week on which such a shift may begin; default: all.
    hours_a_day : duration
        The most time that a person works a day, without unpaid breaks.
    hours_a_week : duration or range
        How long a person works in the week, without unpaid breaks.
    days_a_week : number or range
        On how many days.
    rest : duration
        At least so long between the end of a person's shift and the start of their next.
    cost_per_hour : float
        What a paid hour costs; default: that of the group.
    overtime : Overtime
        What the last hours of a long shift cost.
    people : dict of name to Person
        Who works such shifts, instead of `agents`.
    """

    length: Durations
    groups: tuple[str, ...] = ()
    start: Clocks = (0, DAY_MIN - 1)
    every: LongStep = 30
    breaks: tuple[ShiftBreak, ...] = Field(default=(), max_length=8)
    agents: Agents = None
    days: tuple[Day, ...] = ()
    hours_a_day: LongStep | None = None
    hours_a_week: AtMost | None = None
    days_a_week: Numbers | None = None
    rest: UpToADay | None = None
    cost_per_hour: float | None = Field(default=None, gt=0, le=1_000_000)
    overtime: Overtime | None = None
    people: dict[str, Person] = Field(default={})

    @model_validator(mode="before")
    @classmethod
    def _one_for_a_list(cls, value: Any) -> Any:
        if isinstance(value, dict):
            value = dict(value)
            for key in ("groups", "days"):
                if isinstance(value.get(key), str) and value[key]:
                    value[key] = [value[key]]
            if isinstance(value.get("breaks"), dict):
                value["breaks"] = [value["breaks"]]
        return value

    @model_validator(mode="after")
    def _long_enough(self) -> ShiftKind:
        low, high = self.length
        if not 0 < low <= high <= LONGEST_MIN:
            raise PlacedError(
                f"a shift of {span_text(low if low <= 0 else high)} is not more than 0 and at most"
                f" {span_text(LONGEST_MIN)}; write for example length: 4h..9h",
                ("length",),
            )
        if self.people and self.agents is not None:
            raise PlacedError(
                "agents and people both say how many work such shifts; leave agents out: it is the people named",
                ("agents",),
            )
        return self

    def paid(self, length: int) -> int:
        """Minutes of a shift of this length that are worked: all but unpaid breaks."""
        return length - sum(pause.length for pause in self.breaks_of(length) if not pause.paid)

    def breaks_of(self, length: int) -> tuple[ShiftBreak, ...]:
        """The breaks of a shift of this length, minutes."""
        return tuple(pause for pause in self.breaks if length > pause.over)

    def lengths(self) -> range:
        """The lengths that are not too long for a day, in minutes."""
        return range(self.length[0], self.length[1] + 1, self.every)

    def starts(self) -> range:
        """Minutes of the day at which such a shift may begin."""
        return range(self.start[0], min(self.start[1], DAY_MIN - 1) + 1, self.every)


class ShiftsFile(Part):
    """A file of shifts: kinds of shifts by name, for ``ivr staff --shifts``."""

    shifts: dict[str, ShiftKind] = Field(min_length=1, description="Kinds of shifts by name.")
    description: str = Field(default="", description="For people.")
