"""Files of separated columns as spreadsheets and logs write them: which character separates, and where a cell
stands.
"""

from __future__ import annotations

import csv
from pathlib import Path

__all__ = ["SEPARATORS", "place_of", "separator_of"]

SEPARATORS = (",", ";", "\t", "|")


def separator_of(header: str) -> str:
    """What separates the columns of a file: the character by which the line of names falls into most parts.

    Parameters
    ----------
    header : str
        The first line.

    Examples
    --------
    >>> separator_of("date;time;caller"), separator_of('"when, exactly"|wants'), separator_of("arrived_us")
    (';', '|', ',')
    """
    return max(SEPARATORS, key=lambda one: len(next(csv.reader([header], delimiter=one), [])))


def place_of(path: Path, line: int, index: int, separator: str) -> int:
    """The column, in characters from 1, at which a cell begins in its line; 1 where the row began on a line before.

    Parameters
    ----------
    path : Path
    line : int
        From 1.
    index : int
        Which cell, from 0.
    separator : str
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        text = next((one for number, one in enumerate(file, 1) if number == line), "")
    cells, quoted = [0], False
    for at, character in enumerate(text):
        quoted ^= character == '"'
        if character == separator and not quoted:
            cells.append(at + 1)
    return cells[index] + 1 if index < len(cells) else 1
