"""One table as the only sheet of an Excel workbook, for those who go on in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

__all__ = ["MOST_ROWS", "read_sheet", "write_sheet"]

MOST_ROWS = 1_048_575
"""Rows below the header that a sheet can hold (Excel specifications and limits, Microsoft)."""


def write_sheet(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a header and rows; a cell is a number, a text, True, False or None.

    Parameters
    ----------
    path : Path
        A ``.xlsx`` file; one that exists is replaced.
    header : sequence of str
    rows : iterable of sequences
        At most `MOST_ROWS`.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(path.stem[:31])
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    book.save(path)


def read_sheet(path: Path) -> dict[str, list[Any]]:
    """The columns of a workbook's first sheet, by the names in its first row; columns without a name, and empty
    rows at the end, are left out.

    Parameters
    ----------
    path : Path

    Raises
    ------
    OSError, ValueError
        When the file cannot be read, or two columns have the same name.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, InvalidFileException) as error:
        raise ValueError(f"not an Excel workbook ({error})") from None
    try:
        header, *rows = list(book.worksheets[0].values) or [()]
    finally:
        book.close()
    names = ["" if name is None else str(name).strip() for name in header]
    if twice := next((name for name in names if name and names.count(name) > 1), ""):
        raise ValueError(f"two columns are called '{twice}'")
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    return {name: [row[place] for row in rows] for place, name in enumerate(names) if name}
