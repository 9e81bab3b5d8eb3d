"""Poisson arrivals whose expected counts are read from a CSV file."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from simulation.arrays import Times
from simulation.workload.arrivals.base import Busyness, file_error
from simulation.workload.arrivals.per_interval import PerInterval
from simulation.workload.csv_table import CsvTable, read_csv_table

__all__ = ["ARRIVALS", "CsvCounts", "count_in"]


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
    table = read_csv_table(path, what="file of call counts")
    cells = table.column(column, hint="name the column of call counts in the first line, or state `column:`")
    if not cells:
        raise file_error(path, "the file has a first line but no counts", line=2)
    return [count_in(table, row, column, cell) for row, cell in enumerate(cells)]


def count_in(table: CsvTable, row: int, column: str, cell: str) -> float:
    """The number of calls in a cell.

    Raises
    ------
    ScenarioError
        If it is no number, or below 0.
    """
    try:
        count = float(cell)
    except ValueError:
        count = -1.0
    if not 0 <= count < math.inf:
        line, at = table.place(row, column)
        raise file_error(
            table.path,
            f"'{cell}' in column '{column}' is not a number of calls, 0 or more",
            line=line,
            at=at,
            hint="fill in what is missing; write 0 where nobody calls" if not cell else "",
        )
    return count


ARRIVALS = CsvCounts
