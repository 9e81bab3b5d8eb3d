"""Reads the observed times that a scenario takes from files: ``{empirical: {file: calls.csv, column: talk}}``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from flows.source.document import Document, Path, nearest
from flows.source.finding import Finding, IvrError, ScenarioError
from simulation.call_logs.cells import durations
from simulation.call_logs.damage import SHOWN
from simulation.call_logs.tables import Table, read_table
from simulation.sampling.distributions import Empirical
from simulation.scenario.field_types import MAX_MEAN_S

__all__ = ["with_observed_times"]

_KEYS = ("file", "column", "unit", "where")
_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}
"""Seconds in each unit; a column whose name ends in one of them, such as ``talk_us``, has that unit."""


def with_observed_times(document: Document) -> tuple[Document, tuple[Finding, ...]]:
    """Put the times of a column in the place of every ``{empirical: {file, column, unit, where}}``.

    Parameters
    ----------
    document : Document
        A scenario, before it is checked. Paths of files are relative to it.

    Returns
    -------
    document : Document
    notes : tuple of Finding
        Warnings: rows that are left out because they have another number of cells than the header names.

    Raises
    ------
    ScenarioError
        X001 a file, column or value that is not there; X005 cells that are not times, by file and row.

    Examples
    --------
    >>> from flows.source.yaml_reader import parse
    >>> with_observed_times(parse("talk: {exponential: 3m}", "day.yaml"))[0].data
    {'talk': {'exponential': '3m'}}
    """
    reading = _Reading(document)
    data = reading.read(document.data, ())
    if reading.errors:
        raise ScenarioError(tuple(reading.errors))
    notes = [finding for table in reading.tables.values() for finding in table.damage.findings()]
    return replace(document, data=data), tuple(notes)


class _Reading:
    def __init__(self, document: Document) -> None:
        self.document, self.folder = document, FilePath(document.file).parent
        self.tables: dict[FilePath, Table] = {}
        self.errors: list[Finding] = []

    def read(self, data: Any, path: Path) -> Any:
        """The data with times in the place of what names a file; other data as they are."""
        if isinstance(data, list):
            return [self.read(value, (*path, i)) for i, value in enumerate(data)]
        if not isinstance(data, dict):
            return data
        named = data.get("empirical")
        if isinstance(named, dict) and not {"file", "column", "where"}.isdisjoint(named) and "goal" not in named:
            return {**data, "empirical": self._times(named, (*path, "empirical"))}
        return {key: self.read(value, (*path, key)) for key, value in data.items()}

    def _wrong(self, code: str, message: str, path: Path, hint: str, *, of_key: bool = False) -> None:
        self.errors.append(self.document.finding(code, message, path, hint=hint, of_key=of_key))

    def _times(self, named: Mapping[str, Any], path: Path) -> Empirical | None:
        if not self._keys_fit(named, path):
            return None
        table = self._table(named["file"], path)
        column = self._column(named, table, path) if table else None
        if table is None or column is None:
            return None
        unit = str(named.get("unit", column.rpartition("_")[2]))
        if "unit" in named and unit not in _UNITS:
            self._wrong("F003", f"{unit!r} is not a unit", (*path, "unit"), f"write {', '.join(_UNITS)}")
            return None
        rows = self._rows(named.get("where", {}), table, (*path, "where"))
        if rows is None:
            return None
        times, unread = durations([table.columns[column][row] for row in rows], unit_s=_UNITS.get(unit, 1.0))
        wrong = {*unread, *(i for i, time in enumerate(times) if time is not None and not 0 <= time <= MAX_MEAN_S)}
        if wrong:
            self.errors += _bad_rows(table, column, [rows[i] for i in sorted(wrong)])
            return None
        found = tuple(time for time in times if time is not None)
        if not found:
            self._wrong(
                "X005", f"column {column!r} of {named['file']!r} has no times", (*path, "column"), "name another column"
            )
            return None
        return Empirical(found)

    def _keys_fit(self, named: Mapping[str, Any], path: Path) -> bool:
        for key in named:
            if key not in _KEYS:
                near = nearest(str(key), _KEYS)
                hint = f"did you mean {near!r}?" if near else f"allowed here: {', '.join(_KEYS)}"
                self._wrong("F001", f"unknown key {str(key)!r}", (*path, key), hint, of_key=True)
                return False
        if not isinstance(named.get("file"), str) or not named["file"]:
            self._wrong("F002", "'file' is missing", path, "add 'file: calls.csv', the file that has the column")
            return False
        if not isinstance(named.get("where", {}), dict):
            hint = "write {COLUMN: VALUE}, for example {queue: billing}"
            self._wrong("F003", f"{named['where']!r} is not 'key: value' entries", (*path, "where"), hint)
            return False
        return True

    def _table(self, file: str, path: Path) -> Table | None:
        at = self.folder / file
        if at not in self.tables:
            if not at.is_file():
                hint = f"the path is relative to {self.document.file}"
                self._wrong("X001", f"{file!r} cannot be read", (*path, "file"), hint)
                return None
            try:
                self.tables[at] = read_table(at)
            except IvrError as error:
                self.errors.extend(error.findings)
                return None
        return self.tables[at]

    def _column(self, named: Mapping[str, Any], table: Table, path: Path) -> str | None:
        known = list(table.columns)
        if "column" not in named:
            if len(known) == 1:
                return known[0]
            self._wrong("F002", "'column' is missing", path, f"add 'column: ...', one of {', '.join(known)}")
            return None
        return (
            str(named["column"]) if self._known(str(named["column"]), named["file"], known, (*path, "column")) else None
        )

    def _known(self, column: str, file: str, known: list[str], path: Path, *, of_key: bool = False) -> bool:
        if column not in known:
            near = nearest(column, known)
            hint = f"did you mean {near!r}?" if near else f"there are {', '.join(known)}"
            self._wrong("X001", f"{file!r} has no column {column!r}", path, hint, of_key=of_key)
        return column in known

    def _rows(self, where: Mapping[str, Any], table: Table, path: Path) -> list[int] | None:
        """The rows whose cells have the values wanted; None if something is wrong."""
        rows = list(range(len(table)))
        for column, value in where.items():
            if not self._known(column, table.path.name, list(table.columns), (*path, column), of_key=True):
                return None
            cells = [str(cell).strip() for cell in table.columns[column]]
            wanted = {str(one) for one in (value if isinstance(value, list) else [value])}
            for one in sorted(wanted - set(cells)):
                few = sorted({cell for cell in cells if cell})
                near = nearest(one, few)
                hint = f"did you mean {near!r}?" if near else f"for example {', '.join(few[:5])}"
                self._wrong("X001", f"no row of column {column!r} is {one!r}", (*path, column), hint)
                return None
            rows = [row for row in rows if cells[row] in wanted]
        return rows


def _bad_rows(table: Table, column: str, rows: list[int]) -> Iterator[Finding]:
    """The first rows whose cells are not times, and how many more there are."""
    hint = "write a time such as 200, 3m or 0:03:20, or leave the cell empty"
    for shown, row in enumerate(rows[: SHOWN + 1]):
        message = f"{str(table.columns[column][row])!r} in column {column!r} is not a time"
        if shown == SHOWN:
            message = f"cells of column {column!r} that are not times: {len(rows) - SHOWN:,} more, {len(rows):,} in all"
        yield Finding(
            code="X005",
            severity="error",
            message=message,
            file=str(table.path),
            line=table.lines[row],
            column=1,
            hint=hint,
        )
