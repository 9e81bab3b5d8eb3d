"""The values that a place takes in a sweep, as written: a range such as ``0.8..1.2/5``, or a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from flows.source.finding import usage_error

__all__ = ["Values", "read_values"]

_RANGE = re.compile(
    r"^\s*(?P<low>[^,\s]+?)\s*\.\.\s*(?P<high>[^,\s/]+)\s*(?:/\s*(?P<count>\S+)|\s+by\s+(?P<step>\S+))?\s*$"
)
_NUMBER = re.compile(r"^(-?[0-9]+(?:\.[0-9]+)?)(%|d|h|min|m|s|ms)?$")
_CLOCK = re.compile(r"^([0-9]{1,2}):([0-5][0-9])$")
_SECONDS = {
    "d": Fraction(86_400),
    "h": Fraction(3600),
    "min": Fraction(60),
    "m": Fraction(60),
    "s": Fraction(1),
    "ms": Fraction(1, 1000),
}
_BY_DEFAULT = 5
"""Values of a range of fractions that states neither their number nor a step."""
_HOW = "write a..b, a..b/5 (five values), 'a..b by STEP', or a list: a,b,c"


@dataclass(frozen=True)
class _Number:
    """A number as written: its value in its unit, and whether it is a whole number without a unit."""

    value: Fraction
    unit: str = ""
    whole: bool = False

    @property
    def plain(self) -> Fraction:
        """Its value in seconds, as a share, or as it is."""
        return self.value * _SECONDS.get(self.unit, Fraction(1, 100) if self.unit == "%" else Fraction(1))

    @property
    def kind(self) -> str:
        return "time" if self.unit in _SECONDS else self.unit


@dataclass(frozen=True)
class Values:
    """The values of one place. Those of a range are made when they are asked for.

    Parameters
    ----------
    listed : tuple of str
        The values of a list; empty for a range.
    low, high, step : Fraction
        The ends of a range and the distance of its values, in `unit`.
    count : int
        How many values.
    unit : str
        ``""``, ``%``, a unit of time, or ``:`` for times of day in minutes.
    whole : bool
        Whether a range has whole numbers only.
    """

    listed: tuple[str, ...] = ()
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    step: Fraction = Fraction(0)
    count: int = 0
    unit: str = ""
    whole: bool = False

    def text(self, index: int) -> str:
        """The value of this number, from 0, as it is written in a scenario.

        >>> [read_values("4m..5m/3").text(i) for i in range(3)]
        ['4m', '4.5m', '5m']
        """
        return self.listed[index] if self.listed else self._written(self.low + self.step * index)

    def spread(self, u: float) -> str:
        """The value at a share 0 <= u < 1 of the way from the first to the last.

        >>> read_values("20..29").spread(0.999), read_values("a,b").spread(0.5), read_values("0.0..1.0").spread(0.25)
        ('29', 'b', '0.25')
        """
        if self.listed:
            return self.listed[int(u * len(self.listed))]
        if self.whole or self.unit == ":":
            return self._written(self.low + int(Fraction(u) * (self.high - self.low + 1)))
        return self._written(self.low + Fraction(u) * (self.high - self.low))

    @property
    def numbers(self) -> dict[str, float] | None:
        """Texts of a list and their numbers; None if some are not numbers of one kind. Empty for a range."""
        read = {text: _number(text) for text in self.listed}
        known = {text: number for text, number in read.items() if number is not None}
        alike = len(known) == len(read) and len({number.kind for number in known.values()}) <= 1
        return {text: float(number.plain) for text, number in known.items()} if alike else None

    def number(self, text: str) -> float | None:
        """A value as a number: seconds, a share, or plain; None in a list that has other values than numbers."""
        numbers = self.numbers
        if numbers is None:
            return None
        found = _number(text)
        return numbers[text] if text in numbers else None if found is None else float(found.plain)

    def _written(self, value: Fraction) -> str:
        if self.unit == ":":
            minutes = round(value)
            return f"{minutes // 60:02d}:{minutes % 60:02d}"
        return f"{_decimal(Fraction(round(value)) if self.whole else value)}{self.unit}"


def read_values(text: str) -> Values:
    """Read the values of a place.

    Parameters
    ----------
    text : str
        ``a..b`` (each whole number, or five values), ``a..b/n`` (n values), ``a..b by step``, or ``a,b,c``. Numbers may
        have ``%`` or a unit of time; ends may be times of day. Ends that are whole numbers make whole numbers.

    Raises
    ------
    UsageError
        X007, with what is allowed.

    Examples
    --------
    >>> values = read_values("0.8..1.2/5")
    >>> [values.text(i) for i in range(values.count)]
    ['0.8', '0.9', '1', '1.1', '1.2']
    >>> read_values("single_queue, longest_wait").listed
    ('single_queue', 'longest_wait')
    """
    if ".." in text and "../" not in text and "," not in text:
        return _range(text)
    listed = _split(text)
    if not all(listed):
        raise usage_error("X007", f"{text!r} has an empty value", _HOW)
    if len(set(listed)) < len(listed):
        twice = next(one for i, one in enumerate(listed) if one in listed[:i])
        raise usage_error("X007", f"{text!r} has {twice!r} twice", "write each value once")
    return Values(listed=tuple(listed), count=len(listed))


def _range(text: str) -> Values:
    match = _RANGE.match(text)
    low, high = (_number(match[end]) if match else None for end in ("low", "high"))
    if match is None or low is None or high is None:
        raise usage_error("X007", f"{text!r} is not a range of numbers or times", _HOW)
    low, high = _alike(text, low, high)
    if low.value >= high.value:
        ends = f"{match['low']} is not below {match['high']}"
        raise usage_error("X007", f"{text!r} is empty: {ends}", "write the smaller value first")
    whole = low.whole and high.whole
    of = Values(low=low.value, high=high.value, unit=low.unit, whole=whole)
    if match["step"] is not None:
        step = _step(text, match["step"], low)
        return _made(of, step, int((high.value - low.value) / step) + 1, whole and step.denominator == 1)
    if match["count"] is None:
        count = int(high.value - low.value) + 1 if whole else _BY_DEFAULT
        return _made(of, (high.value - low.value) / (count - 1), count, whole)
    if not match["count"].isdecimal() or int(match["count"]) < 2:
        raise usage_error("X007", f"{text!r}: {match['count']} is not a number of values", "from 2 on: a..b/5")
    count = int(match["count"])
    if whole and count > high.value - low.value + 1:
        there = int(high.value - low.value) + 1
        raise usage_error(
            "X007",
            f"{text!r}: from {match['low']} to {match['high']} there are {there} whole numbers, not {count}",
            f"for fractions write {match['low']}.0..{match['high']}.0/{count}",
        )
    return _made(of, (high.value - low.value) / (count - 1), count, whole)


def _made(of: Values, step: Fraction, count: int, whole: bool) -> Values:
    return Values(low=of.low, high=of.high, step=step, count=count, unit=of.unit, whole=whole)


def _step(text: str, written: str, low: _Number) -> Fraction:
    number = _number(written)
    if low.unit == ":" and number is not None and number.unit in _SECONDS:
        number = _Number(number.plain / 60)  # times of day are in minutes
    elif number is not None and low.unit in _SECONDS and number.unit in _SECONDS:
        number = _Number(number.plain / _SECONDS[low.unit], low.unit)
    elif number is not None and number.unit not in ("", low.unit):
        number = None
    if number is None or number.value <= 0:
        raise usage_error(
            "X007", f"{text!r}: the step is {written}; it must be a number above 0", "for example '0.8..1.2 by 0.1'"
        )
    return number.value


def _alike(text: str, low: _Number, high: _Number) -> tuple[_Number, _Number]:
    """Both ends in one unit: the stated one, or seconds."""
    if low.unit == high.unit:
        return low, high
    if not low.unit and not low.kind and high.unit != ":":
        return _Number(low.value, high.unit), high
    if low.kind == high.kind == "time":
        return _Number(low.plain, "s"), _Number(high.plain, "s")
    raise usage_error("X007", f"{text!r} has ends of different kinds", "write both with the same unit: 4m..6m")


def _number(text: str) -> _Number | None:
    text = text.strip()
    if clock := _CLOCK.match(text):
        return _Number(Fraction(int(clock[1]) * 60 + int(clock[2])), ":")
    if match := _NUMBER.match(text):
        return _Number(Fraction(match[1]), match[2] or "", whole="." not in text and not match[2])
    return None


def _split(text: str) -> list[str]:
    """The parts between commas, apart from those within brackets, braces or quotes."""
    parts, depth, quote = [""], 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        depth += (letter in "[{") - (letter in "]}") if not quote else 0
        if letter == "," and depth == 0 and not quote:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def _decimal(value: Fraction) -> str:
    """Exact if it has at most nine decimals, else with six digits."""
    exact = Decimal(value.numerator * 10**9 // value.denominator).scaleb(-9)
    if Fraction(exact) != value:
        exact = Context(prec=6).divide(Decimal(value.numerator), Decimal(value.denominator))
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
