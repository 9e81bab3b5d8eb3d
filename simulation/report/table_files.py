"""Data frames as files: a folder of CSV or Parquet files, or one Excel workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TableFormat", "write_tables"]

TableFormat = Literal["csv", "parquet"]


def write_tables(tables: Mapping[str, pd.DataFrame], place: str | Path, form: TableFormat = "csv") -> list[Path]:
    """Write data frames into a folder, one file each, or into one workbook, one sheet each.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
    place : str or Path
        A folder, created if it does not exist; or a file that ends in ``.xlsx``.
    form : {"csv", "parquet"}
        The format of the files in a folder.

    Returns
    -------
    list of Path
        The files.

    Examples
    --------
    >>> import tempfile, pandas as pd
    >>> folder = tempfile.mkdtemp()
    >>> [file.name for file in write_tables({"queues": pd.DataFrame({"queue": ["billing"]})}, folder)]
    ['queues.csv']
    """
    place = Path(place)
    if place.suffix.lower() == ".xlsx":
        _write_workbook(tables, place)
        return [place]
    place.mkdir(parents=True, exist_ok=True)
    files = []
    for name, table in tables.items():
        file = place / f"{name}.{form}"
        if form == "csv":
            table.to_csv(file, index=False, lineterminator="\n")
        else:
            table.to_parquet(file, index=False)
        files.append(file)
    return files


def _write_workbook(tables: Mapping[str, pd.DataFrame], file: Path) -> None:
    """Write one sheet a table: the header stays in view, and columns are as wide as their names."""
    import pandas as pd

    with pd.ExcelWriter(file, engine="openpyxl") as book:
        for name, table in tables.items():
            table.to_excel(book, sheet_name=name, index=False)
            sheet = book.sheets[name]
            sheet.freeze_panes = "B2"
            for i, column in enumerate(table.columns, 1):
                letters = sheet.cell(row=1, column=i).column_letter
                sheet.column_dimensions[letters].width = max(len(str(column)) + 2, 10)
