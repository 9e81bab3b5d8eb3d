"""Reads columns of durations, times of day, dates and moments; a cell that cannot be read is None, and said where."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from simulation.clock.logged_times import MomentError, read_moments

__all__ = ["date_form", "dates", "durations", "moments", "numbers", "times_of_day"]

T = TypeVar("T")
Read = tuple[list[T | None], list[int]]
"""One value for each cell, and the rows whose cells are not empty and cannot be read."""

_CLOCK = re.compile(r"(-)?(\d{1,4}):(\d{1,2})(?::(\d{1,2}(?:[.,]\d+)?))?\s*([AaPp])?\.?[Mm]?\.?")
_UNITS = re.compile(r"(-)?(?:(\d+)\s*h[a-z]*)?\s*(?:(\d+)\s*m[a-z]*)?\s*(?:(\d+(?:[.,]\d+)?)\s*s[a-z]*)?")
_DATE_FORMS = ("%Y%m%d", "%y%m%d", "%d%m%Y", "%d%m%y")
_MOST_WRONG = 200


def _each(cells: Sequence[Any], read: Callable[[Any], T | None]) -> Read[T]:
    """Read cells, each different one once."""
    known: dict[Any, tuple[T | None, bool]] = {}
    values: list[T | None] = []
    wrong = []
    for row, cell in enumerate(cells):
        if cell not in known:
            try:
                known[cell] = (None if _empty(cell) else read(cell), True)
            except (ValueError, OverflowError):
                known[cell] = (None, False)
        value, fine = known[cell]
        values.append(value)
        if not fine:
            wrong.append(row)
    return values, wrong


def _empty(cell: Any) -> bool:
    return cell is None or str(cell).strip().lower() in ("", "-", "nan", "none", "null", "n/a", "na", "\\n")


def numbers(cells: Sequence[Any]) -> Read[float]:
    """Numbers; ``1,234`` and ``1.234,5`` are read as people write them, a percent sign is ignored.

    >>> numbers(["12", "1,234", "", "x"])
    ([12.0, 1234.0, None, None], [3])
    """

    def read(cell: Any) -> float:
        if isinstance(cell, int | float):
            return float(cell)
        text = str(cell).strip().rstrip("%").replace(" ", "")
        if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
            text = text.replace(",", "")
        elif re.fullmatch(r"-?\d+,\d+", text):
            text = text.replace(",", ".")
        value = float(text)
        if not math.isfinite(value):
            raise ValueError(text)
        return value

    return _each(cells, read)


def durations(cells: Sequence[Any], *, unit_s: float = 1.0) -> Read[float]:
    """Seconds, from ``112``, ``0:02:17``, ``2:17``, ``2m 17s``; plain numbers are in units of `unit_s`.

    >>> durations(["112", "0:02:17", "2:17", "1h 5s", "soon"])
    ([112.0, 137.0, 137.0, 3605.0, None], [4])
    """

    def read(cell: Any) -> float:
        if isinstance(cell, dt.timedelta):
            return cell.total_seconds()
        if isinstance(cell, dt.time):
            return cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6
        if isinstance(cell, int | float):
            return float(cell) * unit_s
        text = str(cell).strip()
        if (match := _CLOCK.fullmatch(text)) and not match[5]:
            first, second = int(match[2]), int(match[3])
            seconds = float(match[4].replace(",", ".")) if match[4] else None
            value = first * 3600 + second * 60 + seconds if seconds is not None else first * 60.0 + second
            return -value if match[1] else value
        try:
            return float(text.replace(",", ".")) * unit_s
        except ValueError:
            match = _UNITS.fullmatch(text.lower())
            if not match or not any(match.groups()[1:]):
                raise
            value = int(match[2] or 0) * 3600 + int(match[3] or 0) * 60 + float((match[4] or "0").replace(",", "."))
            return -value if match[1] else value

    return _each(cells, read)


def times_of_day(cells: Sequence[Any]) -> Read[float]:
    """Seconds from midnight, from ``7:01:39``, ``19:05``, ``7:05 PM`` or ``24:00:05``.

    >>> times_of_day(["7:01:39", "7:05 PM", "noon"])
    ([25299.0, 68700.0, None], [2])
    """

    def read(cell: Any) -> float:
        if isinstance(cell, dt.time | dt.datetime):
            return cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6
        if isinstance(cell, dt.timedelta):
            return cell.total_seconds()
        if isinstance(cell, float) and 0 <= cell < 1:  # a spreadsheet's share of a day
            return round(cell * 86_400, 3)
        match = _CLOCK.fullmatch(str(cell).strip())
        if not match or match[1] or int(match[2]) > 48 or int(match[3]) > 59:
            raise ValueError(cell)
        hour = int(match[2])
        if match[5]:
            hour = hour % 12 + 12 * (match[5] in "Pp")
        return hour * 3600 + int(match[3]) * 60 + float((match[4] or "0").replace(",", "."))

    return _each(cells, read)


def date_form(cells: Sequence[Any]) -> str:
    """The pattern of dates written without separators, such as ``%y%m%d``; empty for all others.

    >>> date_form(["990103", "990131"]), date_form([990103.0, 990131.0]), date_form(["1999-01-03"])
    ('%y%m%d', '%y%m%d', '')
    """
    known = {_digits(cell) for cell in cells if not _empty(cell)}
    sample = [text for text in known if re.fullmatch(r"\d{5,8}", text)]
    if not sample or len(sample) < 0.9 * len(known):
        return ""
    fits = []
    for form in _DATE_FORMS:
        read = [_date(text, form) for text in sample]
        good = [one for one in read if one]
        if len(good) >= 0.9 * len(sample):
            fits.append((max(good) - min(good), form))
    return min(fits, key=lambda fit: fit[0])[1] if fits else ""


def _digits(cell: Any) -> str:
    """A cell as text; a whole number that a file holds as a fraction without its fraction."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _date(text: str, form: str) -> dt.date | None:
    width = 8 if "%Y" in form else 6
    if len(text) not in (width - 1, width):
        return None
    try:
        found = dt.datetime.strptime(text.zfill(width), form).date()
    except ValueError:
        return None
    return found if 1970 <= found.year <= 2100 else None


