"""Calls as they once arrived: the same moments in every replication."""

from __future__ import annotations

import csv
import datetime as dt
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from flows.source.finding import Finding, IvrError, ScenarioError
from flows.values.units import US_PER_S
from ivr.records.tables import read, read_columns
from simulation.clock.local_time import EPOCH, LocalClock
from simulation.clock.logged_times import MomentError, read_moments
from simulation.clock.stamps import Stamps, in_elapsed_time
from simulation.workload.arrivals._csv_cells import place_of, separator_of
from simulation.workload.arrivals.base import NOT_UTF8, Busyness, require_size

__all__ = ["ARRIVALS", "Trace"]

MAX_CALLS = 5_000_000
_COLUMN = "arrived_us"


_OWN = ("call_id", "source", "arrived_us", "attempt", "outcome")
"""Columns by which a table of calls that this program wrote is known."""


@dataclass(frozen=True)
class Trace:
    """Arrivals read from a file of calls, or from a folder of records.

    Of records, simulated or live, second and later attempts are left out: who calls again is made by the simulation.

    Parameters
    ----------
    file : str or Path
        A CSV file with a header, a Parquet file, or a folder that ``ivr.records.tables.write`` wrote.
    clock : LocalClock
        Arrivals are counted from its start. Moments without a zone are in its zone.
    column : str
        Of the arrivals: dates with times in any of the forms of ``read_moments``; numbers of seconds from the start, or
        of microseconds in a column whose name ends in ``_us``; numbers of seconds since 1970.
    intent : str
        Column of what callers wanted; empty: not known.
    replication : int, optional
        Which one, of records that hold several.
    time_column : str
        Of the times of day, when `column` has the dates alone.
    format : str
        Of the arrivals, where the column does not tell; see ``read_moments``.
    to_start : bool
        Records begin where the scenario does, whenever they were made.

    Raises
    ------
    ScenarioError
        If the file cannot be read, lacks a column, or a cell is no moment; the finding has file, line and column. If
        records hold several replications and none is chosen, or do not say when they begin.
    """

    file: str | Path
    clock: LocalClock
    column: str = _COLUMN
    intent: str = ""
    replication: int | None = None
    time_column: str = field(default="", kw_only=True)
    format: str = field(default="", kw_only=True)
    to_start: bool = field(default=False, kw_only=True)
    arrived_us: np.ndarray = field(init=False, repr=False, compare=False)
    intents: tuple[str, ...] = field(init=False, repr=False, compare=False)
    later_attempts: int = field(init=False, repr=False, compare=False)
    stamps: Stamps = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        path, column = Path(self.file), self.column or _COLUMN
        rows = self._from_records(path) if path.is_dir() else self._from_file(path, column)
        arrived = np.array(rows.moments, dtype=np.int64)
        order = np.argsort(arrived, kind="stable")
        order = order[self._kept(path, rows)[order]]
        object.__setattr__(self, "arrived_us", arrived[order])
        object.__setattr__(self, "intents", tuple(rows.wanted[i] for i in order))
        object.__setattr__(self, "stamps", rows.stamps)

    def _kept(self, path: Path, rows: _Rows) -> np.ndarray:
        """Which rows are first attempts of the chosen replication."""
        kept = np.ones(len(rows.moments), dtype=bool)
        known = np.unique(rows.replication) if rows.replication is not None else np.zeros(0, dtype=np.int64)
        if self.replication is not None and self.replication not in known:
            there = f"from {known[0]} to {known[-1]}" if len(known) else "none: it is a single run"
            raise _wrong(
                path,
                f"there is no replication {self.replication}; there are {there}",
                hint="leave out replication, or name one of them",
            )
        if self.replication is None and len(known) > 1:
            raise _wrong(
                path,
                f"the calls are those of {len(known)} replications, which are the same days again and again",
                hint=f"choose one: write replication: {known[0]} under arrivals",
            )
        if self.replication is not None:
            kept &= rows.replication == self.replication
        first = kept if rows.attempt is None else kept & (rows.attempt <= 1)
        object.__setattr__(self, "later_attempts", int(np.count_nonzero(kept) - np.count_nonzero(first)))
        return first

    def _from_records(self, path: Path) -> _Rows:
        try:
            records = read(path)
        except IvrError as error:
            raise ScenarioError(error.findings) from None
        moments = records.calls["arrived_us"]
        if not self.to_start:
            if records.begins_us is None:
                raise _wrong(
                    path,
                    "the records do not say when they begin",
                    hint="write shift: to_start under arrivals: they then begin where the scenario does",
                )
            moments = moments + self.clock.elapsed_us(EPOCH) + records.begins_us
        names = (*records.names["intent"], "")
        return _Rows(
            moments.tolist(),
            [names[code] for code in records.calls["intent"].tolist()],
            records.calls.get("replication"),
            records.calls["attempt"],
        )

    def _from_file(self, path: Path, column: str) -> _Rows:
        named = tuple(filter(None, (column, self.time_column, self.intent)))
        read_in = _cells(path, (*named, *_OWN, "replication"))
        cells = read_in.cells
        for name in named:
            if name not in cells:
                raise _wrong(
                    path,
                    f"no column '{name}'; there are {', '.join(cells) or 'none'}",
                    hint="state column: for the moments of arrival, and intent: for what callers wanted",
                )
        if not cells[column]:
            raise _wrong(path, "the file names its columns but has no calls", hint="give one row a call")
        moments, stamps = in_elapsed_time(self.clock, self._moments(read_in, column))
        stamps = replace(stamps, line=read_in.lines[stamps.line - 2]) if stamps.line else stamps
        wanted = [str(cell or "").strip() for cell in cells[self.intent]] if self.intent else [""] * len(moments)
        own = set(_OWN) <= set(cells)
        if own and not self.to_start and column == _COLUMN and "live" in cells["source"]:
            raise _wrong(
                path,
                "the table does not say when its calls, which are live ones, began",
                hint=(
                    "name the folder of the records, which does; or write shift: to_start: they then begin where the"
                    " scenario does"
                ),
            )
        if self.to_start and not own:
            raise _wrong(
                path,
                "shift: to_start is for records that this program wrote",
                hint="numbers count from the start of the scenario already; for dates, let start be that of the first",
            )
        return _Rows(
            moments,
            wanted,
            _whole(path, cells, "replication") if own and "replication" in cells else None,
            _whole(path, cells, "attempt") if own else None,
            stamps,
        )

    def _moments(self, of: _Cells, column: str) -> list[int | dt.datetime]:
        """Microseconds from the start, or dates and times without a zone."""
        cells: Sequence[Any] = of.cells[column]
        if self.time_column:
            cells = [
                f"{date:%Y-%m-%d} {time}" if isinstance(date, dt.date) else f"{date} {time}"
                for date, time in zip(cells, of.cells[self.time_column])
            ]
        try:
            read = read_moments(cells, unit_us=1 if column.endswith("_us") else US_PER_S, form=self.format)
        except MomentError as error:
            where = f"columns '{column}' and '{self.time_column}'" if self.time_column else f"column '{column}'"
            raise _wrong(
                of.path,
                f"{error.shown} in {where} {error.wrong}",
                line=of.lines[error.row],
                at=of.place(error.row, column),
                hint=error.hint,
            ) from None
        return [self.clock.elapsed_us(one) if isinstance(one, dt.datetime) and one.tzinfo else one for one in read]

    def expected_calls(self, horizon_us: int) -> float:
        """Return the number of calls in [0, horizon_us)."""
        return float(np.count_nonzero(self._inside(horizon_us)))

    def times_us(
        self,
        generator: np.random.Generator,
        horizon_us: int,
        *,
        busy_u: float | None = None,
        busyness: Busyness = 1.0,
    ) -> np.ndarray:
        """Return the arrivals within the horizon, the same every time."""
        return self.arrived_us[self._inside(horizon_us)]

    def wanted(self, horizon_us: int) -> tuple[str, ...]:
        """What the callers within the horizon wanted; empty where it is not known."""
        return tuple(name for name, inside in zip(self.intents, self._inside(horizon_us)) if inside)

    def outside(self, horizon_us: int) -> tuple[int, int]:
        """How many calls arrive before the horizon, and how many after it."""
        return int(np.count_nonzero(self.arrived_us < 0)), int(np.count_nonzero(self.arrived_us >= horizon_us))

    def _inside(self, horizon_us: int) -> np.ndarray:
        return (self.arrived_us >= 0) & (self.arrived_us < horizon_us)


