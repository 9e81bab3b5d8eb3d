"""CSV files as spreadsheets and logs write them: which character separates cells, and where a cell begins."""

from __future__ import annotations

import csv
from pathlib import Path

__all__ = ["SEPARATORS", "place_of", "separator_of"]

SEPARATORS = (",", ";", "\t", "|")


def separator_of(header: str) -> str:
    """The character that separates the columns of a file: the one that splits the header into most names.

    Parameters
    ----------
    header : str
        The first line of the file.

    Examples
    --------
    >>> separator_of("date;time;caller"), separator_of('"when, exactly"|wants'), separator_of("arrived_us")
    (';', '|', ',')
    """
    return max(SEPARATORS, key=lambda one: len(next(csv.reader([header], delimiter=one), [])))


def place_of(path: Path, line: int, index: int, separator: str) -> int:
    """The column, in characters from 1, at which a cell begins; 1 if its row began on an earlier line.

    Parameters
    ----------
    path : Path
    line : int
        Line of the file, from 1.
    index : int
        Cell of the row, from 0.
    separator : str
        One of SEPARATORS.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        text = next((one for number, one in enumerate(file, 1) if number == line), "")
    cells, quoted = [0], False
    for at, character in enumerate(text):
        quoted ^= character == '"'
        if character == separator and not quoted:
            cells.append(at + 1)
    return cells[index] + 1 if index < len(cells) else 1
