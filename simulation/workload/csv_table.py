"""A CSV file of a scenario, with a first line of names and one row for each interval, day, or both."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from flows.source.counted import counted
from flows.source.document import nearest
from simulation.workload.arrivals._csv_cells import place_of, separator_of
from simulation.workload.arrivals.base import NOT_UTF8, file_error, require_size

__all__ = ["MAX_ROWS", "CsvTable", "read_csv_table"]

MAX_ROWS = 10_000
"""A horizon has at most that many intervals."""


@dataclass(frozen=True)
class CsvTable:
    """The rows of a file.

    Parameters
    ----------
    path : Path
    header : tuple of str
        The names of the columns.
    lines : tuple of int
        The line of each row, from 1.
    rows : tuple of sequence of str
    separator : str
    """

    path: Path
    header: tuple[str, ...]
    lines: tuple[int, ...]
    rows: tuple[Sequence[str], ...]
    separator: str

    def column(self, name: str, *, hint: str = "") -> list[str]:
        """The cells of a column; empty where a row is short.

        Raises
        ------
        ScenarioError
            X001 when there is no such column.
        """
        if name not in self.header:
            near = nearest(name, self.header)
            raise file_error(
                self.path,
                f"no column '{name}'; the first line names {', '.join(self.header) or 'no columns'}",
                line=1,
                hint=hint or (f"did you mean {near!r}?" if near else "name one of these columns"),
                code="X001",
            )
        index = self.header.index(name)
        return [row[index].strip() if index < len(row) else "" for row in self.rows]

    def place(self, row: int, name: str) -> tuple[int, int]:
        """Line and column of a cell; of one that is missing, the end of its row."""
        index, cells = self.header.index(name), self.rows[row]
        if index >= len(cells):
            return self.lines[row], sum(len(cell) + 1 for cell in cells) + 1
        return self.lines[row], place_of(self.path, self.lines[row], index, self.separator)


def read_csv_table(path: Path, *, what: str = "table", most: int = MAX_ROWS) -> CsvTable:
    """Read a CSV file.

    Parameters
    ----------
    path : Path
    what : str
        What the file is called in messages.
    most : int
        Most rows that make sense.

    Raises
    ------
    ScenarioError
        If it cannot be read, is too large, or a row has more cells than the first line.
    """
    lines, rows, separator = _rows(path, what, most)
    header = tuple(name.strip() for name in rows[0]) if rows else ()
    table = CsvTable(path, header, lines[1:], tuple(rows[1:]), separator)
    if len(table.rows) > most:
        raise file_error(
            path,
            f"more than {most:,} rows; a horizon has at most that many intervals",
            line=lines[-1],
            hint="keep one row an interval; calls one by one are a trace (kind: trace)",
        )
    for line, row in zip(table.lines, table.rows, strict=True):
        if len(row) > len(header):
            raise file_error(
                path,
                f"{counted(len(row), 'cell')}; the first line names {len(header)}",
                line=line,
                hint='write decimals with a point, and a text with a comma in it in quotes: "so, and so"',
            )
    return table


def _rows(path: Path, what: str, most: int) -> tuple[tuple[int, ...], list[list[str]], str]:
    """The lines of all rows, at most one more than allowed, their cells, and what separates the cells."""
    try:
        require_size(path)
        # utf-8-sig: spreadsheets put a byte-order mark before the first name.
        with path.open(newline="", encoding="utf-8-sig") as file:
            first = file.readline()
            separator = separator_of(first)
            reader = csv.reader(chain([first], file), delimiter=separator)
            numbered = list(islice(((reader.line_num, row) for row in reader if any(row)), most + 2))
    except UnicodeDecodeError:
        raise file_error(path, f"the {what} is not UTF-8 text", hint=NOT_UTF8) from None
    except (OSError, csv.Error) as error:
        raise file_error(path, f"the {what} cannot be read: {error}") from error
    return tuple(line for line, _ in numbered), [row for _, row in numbered], separator
