"""Records as files: one CSV or Parquet file per table, and a folder for all of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from flows.source.counted import counted
from ivr.records.call_rows import call_rows
from ivr.records.cells import Cell, as_cells
from ivr.records.columns import ColumnArray
from ivr.records.schema import FIXED_NAMES, NONE, SCHEMA, SOMETIMES, Column
from ivr.records.tables import Records, RecordsError, columns_of

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["read", "read_columns", "read_table", "write", "write_calls", "write_table"]


def write_table(records: Records, table: str, path: str | Path) -> None:
    """Write one table to a ``.csv`` or ``.parquet`` file.

    Parameters
    ----------
    records : Records
    table : str
        ``"calls"``, ``"visits"``, ``"steps"``, ``"agents"``, ``"outbound"``, ``"pauses"`` or ``"in_hand"``.
    path : str or Path
        The extension decides the format.

    Raises
    ------
    RecordsError
        If the table or the extension is unknown.
    """
    path = Path(path)
    if table not in SCHEMA:
        raise RecordsError(f"unknown table '{table}'; the tables are {', '.join(SCHEMA)}")
    data = getattr(records, table)
    columns = columns_of(table, data)
    if path.suffix == ".csv":
        cells = (_csv_cells(as_cells(c, data[c.name], records.names)) for c in columns)
        _write_csv(path, [c.name for c in columns], cells)
    elif path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table({c.name: _arrow_array(c, data[c.name], records.names) for c in columns}), path)
    else:
        raise RecordsError(f"'{path.name}' ends in '{path.suffix}'; records are written to .csv or .parquet")


def _csv_cells(cells: Sequence[Cell]) -> Sequence[Cell]:
    return [str(cell).lower() if isinstance(cell, bool) else cell for cell in cells]


def _arrow_array(column: Column, values: ColumnArray, names: Mapping[str, tuple[str, ...]]) -> pa.Array:
    import pyarrow as pa

    mask = values == NONE if column.optional else None
    if not column.names:
        return pa.array(values, mask=mask)
    codes = pa.array(values.astype("i4"), mask=mask)
    return pa.DictionaryArray.from_arrays(codes, pa.array(names[column.names], pa.string()))


def write_calls(records: Records, path: str | Path) -> None:
    """Write the rows of calls to a ``.csv`` or ``.parquet`` file.

    Parameters
    ----------
    records : Records
    path : str or Path
        The extension decides the format.

    Raises
    ------
    RecordsError
        If the extension is unknown.
    """
    path = Path(path)
    rows = call_rows(records)
    if path.suffix == ".csv":
        _write_csv(path, list(rows), (_csv_cells(cells) for cells in rows.values()))
    elif path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table(dict(rows)), path)
    else:
        raise RecordsError(f"'{path.name}' ends in '{path.suffix}'; calls are written to .csv or .parquet")


def _write_csv(path: Path, names: Sequence[str], columns: Iterable[Sequence[Cell]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(zip(*columns, strict=True))


def read_table(
    path: str | Path,
    table: str,
    *,
    names: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[dict[str, ColumnArray], dict[str, tuple[str, ...]]]:
    """Read one table back from a ``.csv`` or ``.parquet`` file.

    Parameters
    ----------
    path : str or Path
        A file as ``write_table`` writes it.
    table : str
        Which table it holds.
    names : mapping, optional
        Names already known, whose codes are kept; new names are added after them.

    Returns
    -------
    columns : dict of str to numpy.ndarray
    names : dict of str to tuple of str
        The given names, then those found in the file in order of appearance.

    Raises
    ------
    RecordsError
        If a column is missing or a cell cannot be read.
    """
    path = Path(path)
    raw = read_columns(path)
    known = dict(names or {})
    columns = {}
    for column in columns_of(table, raw):
        if column.name not in raw and column.later:
            continue
        if column.name not in raw:
            raise RecordsError(
                f"column '{column.name}' of table {table} is missing", file=str(path), hint=column.meaning
            )
        columns[column.name] = _from_objects(column, raw[column.name], known, str(path))
    return columns, known


def read_columns(path: Path) -> dict[str, list[Cell]]:
    """Read the columns of any CSV or Parquet file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict of str to list
        Strings from CSV, values from Parquet.

    Raises
    ------
    RecordsError
        If the file cannot be read.
    """
    if path.suffix not in (".csv", ".parquet"):
        raise RecordsError(f"the name ends in '{path.suffix}'; records are read from .csv or .parquet", file=str(path))
    try:
        if path.suffix == ".parquet":
            import pyarrow.parquet as pq

            columns: dict[str, list[Cell]] = pq.read_table(path).to_pydict()
            return columns
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            rows = list(reader)
    except (OSError, ValueError) as error:  # pyarrow's ArrowInvalid is a ValueError
        raise RecordsError(f"cannot be read: {error}", file=str(path)) from error
    ragged = next((i for i, row in enumerate(rows, 2) if len(row) != len(header)), None)
    if ragged:
        raise RecordsError(
            f"line {ragged} has another number of cells than the {counted(len(header), 'column')}", file=str(path)
        )
    return {name: [row[i] for row in rows] for i, name in enumerate(header)}


def _from_objects(column: Column, cells: Sequence[Cell], known: dict[str, tuple[str, ...]], where: str) -> ColumnArray:
    if column.names:
        order = {name: code for code, name in enumerate(FIXED_NAMES.get(column.names, known.get(column.names, ())))}
        codes = [NONE if cell in (None, "") else order.setdefault(str(cell), len(order)) for cell in cells]
        fixed = FIXED_NAMES.get(column.names)
        if fixed and len(order) > len(fixed):
            raise RecordsError(
                f"'{list(order)[len(fixed)]}' in column '{column.name}' is not one of {', '.join(fixed)}", file=where
            )
        known[column.names] = tuple(order)
        return np.array(codes, dtype=column.dtype)
    if column.dtype == "b1":
        return np.array([cell in (True, "true") for cell in cells], dtype="b1")
    try:
        return np.array([NONE if cell in (None, "") else int(cell) for cell in cells], dtype=column.dtype)
    except (ValueError, OverflowError) as error:
        raise RecordsError(
            f"column '{column.name}' holds a value that is not a whole number: {error}", file=where
        ) from error


def write(records: Records, folder: str | Path, *, format: str = "parquet") -> None:
    """Write all tables into a folder, with ``records.json`` for names and horizon; those of SOMETIMES if any.

    Parameters
    ----------
    records : Records
    folder : str or Path
        Created if it does not exist.
    format : str
        ``"parquet"`` or ``"csv"``.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tables = [table for table in SCHEMA if table not in SOMETIMES or len(getattr(records, table)["agent"])]
    for table in SCHEMA:
        if table in tables:
            write_table(records, table, folder / f"{table}.{format}")
        else:
            (folder / f"{table}.{format}").unlink(missing_ok=True)  # of earlier records
    about = {
        "horizon_us": records.horizon_us,
        "replications": records.replications,
        "begins_us": records.begins_us,
        "zone": records.zone,
        "labels": dict(records.labels),
        "format": format,
        "tables": tables,
        "names": {k: list(v) for k, v in records.names.items()},
    }
    (folder / "records.json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(folder: str | Path) -> Records:
    """Read back the folder that ``write`` wrote.

    Parameters
    ----------
    folder : str or Path

    Returns
    -------
    Records

    Raises
    ------
    RecordsError
        If a file is missing or cannot be read.
    """
    folder = Path(folder)
    try:
        about = json.loads((folder / "records.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RecordsError(f"cannot be read: {error}", file=str(folder / "records.json")) from error
    try:
        names = {key: tuple(values) for key, values in about["names"].items()}
        form, horizon_us = str(about["format"]), int(about["horizon_us"])
        begins_us, zone = about.get("begins_us"), str(about.get("zone", ""))
        begins_us = None if begins_us is None else int(begins_us)
        replications = int(about.get("replications", 0))
        there = set(about.get("tables", ()))
        labels = {str(queue): str(label) for queue, label in about.get("labels", {}).items()}
    except (KeyError, TypeError, AttributeError, ValueError):
        raise RecordsError(
            "does not say names, format and horizon_us",
            file=str(folder / "records.json"),
            hint="write the folder again",
        ) from None
    tables: dict[str, dict[str, ColumnArray]] = {}
    for table in SCHEMA:
        if table not in SOMETIMES or table in there:
            tables[table], names = read_table(folder / f"{table}.{form}", table, names=names)
    return Records(
        **tables,
        names=names,
        horizon_us=horizon_us,
        begins_us=begins_us,
        zone=zone,
        labels=labels,
        replications=replications,
    )
