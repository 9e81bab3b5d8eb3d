"""A scenario as read, in which tables of files are put in place of what names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path as FilePath
from typing import Any, TypeVar

from flows.source.document import Document, Mark, Path, value_at
from flows.source.finding import Finding, FlowError, ScenarioError
from flows.source.validate import validate
from simulation.scenario.field_types import Part
from simulation.workload.csv_table import MAX_ROWS, CsvTable, read_csv_table

__all__ = ["Expansion", "cells_of"]

M = TypeVar("M", bound=Part)


class Expansion:
    """The plain data of a scenario while they are expanded, and what is wrong with it.

    Parameters
    ----------
    document : Document
        The scenario as read; its files are relative to it.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.data: Any = deepcopy(document.data)
        self.found: list[Finding] = []
        self._sources = dict(document.sources)
        self._tables: dict[str, CsvTable | None] = {}

    @property
    def expanded(self) -> Document:
        """The scenario with everything that was put in place."""
        of = self.document
        return Document(self.data, of.marks, of.keys, of.file, of.text, self._sources)

    def at(self, path: Path) -> Any:
        """The value at a path of the data, None if there is none."""
        return value_at(self.data, path)

    def checked(self, path: Path, model: type[M]) -> M | None:
        """What is stated at a path, as the one field of a model; None if it is wrong, which is then told."""
        key, of = str(path[-1]), self.document
        sources: dict[Path, tuple[Document, Path]] = {(key,): (of, path)}
        try:
            return validate(Document({key: self.at(path)}, {}, {}, of.file, of.text, sources), model)
        except FlowError as error:
            self.found += error.findings
            return None

    def put(self, path: Path, value: Any, source: tuple[Document, Path]) -> None:
        """Put a value in place; findings about it are located at its source."""
        self.at(path[:-1])[path[-1]] = value
        self._sources = {place: of for place, of in self._sources.items() if place[: len(path)] != path}
        self._sources[path] = source

    def put_column(self, path: Path, file: str, column: str) -> None:
        """Put the cells of a column in place of what names it, `path` with ``file`` and ``column``."""
        table = self.table(file, (*path, "file"))
        cells = self.column(table, column) if table else None
        if table and cells:
            self.put(path, cells, (cells_of(table), (column,)))

    def drop(self, path: Path) -> None:
        """Leave out a value."""
        self.at(path[:-1]).pop(path[-1], None)

    def add(self, code: str, message: str, path: Path, *, hint: str = "", of_key: bool = False) -> None:
        """Add an error at a place of the scenario."""
        self.found.append(self.document.finding(code, message, path, hint=hint, of_key=of_key))

    def note(self, code: str, message: str, path: Path, *, hint: str = "") -> None:
        """Add what is worth knowing before the results are trusted."""
        self.found.append(self.document.finding(code, message, path, hint=hint, severity="warning"))

    def table(self, file: str, path: Path, *, most: int = MAX_ROWS) -> CsvTable | None:
        """The table of a file that is named at `path`; None if it cannot be read, which is then told."""
        if file not in self._tables:
            self._tables[file] = self._read(file, path, most)
        return self._tables[file]

    def _read(self, file: str, path: Path, most: int) -> CsvTable | None:
        place = FilePath(self.document.file).parent / file
        if not place.is_file():
            hint = f"the path is relative to {self.document.file}"
            self.add("X001", f"{file!r} cannot be read", path, hint=hint)
            return None
        try:
            return read_csv_table(place, most=most)
        except ScenarioError as error:
            self.found += error.findings
            return None

    def column(self, table: CsvTable, name: str) -> list[str] | None:
        """The cells of a column; None if there is none, which is then told."""
        try:
            cells = table.column(name)
        except ScenarioError as error:
            self.found += error.findings
            return None
        if not cells:
            source = cells_of(table)
            self.found.append(source.finding("X005", "the file has a first line but no rows", (name,)))
            return None
        return cells


class _Marks(Mapping[Path, Mark]):
    """The places of a table's cells, by column and row."""

    def __init__(self, table: CsvTable) -> None:
        self._table = table

    def __getitem__(self, path: Path) -> Mark:
        table = self._table
        match path:
            case (str(name),) if name in table.header:
                return 1, 1
            case (str(name), int(row)) if name in table.header and row < len(table.rows):
                return table.place(row, name)
        raise KeyError(path)

    def __iter__(self) -> Iterator[Path]:
        return ((name,) for name in self._table.header)

    def __len__(self) -> int:
        return len(self._table.header)


def cells_of(table: CsvTable) -> Document:
    """A table as a document: its columns by name, and where each cell is."""
    data = {name: table.column(name) for name in table.header}
    text = table.path.read_text(encoding="utf-8-sig", errors="replace")
    return Document(data, _Marks(table), {}, str(table.path), text)
