"""Reads a table of text cells from a CSV file, a Parquet file or a spreadsheet, whatever its encoding and separator."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from flows.source.counted import counted
from flows.source.finding import Finding, IvrError
from ivr.records.files import read_columns
from simulation.call_logs.damage import Damage
from simulation.workload.arrivals._csv_cells import separator_of

__all__ = ["ENDINGS", "Table", "read_table", "read_text", "unreadable"]

SPREADSHEETS = (".xlsx", ".xlsm")
ENDINGS = (".csv", ".tsv", ".txt", ".log", ".parquet", *SPREADSHEETS)
_MOST_BYTES = 2_000_000_000
_PREAMBLE = 25


@dataclass(frozen=True)
class Table:
    """Named columns of cells, and the line of each row.

    Parameters
    ----------
    path : Path
    columns : dict of str to list
        Texts; in Parquet and spreadsheets also numbers, dates and times.
    lines : list of int
    damage : Damage
        What was wrong with rows that were left out.
    """

    path: Path
    columns: dict[str, list[Any]]
    lines: list[int]
    damage: Damage = field(repr=False)

    def __len__(self) -> int:
        return len(self.lines)


def unreadable(path: Path, message: str, hint: str) -> IvrError:
    """The error of a file that cannot be used as a log."""
    return IvrError(Finding(code="K001", severity="error", message=message, file=str(path), hint=hint))


def read_text(path: Path, damage: Damage, *, most: int | None = None) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252; lines in another encoding than the rest are reported.

    Parameters
    ----------
    path : Path
    damage : Damage
        Gets a finding for each line that is not UTF-8 in a file that mostly is.
    most : int, optional
        Read about this many bytes only.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise unreadable(path, f"the file has {path.stat().st_size:,} bytes", "split it by month")
        with path.open("rb") as file:
            raw = file.read() if most is None else file.read(most)
    except OSError as error:
        raise unreadable(path, f"the log cannot be read: {error.strerror or error}", "check the path") from None
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    lines, odd, wide = raw.split(b"\n"), [], 0
    for number, line in enumerate(lines, 1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            wide += 1
        except UnicodeDecodeError:
            odd.append(number)
    if wide and most is None:
        for number in odd:
            damage.add(
                "K006",
                "the line is not UTF-8 as others are; it is read as Windows-1252",
                number,
                what="lines in a second encoding",
                hint="write the whole log in UTF-8",
            )
    return "\n".join(_decoded(line) for line in lines).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def read_table(path: Path) -> Table:
    """Read a table; rows that do not fit the header are reported and left out.

    Raises
    ------
    IvrError
        K001, when the file cannot be read or holds no table.
    """
    damage = Damage(str(path))
    if path.suffix == ".parquet":
        columns: dict[str, list[Any]] = dict(read_columns(path))
        return Table(path, columns, list(range(1, 1 + max(map(len, columns.values()), default=0))), damage)
    if path.suffix in SPREADSHEETS:
        rows = _spreadsheet(path)
        return _with_header(path, [row for _, row in rows], [line for line, _ in rows], damage)
    text = read_text(path, damage).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text[:4000]:
        raise unreadable(path, "the file is not text", "name a CSV, Parquet or Excel file")
    head = "\n".join(text.split("\n", _PREAMBLE)[:_PREAMBLE])
    split = _splitter(head)
    cells, lines = [], []
    reader = csv.reader(text.split("\n"), delimiter=split) if split else None
    if reader is None:
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                cells.append(re.split(r"\s+", line.strip()))
                lines.append(number)
    else:
        begins = 1
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    cells.append([cell.strip() for cell in row])
                    lines.append(begins)
                begins = reader.line_num + 1
        except csv.Error as error:
            raise unreadable(path, f"line {reader.line_num} cannot be read: {error}", "check its quotes") from None
    return _with_header(path, cells, lines, damage)


def _splitter(head: str) -> str:
    """The separator of a text; empty when only spaces separate."""
    lines = [line for line in head.split("\n") if line.strip()]
    if not lines:
        return ","
    widest = max(lines, key=lambda line: len(next(csv.reader([line], delimiter=separator_of(line)), [])))
    separator = separator_of(widest)
    if separator in widest:
        return separator
    return "" if len(widest.split()) > 1 and len({len(line.split()) for line in lines}) == 1 else ","


def _spreadsheet(path: Path) -> list[tuple[int, list[Any]]]:
    """The rows of the first sheet, with their numbers."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise unreadable(path, "Excel files need openpyxl, which is not installed", "pip install openpyxl") from None
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise unreadable(path, f"the spreadsheet cannot be read: {error}", "save it as CSV") from None
    rows = [["" if cell is None else cell for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    return [(number, row) for number, row in enumerate(rows, 1) if any(str(cell).strip() for cell in row)]


def _with_header(path: Path, rows: list[list[Any]], lines: list[int], damage: Damage) -> Table:
    if not rows:
        raise unreadable(path, "the file is empty", "name a log with a row for each call or interval")
    width = Counter(len(_trimmed(row)) for row in rows[: 4 * _PREAMBLE]).most_common(1)[0][0]
    at = next(
        (i for i, row in enumerate(rows[:_PREAMBLE]) if len(_trimmed(row)) >= max(width - 1, 1) and _names(row)), None
    )
    if at is None:
        raise unreadable(
            path, "no line names the columns", "let the first line name them, for example: arrived,queue,wait,talk"
        )
    header = [str(name).strip() for name in _trimmed(rows[at])]
    for i, name in enumerate(header):
        if not name or name in header[:i]:
            header[i] = f"{name or 'column'}_{i + 1}"
    columns: dict[str, list[Any]] = {name: [] for name in header}
    kept = []
    for row, line in zip(rows[at + 1 :], lines[at + 1 :], strict=True):
        found = _trimmed(row)
        if len(found) > len(header):
            damage.add(
                "K003",
                f"{counted(len(found), 'cell')}; the header names {len(header)}",
                line,
                what="rows with another number of cells",
                hint="the row is left out",
            )
            continue
        found = found + [""] * (len(header) - len(found))
        if len(row) < len(header) - 1 and sum(not str(cell).strip() for cell in found) > len(header) / 2:
            damage.add(
                "K003",
                f"{counted(len(row), 'cell')}; the header names {len(header)}",
                line,
                what="rows with another number of cells",
                hint="the row is left out",
            )
            continue
        kept.append(line)
        for name, cell in zip(header, found, strict=True):
            columns[name].append(cell)
    return Table(path, columns, kept, damage)


def _trimmed(row: list[Any]) -> list[Any]:
    """A row without empty cells at its end."""
    end = len(row)
    while end and not str(row[end - 1]).strip():
        end -= 1
    return row[:end]


def _names(row: list[Any]) -> bool:
    """Whether the cells of a row are names rather than values."""
    cells = [str(cell).strip() for cell in _trimmed(row)]
    return bool(cells) and sum(bool(re.match(r"[^\W\d_]", cell)) or cell in ("#", "%") for cell in cells) > 0.6 * len(
        cells
    )
