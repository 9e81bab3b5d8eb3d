"""Types of single values in a scenario as people write them: distributions, shares, moments, times of day."""

from __future__ import annotations

import datetime as dt
import math
import re
from inspect import signature
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from flows.display.numbers import duration
from flows.source.document import nearest
from flows.source.finding import IvrError
from flows.values.scalars import Share, seconds_of, share_of
from flows.values.time_zones import zone_name
from simulation.sampling.distributions import (
    Constant,
    Distribution,
    Exponential,
    Hyperexponential,
    Mixture,
    WithZero,
    kinds,
)

__all__ = [
    "ALSO",
    "MAIN",
    "MAX_MEAN_S",
    "Clock",
    "Endless",
    "HalfWidth",
    "Moment",
    "Part",
    "Patience",
    "PerInterval",
    "Share",
    "Speed",
    "Times",
    "When",
    "Zone",
    "clock_minutes",
    "distribution",
    "half_width",
    "zone_named",
]


class Part(BaseModel):
    """Base of all parts of a scenario; unknown keys are rejected."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=True)


_MOST = 1_000_000
MAX_MEAN_S = 366 * 86_400.0
MAIN = {"exponential": "mean", "constant": "value", "empirical": "values"}
"""The parameter that may be given alone: ``{exponential: 3m}``."""
_SECONDS = {"mean", "value", "low", "mode", "high", "sd", "means", "values"}
_MIXES = ("mix", "mixture")
ALSO = {"lognormal": ("sd",), "gamma": ("cv", "sd")}
"""Other spellings of a shape, besides the distribution's own fields."""


def distribution(value: Any) -> Distribution:
    """Read the distribution of a time, in seconds.

    Parameters
    ----------
    value : mapping
        One entry: the name of the distribution and its parameters. Times may have units.

    Raises
    ------
    ValueError
        The message says what to write instead.

    Examples
    --------
    >>> distribution({"exponential": "3m"})
    Exponential(mean=180.0)
    >>> distribution({"lognormal": {"mean": "4m", "cv": "0.8"}})
    Lognormal(mean=240.0, cv=0.8)
    >>> distribution({"mix": [{"share": "0.1", "constant": "0"}, {"share": "0.9", "exponential": "1000"}]})
    WithZero(share_zero=0.1, other=Exponential(mean=1000.0))
    """
    if isinstance(value, Distribution):
        return value
    if not isinstance(value, dict) or len(value) != 1:
        shown = repr(value) if not isinstance(value, dict) else "{" + ", ".join(map(str, value)) + "}"
        raise ValueError(
            f"{shown} is not a distribution; write one like {{exponential: 3m}} or {{lognormal: {{mean: 4m, cv: 0.8}}}}"
            + (" alone, in an option too: --set 'talk={exponential: 3m}'" if shown.count(",") else "")
        )
    [(name, given)] = value.items()
    if isinstance(given, Distribution):  # times that were read from a file
        return given
    return _mix(given) if name in _MIXES else _of_kind(name, given)


def _of_kind(name: Any, given: Any) -> Distribution:
    """The distribution of this name with these parameters."""
    known = kinds()
    if name not in known:
        near = nearest(str(name), [*known, *_MIXES])
        raise ValueError(
            f"{name!r} is not a distribution; "
            + (f"did you mean {near}?" if near else f"there are {', '.join(known)} and mix")
        )
    kind = known[name]
    wanted = list(signature(kind).parameters)
    if not isinstance(given, dict):
        if name not in MAIN:
            raise ValueError(
                f"{name} needs {' and '.join(wanted)}; write {{{name}: {{{', '.join(f'{w}: ...' for w in wanted)}}}}}"
            )
        given = {MAIN[name]: given}
    allowed = {*wanted, *ALSO.get(name, ())}
    for key in given:
        if key not in allowed:
            near = nearest(str(key), sorted(allowed))
            raise ValueError(
                f"{name} has no {key!r}; "
                + (f"did you mean {near!r}?" if near else f"it has {', '.join(sorted(allowed))}")
            )
    values = {key: _parameter(name, key, text) for key, text in given.items()}
    values = _own_parameters(name, values)
    missing = [w for w in wanted if w not in values]
    if missing:
        raise ValueError(
            f"{name} lacks {' and '.join(missing)}; write {{{name}: {{{', '.join(f'{w}: ...' for w in wanted)}}}}}"
        )
    try:
        made = kind(**values)
    except IvrError as error:
        raise ValueError(error.findings[0].message) from None
    if made.mean > MAX_MEAN_S:
        raise ValueError(
            f"{name}: a mean of {duration(made.mean)} is longer than a year; write a shorter one (callers who never"
            " hang up: patience: never)"
        )
    return made


