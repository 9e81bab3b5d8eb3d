"""A day's profile and the totals of dates from files.

``profile: {file: shape.csv, column: calls}`` becomes a list, and ``daily: {file: days.csv, column: calls}`` the total
of each date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flows.source.document import Path
from simulation.call_logs.cells import dates
from simulation.clock.logged_times import MomentError
from simulation.loading.expansion import Expansion, cells_of
from simulation.scenario.from_files import DailyStated, ProfileStated
from simulation.workload.csv_table import CsvTable

__all__ = ["dates_in", "expand_profile"]

_PROFILE: Path = ("arrivals", "profile")
_DAILY: Path = ("arrivals", "daily")


def expand_profile(of: Expansion) -> None:
    """Put a list in place of a column of the profile, and totals by date in place of a file of dates."""
    if isinstance(of.at(_PROFILE), Mapping):
        stated = of.checked(_PROFILE, ProfileStated)
        if stated is not None:
            of.put_column(_PROFILE, stated.profile.file, stated.profile.column)
    daily = of.at(_DAILY)
    if isinstance(daily, Mapping) and "file" in daily:
        _of_dates(of)
    elif isinstance(daily, Mapping):
        of.put(("arrivals", "dated"), daily, (of.document, _DAILY))
        of.drop(_DAILY)


def _of_dates(of: Expansion) -> None:
    stated = of.checked(_DAILY, DailyStated)
    table = of.table(stated.daily.file, (*_DAILY, "file")) if stated else None
    if not stated or not table or of.column(table, stated.daily.date) is None:
        return
    cells, read = of.column(table, stated.daily.column), dates_in(of, table, stated.daily.date)
    if cells is None or read is None:
        return
    again = next((row for row, day in enumerate(read) if day in read[:row]), None)
    if again is not None:
        place, hint = (stated.daily.date, again), "keep one row a date"
        of.found.append(cells_of(table).finding("X005", f"{read[again]} is there twice", place, hint=hint))
        return
    source = cells_of(table)
    of.put(("arrivals", "dated"), {}, (source, (stated.daily.column,)))
    for row, (day, cell) in enumerate(zip(read, cells, strict=True)):
        of.put(("arrivals", "dated", day.isoformat()), cell, (source, (stated.daily.column, row)))
    of.drop(_DAILY)


def dates_in(of: Expansion, table: CsvTable, column: str) -> list[dt.date] | None:
    """The dates of a column; None if one cannot be read, which is then told."""
    cells = table.column(column)
    try:
        read, wrong = dates(cells)
    except MomentError as error:
        read, wrong = [None] * len(cells), [error.row]
    missing = next((row for row, one in enumerate(read) if one is None), None)
    if wrong or missing is not None:
        row = min([*wrong, *([] if missing is None else [missing])])
        hint = "write dates such as 2026-11-23"
        message = f"'{cells[row]}' in column '{column}' is no date"
        of.found.append(cells_of(table).finding("X005", message, (column, row), hint=hint))
        return None
    return [one for one in read if one is not None]
