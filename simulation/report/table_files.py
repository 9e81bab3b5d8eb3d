"""Tables as files: a folder of CSV or Parquet files, or one Excel workbook."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from simulation.experiment.result_rows import Row

__all__ = ["TableFormat", "write_rows", "write_tables"]

TableFormat = Literal["csv", "parquet"]


def write_tables(tables: Mapping[str, Sequence[Row]], place: str | Path, form: TableFormat = "csv") -> list[Path]:
    """Write tables into a folder, one file each, or into one workbook, one sheet each.

    Parameters
    ----------
    tables : mapping of str to sequence of Row
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
    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> [file.name for file in write_tables({"queues": [{"queue": "billing"}]}, folder)]
    ['queues.csv']
    """
    place = Path(place)
    if place.suffix.lower() == ".xlsx":
        _write_workbook(tables, place)
        return [place]
    place.mkdir(parents=True, exist_ok=True)
    write = _write_csv if form == "csv" else _write_parquet
    files = [place / f"{name}.{form}" for name in tables]
    for file, rows in zip(files, tables.values(), strict=True):
        write(file, rows)
    return files


def write_rows(name: str, rows: Sequence[Row], file: Path) -> None:
    """Write one table as Parquet or a workbook if the file ends in ``.parquet`` or ``.xlsx``, else as CSV.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "roster.csv")
    >>> write_rows("roster", [{"person": "Ann", "start": "08:00"}], file)
    >>> file.read_text("utf-8").splitlines()
    ['person,start', 'Ann,08:00']
    """
    if file.suffix.lower() == ".xlsx":
        _write_workbook({name: rows}, file)
    elif file.suffix.lower() == ".parquet":
        _write_parquet(file, rows)
    else:
        _write_csv(file, rows)


def _columns(rows: Sequence[Row]) -> list[str]:
    """The columns of a table; some rows may lack some of them."""
    return list(dict.fromkeys(name for row in rows for name in row))


def _write_csv(file: Path, rows: Sequence[Row]) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, _columns(rows), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_parquet(file: Path, rows: Sequence[Row]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({name: [row.get(name) for row in rows] for name in _columns(rows)}), file)


def _write_workbook(tables: Mapping[str, Sequence[Row]], file: Path) -> None:
    """Write one sheet a table: the header stays in view, and columns are as wide as their names."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet, columns = book.create_sheet(name), _columns(rows)
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column) for column in columns])
        sheet.freeze_panes = "B2"
        for i, column in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(i)].width = max(len(column) + 2, 10)
    book.save(file)