def _wrong(path: Path, message: str, *, line: int = 0, at: int = 1, hint: str = "") -> ScenarioError:
    return ScenarioError(
        Finding(
            code="arrivals",
            severity="error",
            message=message,
            file=str(path),
            line=line,
            column=at if line else 0,
            hint=hint,
        )
    )


@dataclass(frozen=True)
class _Rows:
    """What a file or folder of calls says, row by row."""

    moments: list[int]
    wanted: list[str]
    replication: np.ndarray | None = None
    attempt: np.ndarray | None = None
    stamps: Stamps = Stamps()


def _whole(path: Path, cells: Mapping[str, Sequence[Any]], column: str) -> np.ndarray:
    try:
        return np.array([int(cell) for cell in cells[column]], dtype=np.int64)
    except (TypeError, ValueError, OverflowError):
        raise _wrong(
            path, f"a cell in column '{column}' is no whole number", hint="write the table of calls again"
        ) from None


@dataclass(frozen=True)
class _Cells:
    """The columns of a file, and where their cells stand."""

    path: Path
    cells: Mapping[str, Sequence[Any]]
    lines: Sequence[int]
    header: Sequence[str] = ()
    separator: str = ","

    def place(self, row: int, column: str) -> int:
        """The column, in characters, at which a cell begins; 1 where there are no characters."""
        return (
            place_of(self.path, self.lines[row], self.header.index(column), self.separator)
            if column in self.header
            else 1
        )


