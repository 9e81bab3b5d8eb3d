"""Reads a file of calls, CSV or Parquet, and locates each cell."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from flows.source.counted import counted
from flows.source.finding import IvrError, ScenarioError
from ivr.records.files import read_columns
from simulation.arrays import Ints
from simulation.clock.stamps import Stamps
from simulation.workload.arrivals._csv_cells import place_of, separator_of
from simulation.workload.arrivals.base import NOT_UTF8, file_error, require_size

__all__ = ["Cells", "Rows", "read_cells", "whole_numbers"]

MAX_CALLS = 5_000_000


@dataclass(frozen=True)
class Rows:
    """The calls of a file or folder, one per row.

    Parameters
    ----------
    moments : list of int
        Arrivals, microseconds from the start of the scenario.
    wanted : list of str
        What callers wanted; empty where unknown.
    replication, attempt : numpy.ndarray, optional
        From records that this program wrote.
    stamps : Stamps
        How many time stamps were not exact.
    """

    moments: list[int]
    wanted: list[str]
    replication: Ints | None = None
    attempt: Ints | None = None
    stamps: Stamps = field(default_factory=Stamps)


@dataclass(frozen=True)
class Cells:
    """The columns of a file, and where their cells are.

    Parameters
    ----------
    path : Path
    cells : mapping of str to sequence
        Cells by column: texts of a CSV file, values of a Parquet file.
    lines : sequence of int
        Line of each row.
    header : sequence of str
        Empty for Parquet.
    separator : str
    """

    path: Path
    cells: Mapping[str, Sequence[Any]]
    lines: Sequence[int]
    header: Sequence[str] = ()
    separator: str = ","

    def place(self, row: int, column: str) -> int:
        """The column, in characters from 1, at which a cell begins; 1 in a Parquet file."""
        if column not in self.header:
            return 1
        return place_of(self.path, self.lines[row], self.header.index(column), self.separator)


def read_cells(path: Path, wanted: Sequence[str]) -> Cells:
    """Read the wanted columns of a file; in a CSV file, all other columns are left empty.

    Raises
    ------
    ScenarioError
        When the file cannot be read, or its rows do not fit its header.
    """
    if path.suffix == ".parquet":
        try:
            columns = read_columns(path)
            return Cells(path, columns, range(1, 1 + max(map(len, columns.values()), default=0)))
        except IvrError as error:
            raise ScenarioError(error.findings) from None
    try:
        require_size(path)
        with path.open(newline="", encoding="utf-8-sig") as file:
            first = file.readline()
            separator = separator_of(first)
            reader = csv.reader(chain([first], file), delimiter=separator)
            header = [name.strip() for name in next(reader, [])]
            twice = next((name for name in header if name in wanted and header.count(name) > 1), "")
            if twice:
                raise file_error(path, f"two columns are called '{twice}'", line=1, hint="give each a name of its own")
            lines = array("q")
            cells: dict[str, list[str]] = {name: [] for name in header}
            kept = [(cells[name], place) for place, name in enumerate(header) if name in wanted]
            begins = reader.line_num + 1
            for row in reader:
                _check_row(path, row, len(header), reader.line_num)
                for column, place in kept:
                    column.append(row[place])
                lines.append(begins)
                begins = reader.line_num + 1
    except UnicodeDecodeError:
        raise file_error(path, "the trace is not UTF-8 text", hint=NOT_UTF8) from None
    except (OSError, csv.Error) as error:
        raise file_error(path, f"the trace cannot be read: {error}") from None
    return Cells(path, cells, lines, header, separator)


def _check_row(path: Path, row: list[str], columns: int, line: int) -> None:
    if line > MAX_CALLS + 1:
        raise file_error(path, f"more than {MAX_CALLS:,} calls", line=line, hint="keep those of the horizon")
    if len(row) != columns:
        raise file_error(
            path,
            f"{counted(len(row), 'cell')}; the first line names {counted(columns, 'column')}",
            line=line,
            hint="fill in what is missing, or remove the line",
        )


def whole_numbers(path: Path, cells: Mapping[str, Sequence[Any]], column: str) -> Ints:
    """The numbers of a column.

    Raises
    ------
    ScenarioError
        When a cell is not a whole number.
    """
    try:
        return np.array([int(cell) for cell in cells[column]], dtype=np.int64)
    except (TypeError, ValueError, OverflowError):
        raise file_error(
            path, f"a cell in column '{column}' is not a whole number", hint="write the table of calls again"
        ) from None