def dates(cells: Sequence[Any], form: str = "") -> Read[dt.date]:
    """Dates in any form that `moments` reads, or by a pattern.

    >>> dates(["990103", "9901"], "%y%m%d")
    ([datetime.date(1999, 1, 3), None], [1])
    """
    if form and "%" in form:

        def read(cell: Any) -> dt.date:
            found = _date(_digits(cell), form) if re.fullmatch(r"[%dmyY]+", form) else None
            return found or dt.datetime.strptime(str(cell).strip(), form).date()

        return _each(cells, read)
    midnight = [
        cell if isinstance(cell, dt.datetime) or _empty(cell) else f"{cell:%Y-%m-%d} 00:00" if isinstance(cell, dt.date)
        else f"{str(cell).strip()} 00:00" if ":" not in str(cell) else str(cell)
        for cell in cells
    ]  # fmt: skip
    found, wrong = moments(midnight, form)
    return [one.date() if one else None for one in found], wrong


def moments(cells: Sequence[Any], form: str = "") -> Read[dt.datetime]:
    """Dates with times, in any form of ``simulation.clock.logged_times``; all cells have the same form.

    Raises
    ------
    MomentError
        When day and month cannot be told apart.
    """
    different = {cell: None for cell in cells if not _empty(cell)}
    known: dict[Any, dt.datetime | None] = {}
    open_ = [cell for cell in different if isinstance(cell, dt.datetime) or re.search(r"\d", str(cell))]
    for _ in range(_MOST_WRONG):
        try:
            read = read_moments([_padded(cell) for cell in open_], unit_us=1_000_000, form=form)
        except MomentError as error:
            if "decides" in error.wrong or "two-digit year" in error.wrong or not open_:
                raise
            del open_[error.row]
            continue
        known = {cell: one if isinstance(one, dt.datetime) else None for cell, one in zip(open_, read, strict=True)}
        break
    values = [None if _empty(cell) else known.get(cell) for cell in cells]
    wrong = [
        row for row, (cell, value) in enumerate(zip(cells, values, strict=True)) if value is None and not _empty(cell)
    ]
    return values, wrong


def _padded(cell: Any) -> Any:
    return cell.strip() if isinstance(cell, str) else cell
