"""What calls leave behind: one schema, whether the calls were live or simulated.

Four tables. ``calls`` has one row a call, ``visits`` one row each time a call
joins a queue, ``steps`` one row a node visited, ``agents`` one row an agent's
shift. Times are int64 microseconds from the start of the scenario (or of the
log). Names (queues, intents ...) are stored as small integer codes beside a
tuple of the names, and written to files as the names themselves. ``NONE`` (-1)
means "does not apply" wherever a column says so; in files it is an empty cell
(CSV) or a null (Parquet).

Waits, sums and shares are never stored: they are derived in ``ivr.records.measures``.
The wait of a visit is ``left_us - offered_us``, whatever its result.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from flows.source.finding import Finding, IvrError
from ivr.records.schema import (
    FIXED_NAMES,
    NAME_KEYS,
    NEVER,
    NONE,
    OUTCOMES,
    REPLICATION,
    RESULTS,
    SCHEMA,
    SOURCES,
    Column,
    outcome_code,
    result_code,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "NEVER",
    "NONE",
    "OUTCOMES",
    "RESULTS",
    "SCHEMA",
    "SOURCES",
    "Column",
    "Records",
    "RecordsError",
    "concatenate",
    "empty",
    "empty_table",
    "outcome_code",
    "read",
    "read_columns",
    "read_table",
    "result_code",
    "to_pandas",
    "write",
    "write_table",
]


class RecordsError(IvrError):
    """A table or file that does not hold records; the finding says which column and what is expected."""

    def __init__(self, message: str, *, file: str = "", hint: str = "") -> None:
        super().__init__(Finding(code="records", severity="error", message=message, file=file, hint=hint))


def _check_table(table: str, columns: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
    wanted = SCHEMA[table] + ((REPLICATION,) if "replication" in columns else ())
    missing = [c.name for c in wanted if c.name not in columns]
    extra = sorted(set(columns) - {c.name for c in wanted})
    if missing or extra:
        raise RecordsError(
            f"{table}: missing columns {missing or 'none'}, unknown columns {extra or 'none'}; "
            f"the columns are {', '.join(c.name for c in wanted)}"
        )
    checked = {}
    for column in wanted:
        # A read-only view: records are a result, not a scratch pad.
        values = np.asarray(columns[column.name]).astype(column.dtype, casting="same_kind", copy=False).view()
        values.flags.writeable = False
        checked[column.name] = values
    lengths = {name: len(values) for name, values in checked.items()}
    if len(set(lengths.values())) > 1:
        raise RecordsError(f"{table}: columns of unequal length {lengths}")
    return MappingProxyType(checked)


@dataclass(frozen=True)
class Records:
    """The four tables of one run, one log, or several replications together.

    Parameters
    ----------
    calls, visits, steps, agents : Mapping[str, numpy.ndarray]
        Columns by name, as ``SCHEMA`` says; all of one table have equal length.
        After ``concatenate`` each table also has ``replication``.
    names : Mapping[str, tuple[str, ...]]
        For each key (queue, group, intent, language, path, node, step_outcome)
        the names that codes index. A missing key is filled with no names;
        ``source``, ``outcome`` and ``result`` are fixed.
    horizon_us : int
        Length of the period in which calls arrived, microseconds.
    begins_us : int or None
        The moment from which all times are counted, microseconds since 1970-01-01 UTC; None when it is not known.
    zone : str
        IANA zone whose clock the calls lived by; empty when it is not known.
    labels : Mapping[str, str]
        What people call the queues, by queue; one that is missing is called as in `names`.

    Raises
    ------
    RecordsError
        If a column is missing, unknown, of another type or another length.

    Examples
    --------
    >>> records = empty(horizon_us=3_600_000_000, names={"queue": ("billing",)})
    >>> len(records.calls["arrived_us"]), records.names["queue"]
    (0, ('billing',))
    """

    calls: Mapping[str, np.ndarray]
    visits: Mapping[str, np.ndarray]
    steps: Mapping[str, np.ndarray]
    agents: Mapping[str, np.ndarray]
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    horizon_us: int = 0
    begins_us: int | None = None
    zone: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table in SCHEMA:
            object.__setattr__(self, table, _check_table(table, getattr(self, table)))
        unknown = sorted(set(self.names) - set(NAME_KEYS))
        if unknown:
            raise RecordsError(f"names: unknown keys {unknown}; the keys are {', '.join(NAME_KEYS)}")
        names = {key: tuple(self.names.get(key, ())) for key in NAME_KEYS} | FIXED_NAMES
        object.__setattr__(self, "names", MappingProxyType(names))
        object.__setattr__(self, "labels", MappingProxyType(dict(self.labels)))


def empty_table(table: str, rows: int = 0) -> dict[str, np.ndarray]:
    """Return a writable table of so many rows, ``NONE`` where a column is optional and 0 elsewhere.

    >>> empty_table("visits", 2)["answered_us"].tolist()
    [-1, -1]
    """
    return {c.name: np.full(rows, NONE if c.optional else 0, c.dtype) for c in SCHEMA[table]}


def empty(*, horizon_us: int = 0, names: Mapping[str, tuple[str, ...]] | None = None) -> Records:
    """Return records of no calls.

    >>> empty().visits["left_us"].tolist()
    []
    """
    return Records(**{table: empty_table(table) for table in SCHEMA}, names=names or {}, horizon_us=horizon_us)


def concatenate(parts: Sequence[Records]) -> Records:
    """Return several replications as one, with a ``replication`` column in every table.

    Parameters
    ----------
    parts : sequence of Records
        At least one; same names and same horizon; not concatenated before. All begin as the first does.

    Returns
    -------
    Records
        Rows of part i have ``replication`` i. ``call_id`` and ``agent`` are
        unique only together with it.

    Raises
    ------
    RecordsError
        If there is no part, or if names or horizons differ.

    Examples
    --------
    >>> both = concatenate([empty(), empty()])
    >>> "replication" in both.calls
    True
    """
    if not parts:
        raise RecordsError("concatenate: no records given; give at least one")
    first = parts[0]
    tables: dict[str, dict[str, np.ndarray]] = {}
    for i, part in enumerate(parts):
        if dict(part.names) != dict(first.names) or part.horizon_us != first.horizon_us:
            raise RecordsError(f"concatenate: part {i} has other names or another horizon than part 0")
        if "replication" in part.calls:
            raise RecordsError(f"concatenate: part {i} already has a replication column")
    for table, columns in SCHEMA.items():
        joined = {c.name: np.concatenate([getattr(p, table)[c.name] for p in parts]) for c in columns}
        sizes = [len(getattr(p, table)[columns[0].name]) for p in parts]
        joined["replication"] = np.repeat(np.arange(len(parts), dtype="i4"), sizes)
        tables[table] = joined
    return Records(
        **tables,
        names=first.names,
        horizon_us=first.horizon_us,
        begins_us=first.begins_us,
        zone=first.zone,
        labels=first.labels,
    )


def _columns_of(table: str, columns: Iterable[str]) -> tuple[Column, ...]:
    return ((REPLICATION,) if "replication" in columns else ()) + SCHEMA[table]


def _as_objects(column: Column, values: np.ndarray, names: Mapping[str, tuple[str, ...]]) -> list:
    """Values as they are written: names instead of codes, None instead of NONE."""
    if column.names:
        known = names[column.names]
        if len(values) and not (values.min() >= -1 and values.max() < len(known)):
            raise RecordsError(f"column '{column.name}' has a code outside the {len(known)} names of '{column.names}'")
        lookup = np.array([*known, None], dtype=object)
        return lookup[values].tolist()
    plain = values.tolist()
    return [None if v == NONE else v for v in plain] if column.optional else plain


def write_table(records: Records, table: str, path: str | Path) -> None:
    """Write one table to a ``.csv`` or ``.parquet`` file.

    Parameters
    ----------
    records : Records
    table : str
        ``"calls"``, ``"visits"``, ``"steps"`` or ``"agents"``.
    path : str or Path
        The ending chooses the format.

    Raises
    ------
    RecordsError
        If the table or the ending is unknown.
    """
    path = Path(path)
    if table not in SCHEMA:
        raise RecordsError(f"unknown table '{table}'; the tables are {', '.join(SCHEMA)}")
    data = getattr(records, table)
    columns = _columns_of(table, data)
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([c.name for c in columns])
            writer.writerows(zip(*(_csv_cells(c, data[c.name], records.names) for c in columns)))
    elif path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table({c.name: _arrow_array(c, data[c.name], records.names) for c in columns}), path)
    else:
        raise RecordsError(f"'{path.name}' ends in '{path.suffix}'; records are written to .csv or .parquet")


def _csv_cells(column: Column, values: np.ndarray, names: Mapping[str, tuple[str, ...]]) -> list:
    cells = _as_objects(column, values, names)
    return [str(v).lower() for v in cells] if column.dtype == "b1" else cells


def _arrow_array(column: Column, values: np.ndarray, names: Mapping[str, tuple[str, ...]]):
    import pyarrow as pa

    mask = values == NONE if column.optional else None
    if not column.names:
        return pa.array(values, mask=mask)
    codes = pa.array(values.astype("i4"), mask=mask)
    return pa.DictionaryArray.from_arrays(codes, pa.array(names[column.names], pa.string()))


def read_table(
    path: str | Path,
    table: str,
    *,
    names: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[dict[str, np.ndarray], dict[str, tuple[str, ...]]]:
    """Read one table back from a ``.csv`` or ``.parquet`` file.

    Parameters
    ----------
    path : str or Path
        A file as ``write_table`` writes it.
    table : str
        Which table it holds.
    names : mapping, optional
        Names already known, whose codes are kept; new names are added behind them.

    Returns
    -------
    columns : dict of str to numpy.ndarray
    names : dict of str to tuple of str
        The given names and those found in the file, in order of appearance.

    Raises
    ------
    RecordsError
        If a column is missing or a cell cannot be read.
    """
    path = Path(path)
    raw = read_columns(path)
    known = dict(names or {})
    columns = {}
    for column in _columns_of(table, raw):
        if column.name not in raw:
            raise RecordsError(
                f"column '{column.name}' of table {table} is missing", file=str(path), hint=column.meaning
            )
        columns[column.name] = _from_objects(column, raw[column.name], known, str(path))
    return columns, known


def read_columns(path: Path) -> dict[str, list]:
    """The columns of any file as lists of strings (CSV) or values (Parquet); RecordsError says what cannot be read."""
    if path.suffix not in (".csv", ".parquet"):
        raise RecordsError(f"the name ends in '{path.suffix}'; records are read from .csv or .parquet", file=str(path))
    try:
        if path.suffix == ".parquet":
            import pyarrow.parquet as pq

            return pq.read_table(path).to_pydict()
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            rows = list(reader)
    except (OSError, ValueError) as error:  # pyarrow's ArrowInvalid is a ValueError
        raise RecordsError(f"cannot be read: {error}", file=str(path)) from error
    ragged = next((i for i, row in enumerate(rows, 2) if len(row) != len(header)), None)
    if ragged:
        raise RecordsError(f"line {ragged} has another number of cells than the {len(header)} columns", file=str(path))
    return dict(zip(header, map(list, zip(*rows)))) if rows else {name: [] for name in header}


def _from_objects(column: Column, cells: list, known: dict[str, tuple[str, ...]], where: str) -> np.ndarray:
    if column.names:
        order = {name: code for code, name in enumerate(FIXED_NAMES.get(column.names, known.get(column.names, ())))}
        codes = [NONE if cell in (None, "") else order.setdefault(cell, len(order)) for cell in cells]
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
            f"column '{column.name}' holds a value that is no whole number: {error}", file=where
        ) from error


def write(records: Records, folder: str | Path, *, format: str = "parquet") -> None:
    """Write all tables into a folder, with ``records.json`` for names and horizon.

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
    for table in SCHEMA:
        write_table(records, table, folder / f"{table}.{format}")
    about = {
        "horizon_us": records.horizon_us,
        "begins_us": records.begins_us,
        "zone": records.zone,
        "labels": dict(records.labels),
        "format": format,
        "names": {k: list(v) for k, v in records.names.items()},
    }
    (folder / "records.json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(folder: str | Path) -> Records:
    """Read back what ``write`` wrote; RecordsError says what cannot be read."""
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
        labels = {str(queue): str(label) for queue, label in about.get("labels", {}).items()}
    except (KeyError, TypeError, AttributeError, ValueError):
        raise RecordsError(
            "does not say names, format and horizon_us",
            file=str(folder / "records.json"),
            hint="write the folder again",
        ) from None
    tables = {}
    for table in SCHEMA:
        tables[table], names = read_table(folder / f"{table}.{form}", table, names=names)
    return Records(**tables, names=names, horizon_us=horizon_us, begins_us=begins_us, zone=zone, labels=labels)


def to_pandas(records: Records, table: str = "calls") -> pd.DataFrame:
    """Return one table as a pandas DataFrame: names as categories, NONE as missing.

    >>> to_pandas(empty()).columns[:3].tolist()
    ['call_id', 'source', 'arrived_us']
    """
    import pandas as pd

    data = getattr(records, table)
    frame = {}
    for column in _columns_of(table, data):
        values = data[column.name]
        if column.names:
            frame[column.name] = pd.Categorical.from_codes(
                values.astype("i4"), categories=list(records.names[column.names])
            )
        elif column.optional:
            frame[column.name] = pd.array(values, dtype="Int64")
            frame[column.name][values == NONE] = pd.NA
        else:
            frame[column.name] = values.copy()
    return pd.DataFrame(frame)
