"""Poisson arrivals whose expected counts are read from a CSV file."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import numpy as np

from flows.source.counted import counted
from simulation.arrays import Times
from simulation.workload.arrivals._csv_cells import place_of, separator_of
from simulation.workload.arrivals.base import NOT_UTF8, Busyness, file_error, require_size
from simulation.workload.arrivals.per_interval import PerInterval

__all__ = ["ARRIVALS", "CsvCounts"]

MAX_ROWS = 10_000


@dataclass(frozen=True)
class CsvCounts:
    """Poisson arrivals with counts from a CSV file: a header line, then one row an interval, in order of time.

    The file is read when the object is created; other columns are ignored.

    Parameters
    ----------
    file : str or Path
    interval_s : float
        Length of an interval, seconds.
    column : str
        The column that holds the number of calls.

    Raises
    ------
    ScenarioError
        If the file cannot be read, has no such column or no rows, or a cell is
        not a number from 0; the finding has file, line and column.
    """

    file: str | Path
    interval_s: float
    column: str = "calls"
    process: PerInterval = field(init=False, repr=False)

    def __post_init__(self) -> None:
        counts = _read_counts(Path(self.file), self.column)
        object.__setattr__(self, "process", PerInterval.of_counts(counts, interval_s=self.interval_s))

    def expected_calls(self, horizon_us: int) -> float:
        """Return the mean number of calls in [0, horizon_us)."""
        return self.process.expected_calls(horizon_us)

    def times_us(
        self,
        generator: np.random.Generator,
        horizon_us: int,
        *,
        busy_u: float | None = None,
        busyness: Busyness = 1.0,
    ) -> Times:
        """Return sorted arrival times (see ``ArrivalProcess``)."""
        return self.process.times_us(generator, horizon_us, busyness=busyness)


def _read_counts(path: Path, column: str) -> list[float]:
    rows, separator = _read_rows(path)
    header = [name.strip() for name in rows[0][1]] if rows else []
    if column not in header:
        raise file_error(
            path,
            f"no column '{column}'; the first line names {', '.join(header) or 'no columns'}",
            line=1,
            hint="name the column of call counts in the first line, or state `column:`",
            code="X001",
        )
    if len(rows) > MAX_ROWS + 1:
        raise file_error(
            path,
            f"more than {MAX_ROWS:,} rows; a horizon has at most that many intervals",
            line=rows[-1][0],
            hint="keep one row an interval; calls one by one are a trace (kind: trace)",
        )
    if len(rows) == 1:
        raise file_error(path, "the file has a first line but no counts", line=2)
    index = header.index(column)
    counts = []
    for line, row in rows[1:]:
        cell = row[index].strip() if index < len(row) else ""
        if len(row) > len(header):
            raise file_error(
                path,
                f"{counted(len(row), 'cell')}; the first line names {len(header)}",
                line=line,
                hint='write decimals with a point, and a text with a comma in it in quotes: "so, and so"',
            )
        try:
            count = float(cell)
        except ValueError:
            count = -1.0
        if not 0 <= count < math.inf:
            raise file_error(
                path,
                f"'{cell}' in column '{column}' is not a number of calls, 0 or more",
                line=line,
                at=_place(path, line, index, row, separator),
                hint="fill in what is missing; write 0 where nobody calls" if not cell else "",
            )
        counts.append(count)
    return counts


def _read_rows(path: Path) -> tuple[list[tuple[int, list[str]]], str]:
    """The rows of a file with their line numbers, at most one more than allowed; and the separator of their cells."""
    try:
        require_size(path)
        # utf-8-sig: spreadsheets put a byte-order mark before the first name.
        with path.open(newline="", encoding="utf-8-sig") as file:
            first = file.readline()
            separator = separator_of(first)
            reader = csv.reader(chain([first], file), delimiter=separator)
            rows = list(islice(((reader.line_num, row) for row in reader if any(row)), MAX_ROWS + 2))
    except UnicodeDecodeError:
        raise file_error(path, "the file of call counts is not UTF-8 text", hint=NOT_UTF8) from None
    except (OSError, csv.Error) as error:
        raise file_error(path, f"the file of call counts cannot be read: {error}") from error
    return rows, separator


def _place(path: Path, line: int, index: int, row: list[str], separator: str) -> int:
    """Where a cell begins; for a missing cell, the end of the row."""
    return place_of(path, line, index, separator) if index < len(row) else sum(len(cell) + 1 for cell in row) + 1


ARRIVALS = CsvCounts