def _parameter(name: str, key: str, text: Any) -> Any:
    if key in ("means", "values", "shares"):
        if not isinstance(text, list | tuple):
            raise ValueError(f"{name}: {key} is {text!r}; write a list like [1m, 5m]")
        return tuple(_parameter(name, key.removesuffix("s"), item) for item in text)
    if key == "other":
        return distribution(text)
    if key in _SECONDS:
        return float(seconds_of(text))
    if key == "share":
        return share_of(text)
    try:
        number = float(text)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: {key} is {text!r}; write a number") from None
    return int(number) if key == "phases" and number.is_integer() else number


def _own_parameters(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Turn a standard deviation or coefficient of variation into the distribution's own parameter."""
    mean = values.get("mean", 0.0)
    if "sd" in values and mean:
        values["cv"] = values.pop("sd") / mean
    if name == "gamma" and values.get("cv"):
        values["alpha"] = values.pop("cv") ** -2
    return values


def _mix(parts: Any) -> Distribution:
    """A mixture of any distributions, by their shares."""
    if not isinstance(parts, list) or not parts or not all(_is_part(part) for part in parts):
        raise ValueError(
            "a mix is a list of distributions with their shares; "
            "write for example [{share: 0.1, constant: 0}, {share: 0.9, exponential: 5m}]"
        )
    shares = [_parameter("mix", "share", p["share"]) for p in parts]
    made = [distribution({k: v for k, v in p.items() if k != "share"}) for p in parts]
    if abs(sum(shares) - 1) > 1e-9:
        raise ValueError(f"the shares of the mix sum to {sum(shares):.6g}; they must sum to 1")
    try:
        if all(isinstance(d, Exponential) for d in made):
            return Hyperexponential(tuple(d.mean for d in made), tuple(shares))
        if len(made) == 2 and Constant(0.0) in made:
            none = made.index(Constant(0.0))
            return WithZero(shares[none], made[1 - none])
        return Mixture(tuple(made), tuple(shares))
    except IvrError as error:
        raise ValueError(error.findings[0].message) from None


def _is_part(part: Any) -> bool:
    return isinstance(part, dict) and "share" in part and len(part) == 2


def _per_interval(value: Any) -> tuple[Distribution, ...]:
    if isinstance(value, list | tuple):
        if not value:
            raise ValueError("the list is empty; write one distribution for each interval")
        return tuple(map(distribution, value))
    return (distribution(value),)


def _patience(value: Any) -> tuple[Distribution, ...]:
    return (Constant(math.inf),) if value == "never" else _per_interval(value)


def _speed(value: Any) -> Distribution | tuple[float, ...]:
    if isinstance(value, Distribution):
        return value
    if isinstance(value, dict):
        made = distribution(value)
        if not 0.01 <= made.mean <= 100:
            raise ValueError(f"a mean speed of {made.mean:g} is not between 0.01 and 100; 1 is the usual speed")
        return made
    wrong = (
        f"{value!r} is not a speed; write 1.1, one number for each agent, or a distribution like"
        " {lognormal: {mean: 1, cv: 0.2}}"
    )
    listed = isinstance(value, list | tuple)
    try:
        numbers = tuple(float(v) for v in (value if listed else [value]))
    except (TypeError, ValueError):
        raise ValueError(wrong) from None
    if not numbers:
        raise ValueError(wrong)
    for number in numbers:
        if not 0.01 <= number <= 100:
            raise ValueError(f"a speed of {number:g} is not between 0.01 and 100; 1 is the usual speed")
    return numbers if listed else Constant(numbers[0])


def half_width(value: Any) -> float:
    """Read the half-width of a confidence interval.

    Raises
    ------
    ValueError
        The message says what to write instead.

    Examples
    --------
    >>> half_width("0.5%"), half_width("1s")
    (0.005, 1.0)
    """
    text = str(value).strip()
    try:
        number = (
            value
            if isinstance(value, float)
            else float(text[:-1]) / 100
            if text.endswith("%")
            else float(seconds_of(text))
        )
    except ValueError:
        raise ValueError(
            f"{value!r} is not a half-width; write one in the unit of the measure, like 0.5% or 1s"
        ) from None
    if not 0 < number < math.inf:
        raise ValueError(f"a half-width of {value!r} cannot be reached; write one above 0, like 0.5% or 1s")
    return number


def _moment(value: Any) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return _sensible(value)
    try:
        moment = dt.datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError(f"{value!r} is not a date and time; write one like 2026-11-24 08:00") from None
    if moment.tzinfo is not None:
        raise ValueError(f"{value!r} has a zone; write the wall clock here, and the zone under zone:")
    return _sensible(moment)


def _sensible(moment: dt.datetime) -> dt.datetime:
    if not 1900 <= moment.year <= 2200:
        raise ValueError(f"the year {moment.year} is not between 1900 and 2200; write a date like 2026-11-24 08:00")
    return moment


def clock_minutes(value: Any) -> int:
    """Minutes from midnight to a time like ``08:30``; 24:00 is the end of the day.

    >>> clock_minutes("08:30")
    510
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", str(value).strip())
    minutes = int(match[1]) * 60 + int(match[2]) if match else -1
    if not match or int(match[2]) > 59 or minutes > 1440:
        raise ValueError(f'{value!r} is not a time of day; write one like "08:30", in quotes')
    return minutes


def _endless(value: Any) -> int | str:
    """A whole number, or ``unlimited``."""
    text = str(value).strip()
    if text == "unlimited":
        return text
    if not re.fullmatch(r"\d+", text) or int(text) > _MOST:
        raise ValueError(
            f"{value!r} is not a whole number from 0 to {_MOST:,}, nor unlimited; write one like 200, or unlimited"
        )
    return int(text)


def _when(value: Any) -> int | dt.datetime:
    """A time of day in minutes from midnight, or a date and time."""
    if isinstance(value, int | dt.datetime) and not isinstance(value, bool):
        return value
    try:
        return clock_minutes(value) if len(str(value).strip()) <= 5 else _moment(value)
    except ValueError:
        raise ValueError(f'{value!r} is not a moment; write a time of day like "10:30", or 2026-11-24 10:30') from None


def zone_named(value: Any) -> str:
    """The time zone with this name.

    Raises
    ------
    ValueError
        The message says what to write instead.

    Examples
    --------
    >>> zone_named("America/New_York")
    'America/New_York'
    """
    return zone_name(str(value))


_TIMES_SCHEMA = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "description": "a distribution of a time, such as {exponential: 3m} or {lognormal: {mean: 4m, cv: 0.8}}",
}
Times = Annotated[Distribution, BeforeValidator(distribution), WithJsonSchema(_TIMES_SCHEMA)]
"""A distribution of a time, in seconds."""
PerInterval = Annotated[
    tuple[Distribution, ...],
    BeforeValidator(_per_interval),
    WithJsonSchema({"anyOf": [_TIMES_SCHEMA, {"type": "array", "items": _TIMES_SCHEMA}]}),
]
"""One distribution for all intervals, or a list with one for each."""
Patience = Annotated[
    tuple[Distribution, ...],
    BeforeValidator(_patience),
    WithJsonSchema({"anyOf": [{"const": "never"}, _TIMES_SCHEMA, {"type": "array", "items": _TIMES_SCHEMA}]}),
]
"""As `PerInterval`, or ``never`` for callers who never hang up."""
Speed = Annotated[
    Distribution | tuple[float, ...],
    BeforeValidator(_speed),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "array", "items": {"type": "number"}}, _TIMES_SCHEMA]}),
]
"""How fast agents work: a number, one for each agent, or a distribution over them."""
HalfWidth = Annotated[
    float,
    BeforeValidator(half_width),
    WithJsonSchema({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}]}),
]
"""Half-width of a confidence interval, in the unit of its measure; also ``0.5%`` or ``1s``."""
Moment = Annotated[
    dt.datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "pattern": r"^\s*[0-9]{4}-?[0-9W]{2,3}-?[0-9]{1,2}([T ][0-9:.,]+)?\s*$"}),
]
"""Date and wall-clock time."""
Clock = Annotated[
    int, BeforeValidator(clock_minutes), WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,2}:[0-9]{2}$"})
]
"""Time of day, in minutes from midnight."""
Endless = Annotated[
    int | str,
    BeforeValidator(_endless),
    WithJsonSchema({"anyOf": [{"const": "unlimited"}, {"type": ["integer", "string"]}]}),
]
"""A number of things, or ``unlimited``."""
When = Annotated[
    int | dt.datetime,
    BeforeValidator(_when),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\s*([0-9]{1,2}:[0-9]{2}|[0-9]{4}-?[0-9W]{2,3}-?[0-9]{1,2}([T ][0-9:.,]+)?)\s*$",
        }
    ),
]
"""Time of day, in minutes from midnight, or date and wall-clock time."""
Zone = Annotated[str, BeforeValidator(zone_named)]
"""IANA time zone."""
