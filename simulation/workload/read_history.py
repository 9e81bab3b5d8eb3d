"""Reads a file of counts by date and interval: the days that a scenario draws from."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np

from flows.values.units import MICROSECOND, US_PER_S
from simulation.clock.local_time import DAY_US
from simulation.clock.logged_times import MomentError, read_moments
from simulation.scenario.model import Scenario
from simulation.workload.arrivals.base import file_error
from simulation.workload.arrivals.csv_counts import count_in
from simulation.workload.arrivals.history import History
from simulation.workload.csv_table import CsvTable, read_csv_table

__all__ = ["MOST_ROWS", "read_history"]

MOST_ROWS = 400_000
"""Three years in intervals of five minutes."""


def read_history(scenario: Scenario, folder: Path) -> History:
    """Read the days of a scenario's history; its file is relative to `folder`.

    Raises
    ------
    ScenarioError
        When it cannot be read, or a row is no count of a date's interval.
    """
    stated = scenario.arrivals
    table = read_csv_table(folder / stated.file, what="history", most=MOST_ROWS)
    columns = stated.columns or {"": stated.column or "calls"}
    moments = _moments(table, stated.date_column or "date", stated.time_column, stated.format)
    cells = {name: table.column(column) for name, column in columns.items()}
    if not moments:
        raise file_error(table.path, "the file has a first line but no counts", line=2)
    clock_us = [(one - dt.datetime.combine(one.date(), dt.time())) // MICROSECOND for one in moments]
    begins = sorted(set(clock_us))
    dates = sorted({moment.date() for moment in moments})
    length_us = min(np.diff(begins).tolist(), default=min(round(scenario.interval * US_PER_S), DAY_US))
    counts = np.zeros((len(dates), len(begins), len(columns)), np.int64)
    seen = np.zeros(counts.shape[:2], bool)
    of_date, of_begin = ({one: i for i, one in enumerate(known)} for known in (dates, begins))
    for row, moment in enumerate(moments):
        at = of_date[moment.date()], of_begin[clock_us[row]]
        if seen[at]:
            line = table.lines[row]
            raise file_error(table.path, f"{moment:%Y-%m-%d %H:%M} is there twice", line=line, hint="keep one row")
        seen[at] = True
        counts[at] = [_whole(table, row, columns[name], cells[name][row]) for name in columns]
    made = History(scenario.clock, dates, counts, begins, length_us, tuple(columns), stated.same_weekday)
    for day, of in enumerate(made.candidates):
        if not len(of):
            name = scenario.clock.weekday(day)
            hint = "leave out same_weekday, or name a file that has such days"
            raise file_error(table.path, f"no day of the file is a {name}", hint=hint)
    return made


def _moments(table: CsvTable, column: str, times: str, form: str) -> list[dt.datetime]:
    """When the interval of each row begins, by the clock."""
    cells = table.column(column, hint="" if column != "date" else "name the column of dates: date_column: ...")
    if times:
        cells = [f"{date} {time}" for date, time in zip(cells, table.column(times), strict=True)]
    elif cells and all(":" not in cell for cell in cells):
        clocks = [name for name in table.header if all(":" in cell for cell in table.column(name))]
        raise file_error(
            table.path,
            f"column '{column}' has dates without times of day",
            line=table.lines[0],
            hint=f"write time_column: {clocks[0]}" if clocks else "add a column of times of day, such as 08:30",
        )
    try:
        read = read_moments(cells, unit_us=US_PER_S, form=form)
    except MomentError as error:
        line, at = table.place(error.row, column)
        raise file_error(
            table.path, f"{error.shown} in column '{column}' {error.wrong}", line=line, at=at, hint=error.hint
        ) from None
    found = []
    for row, one in enumerate(read):
        if not isinstance(one, dt.datetime):
            line, at = table.place(row, column)
            hint = "write dates such as 2026-11-23 08:30"
            raise file_error(table.path, f"'{cells[row]}' is no date and time", line=line, at=at, hint=hint)
        found.append(one.replace(tzinfo=None))
    return found


def _whole(table: CsvTable, row: int, column: str, cell: str) -> int:
    count = count_in(table, row, column, cell)
    if count != int(count):
        line, at = table.place(row, column)
        hint = "a history has the calls that came; for a forecast write kind: per_interval or kind: profile"
        raise file_error(table.path, f"'{cell}' in column '{column}' is no whole number", line=line, at=at, hint=hint)
    return int(count)
