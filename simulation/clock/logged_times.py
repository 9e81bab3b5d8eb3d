"""Reads a column of logged times: which moment each cell means."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from flows.values.units import US_PER_S
from simulation.clock.local_time import DAY_US, EPOCH

__all__ = ["FORMATS", "MomentError", "read_moments"]

FORMATS = ("month_first", "day_first", "epoch")
"""Formats that a column does not always reveal; any other format is a pattern of ``datetime.strptime``."""

_FARTHEST_US = 300 * 366 * DAY_US
_SINCE_1970_US = 20 * 366 * DAY_US
"""If all numbers of a column are at least this large, they count from 1970 and not from the start of the scenario."""
_YEARS = range(1970, 2300)
_TIME = (
    r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,6})\d*)?)?"
    r"(?:\s*(?P<half>[AaPp])\.?\s?[Mm]\.?)?(?:\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
)
_DATED = re.compile(rf"(?P<a>\d{{1,4}})(?P<by>[-/.])(?P<b>\d{{1,2}})(?P=by)(?P<c>\d{{1,4}})(?:(?:,\s*|\s+|T){_TIME})?")
_MAIL = re.compile(
    r"(?:[A-Za-z]{3},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}(?::\d{2})?"
    r"(?:\s+(?P<zone>[+-]\d{4}|GMT|UTC?|Z|[ECMP][SD]T))?(?:\s+\([^()]*\))?"
)
"""RFC 2822, section 3.3, with the unambiguous zones of section 4.3."""
_ALLOWED = (
    "write dates with times (2024-04-30 06:27:28, 4/30/2024 6:27:28 AM, Tue, 30 Apr 2024 06:27:28 -0400), or seconds"
    " from the start of the scenario or since 1970; for another form add format: with a pattern like '%d.%m.%y %H.%M'"
)
_NO_DATE = "is not a date and time"
_STATE = "write format: month_first or format: day_first under arrivals"


class MomentError(ValueError):
    """A cell that is not a date and time, or that has two readings.

    Parameters
    ----------
    row : int
        Row of the cell, from 0.
    cell : object
        Its content.
    wrong, hint : str
        What is wrong with it, as the end of a sentence that begins with the cell; what to do.
    """

    def __init__(self, row: int, cell: Any, wrong: str, hint: str = _ALLOWED) -> None:
        self.row, self.shown, self.wrong, self.hint = row, _shown(cell), wrong, hint
        super().__init__(f"{self.shown} {wrong}")


class _Dated(NamedTuple):
    """A date whose first two numbers are month and day, in either order; a year of two digits is not yet told."""

    row: int
    first: int
    second: int
    year: int
    two_digits: bool
    rest: re.Match[str]
    dotted: bool


def read_moments(cells: Sequence[Any], *, unit_us: int, form: str = "") -> list[int | dt.datetime]:
    """Read a column of moments.

    All cells have the same format. If dates with slashes could have the day or the month first, any day above 12
    decides; dates with points have the day first. A year of two digits is told from days in the same way.

    Parameters
    ----------
    cells : sequence of str, int, float or datetime
    unit_us : int
        Microseconds per unit of a number that counts from the start.
    form : str
        One of `FORMATS`, a pattern, or empty.

    Returns
    -------
    list of int or datetime
        Microseconds from the start, or dates and times; those without a zone are by the scenario's clock.

    Raises
    ------
    MomentError
        For the first cell that is not a moment, or has two readings.

    Examples
    --------
    >>> read_moments(["4/30/2024 6:27:28 AM"], unit_us=1)
    [datetime.datetime(2024, 4, 30, 6, 27, 28)]
    >>> read_moments(["4/5/2024 6:27"], unit_us=1)
    Traceback (most recent call last):
    simulation.clock.logged_times.MomentError: '4/5/2024 6:27' is 5 April or 4 May, and no other cell decides
    """
    found: list[Any] = []
    for row, cell in enumerate(cells):
        try:
            found.append(_read(cell, row, form))
        except (ValueError, OverflowError):
            wrong = (
                _NO_DATE
                + (f" of the form {form!r}" if "%" in form else "")
                + ("" if str(cell).strip() else ": the cell is empty")
            )
            raise MomentError(row, cell, wrong) from None
    _dates_in_order(found, cells, form)
    if (
        "%" not in form
        and found
        and all(isinstance(one, dt.datetime) and _is_date(cell) for one, cell in zip(found, cells, strict=True))
    ):
        raise MomentError(
            0, cells[0], "is a date without a time of day", "name the column of times too: time_column: under arrivals"
        )
    _numbers(found, cells, unit_us, form)
    return found


def _read(cell: Any, row: int, form: str) -> Any:
    if isinstance(cell, dt.datetime | int | float):
        return cell
    text = str(cell).strip()
    if "%" in form:
        return dt.datetime.strptime(text, form)
    if text.replace(".", "", 1).isdigit():
        return float(text) if "." in text else int(text)
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        pass
    if match := _DATED.fullmatch(text):
        return _dated(match, row)
    if match := _MAIL.fullmatch(text):
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=dt.UTC) if match["zone"] == "-0000" else moment
    raise ValueError(text)


def _dated(match: re.Match[str], row: int) -> Any:
    first, second, third = int(match["a"]), int(match["b"]), int(match["c"])
    if len(match["a"]) == 4:
        return _moment(first, second, third, match)
    if len(match["a"]) > 2 or len(match["c"]) not in (2, 4):
        raise ValueError(match[0])
    return _Dated(row, first, second, third, len(match["c"]) == 2, match, match["by"] == ".")


def _moment(year: int, month: int, day: int, of: re.Match[str]) -> dt.datetime:
    if of["h"] is None:
        return dt.datetime(year, month, day)
    hour = int(of["h"])
    if of["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(f"{hour} {of['half']}M")
        hour = hour % 12 + 12 * (of["half"] in "Pp")
    moment = dt.datetime(year, month, day, hour, int(of["m"]), int(of["s"] or 0), int((of["f"] or "").ljust(6, "0")))
    if not of["zone"]:
        return moment
    return moment.replace(tzinfo=dt.UTC if of["zone"].isalpha() else dt.datetime.strptime(of["zone"], "%z").tzinfo)


def _dates_in_order(found: list[Any], cells: Sequence[Any], form: str) -> None:
    """Settle the order of day and month in all dates where it was ambiguous."""
    dated = [one for one in found if isinstance(one, _Dated)]
    if not dated:
        return
    year_first = form not in FORMATS and _year_first(dated, cells)
    day_first = not year_first and (form == "day_first" or (form != "month_first" and _day_first(dated, cells)))
    for one in dated:
        year, month, day = one.year, one.first, one.second
        if year_first:
            year, month, day = one.first, one.second, one.year
        elif day_first:
            month, day = day, month
        try:
            found[one.row] = _moment(_century(year) if one.two_digits else year, month, day, one.rest)
        except ValueError:
            order = "the year" if year_first else "the day" if day_first else "the month"
            raise MomentError(one.row, cells[one.row], f"is not a date and time with {order} first") from None


def _century(year: int) -> int:
    """The year of two digits, as ``%y`` of POSIX reads it: 69 to 99 are in the last century.

    >>> _century(99), _century(0), _century(26)
    (1999, 2000, 2026)
    """
    return year + (1900 if year >= 69 else 2000)


def _year_first(dated: Sequence[_Dated], cells: Sequence[Any]) -> bool:
    """Whether dates with two-digit years begin with the year: 99/01/30, where 01/30/99 and 30.01.99 end with it.

    A number that is no day of a month is the year. Where both ends could be, days change and years stay: the last
    number is the year if it takes fewer values than the first two.
    """
    short = [one for one in dated if one.two_digits]
    no_begin = [one for one in dated if not one.two_digits or not _is_day(one.year, one.second)]
    no_end = [one for one in short if not (_is_day(one.first, one.second) or _is_day(one.second, one.first))]
    if neither := next((one for one in no_end if not _is_day(one.year, one.second)), None):
        raise MomentError(neither.row, cells[neither.row], _NO_DATE)
    if not short or (no_begin and not no_end):
        return False
    if no_end and not no_begin:
        return True
    if no_begin and no_end:
        other, later = sorted((no_begin[0], no_end[0]), key=lambda one: one.row)
        wrong = f"has the year in another place than {_shown(cells[other.row])}"
        raise MomentError(later.row, cells[later.row], wrong)
    values = [len({one[place] for one in short}) for place in (1, 2, 3)]
    if values[2] < max(values[:2]):
        return False
    raise MomentError(
        short[0].row, cells[short[0].row], "has a two-digit year, so any of its numbers may be the year", _STATE
    )


def _is_day(day: int, month: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def _day_first(dated: Sequence[_Dated], cells: Sequence[Any]) -> bool:
    day = next((one for one in dated if one.first > 12 or one.dotted), None)
    month = next((one for one in dated if one.second > 12), None)
    if day and month:
        later, other = (day, month) if day.row > month.row else (month, day)
        raise MomentError(
            later.row, cells[later.row], f"has day and month in another order than {_shown(cells[other.row])}", _STATE
        )
    open_ = next((one for one in dated if one.first != one.second), None)
    if not day and not month and open_:
        either = [
            dt.date(2024, month, date) for month, date in ((open_.first, open_.second), (open_.second, open_.first))
        ]
        meant = " or ".join(f"{date.day} {date:%B}" for date in either)
        raise MomentError(open_.row, cells[open_.row], f"is {meant}, and no other cell decides", _STATE)
    return day is not None


def _numbers(found: list[Any], cells: Sequence[Any], unit_us: int, form: str) -> None:
    """Turn numbers into microseconds from the start, or into moments if they count from 1970."""
    rows = [row for row, one in enumerate(found) if isinstance(one, int | float)]
    if form == "epoch" and len(rows) < len(found):
        row = next(row for row, one in enumerate(found) if not isinstance(one, int | float))
        raise MomentError(
            row,
            cells[row],
            "is not a number of seconds since 1970",
            "leave out format: epoch, or name the column that has such numbers",
        )
    since_1970 = form == "epoch" or (rows and min(found[row] for row in rows) * unit_us >= _SINCE_1970_US)
    for row in rows:
        number = found[row]
        try:
            if since_1970:
                # seconds have 10 digits, milliseconds 13, microseconds 16
                each_us = US_PER_S if number < 1e11 else 1_000 if number < 1e14 else 1
                found[row] = EPOCH + dt.timedelta(microseconds=round(number * each_us))
            else:
                found[row] = round(number * unit_us)
            if (since_1970 and found[row].year not in _YEARS) or (not since_1970 and abs(found[row]) > _FARTHEST_US):
                raise ValueError(f"{number} is beyond any horizon")
        except (ValueError, OverflowError):
            raise MomentError(row, cells[row], _NO_DATE) from None


def _is_date(cell: Any) -> bool:
    return isinstance(cell, str) and ":" not in cell and not re.search(r"\d[T ]\d", cell)


def _shown(cell: Any) -> str:
    """A cell as messages quote it, shortened."""
    text = str(cell).strip()
    return f"'{text if len(text) <= 60 else text[:59] + '…'}'"