def _cells(path: Path, wanted: Sequence[str]) -> _Cells:
    if path.suffix == ".parquet":
        try:
            columns = read_columns(path)
            return _Cells(path, columns, range(1, 1 + max(map(len, columns.values()), default=0)))
        except IvrError as error:
            raise ScenarioError(error.findings) from None
    try:
        require_size(path)
        with path.open(newline="", encoding="utf-8-sig") as file:
            first = file.readline()
            separator = separator_of(first)
            reader = csv.reader(chain([first], file), delimiter=separator)
            header = [name.strip() for name in next(reader, [])]
            twice = next((name for name in header if name in wanted and header.count(name) > 1), "")
            if twice:
                raise _wrong(path, f"two columns are called '{twice}'", line=1, hint="give each a name of its own")
            lines = array("q")
            cells: dict[str, list[str]] = {name: [] for name in header}
            kept = [(cells[name], place) for place, name in enumerate(header) if name in wanted]
            begins = reader.line_num + 1
            for row in reader:
                if reader.line_num > MAX_CALLS + 1:
                    raise _wrong(
                        path, f"more than {MAX_CALLS:,} calls", line=reader.line_num, hint="keep those of the horizon"
                    )
                if len(row) != len(header):
                    raise _wrong(
                        path,
                        f"{len(row)} cells; the first line names {len(header)} columns",
                        line=reader.line_num,
                        hint="fill the hole, or take the line away",
                    )
                for column, place in kept:
                    column.append(row[place])
                lines.append(begins)
                begins = reader.line_num + 1
    except UnicodeDecodeError:
        raise _wrong(path, "the trace is not UTF-8 text", hint=NOT_UTF8) from None
    except (OSError, csv.Error) as error:
        raise _wrong(path, f"the trace cannot be read: {error}") from None
    return _Cells(path, cells, lines, header, separator)


ARRIVALS = Trace
