"""Calls as they once arrived: the same moments in every replication."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from flows.errors import Finding, IvrError, ScenarioError
from ivr.records import read, read_columns
from simulation.arrivals.base import NOT_UTF8, US_PER_S, Busyness, require_size
from simulation.local_time import EPOCH, LocalClock
from simulation.stamps import Stamps, in_elapsed_time

__all__ = ["ARRIVALS", "Trace"]

MAX_CALLS = 5_000_000
_FARTHEST_US = 300 * 366 * 86_400 * US_PER_S
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
        A CSV file with a header, a Parquet file, or a folder that ``ivr.records.write`` wrote.
    clock : LocalClock
        Arrivals are counted from its start. Moments without a zone are in its zone.
    column : str
        Of the arrivals: dates with times; numbers of seconds from the start, or of microseconds in a column whose name
        ends in ``_us``.
    intent : str
        Column of what callers wanted; empty: not known.
    replication : int, optional
        Which one, of records that hold several.
    to_start : bool
        Records begin where the scenario does, whenever they were made.

    Raises
    ------
    ScenarioError
        If the file cannot be read, lacks a column, or a cell is no moment; the finding has file and line. If records hold
        several replications and none is chosen, or do not say when they begin.
    """

    file: str | Path
    clock: LocalClock
    column: str = _COLUMN
    intent: str = ""
    replication: int | None = None
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
            raise _wrong(path, f"there is no replication {self.replication}; there are {there}", hint="leave out replication, or name one of them")
        if self.replication is None and len(known) > 1:
            raise _wrong(path, f"the calls are those of {len(known)} replications, which are the same days again and again",
                         hint=f"choose one: write replication: {known[0]} under arrivals")
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
                raise _wrong(path, "the records do not say when they begin", hint="write shift: to_start under arrivals: they then begin where the scenario does")
            moments = moments + self.clock.elapsed_us(EPOCH) + records.begins_us
        names = (*records.names["intent"], "")
        return _Rows(moments.tolist(), [names[code] for code in records.calls["intent"].tolist()],
                     records.calls.get("replication"), records.calls["attempt"])

    def _from_file(self, path: Path, column: str) -> _Rows:
        cells = _cells(path, tuple(filter(None, (column, self.intent, *_OWN, "replication"))))
        for name in filter(None, (column, self.intent)):
            if name not in cells:
                raise _wrong(path, f"no column '{name}'; there are {', '.join(cells) or 'none'}",
                             hint="state column: for the moments of arrival, and intent: for what callers wanted")
        if not cells[column]:
            raise _wrong(path, "the file names its columns but has no calls", hint="give one row a call")
        read = [self._moment(path, column, cell, line) for line, cell in enumerate(cells[column], 2)]
        moments, stamps = in_elapsed_time(self.clock, read)
        wanted = [str(cell or "").strip() for cell in cells[self.intent]] if self.intent else [""] * len(moments)
        own = set(_OWN) <= set(cells)
        if own and not self.to_start and column == _COLUMN and "live" in cells["source"]:
            raise _wrong(path, "the table does not say when its calls, which are live ones, began",
                         hint="name the folder of the records, which does; or write shift: to_start: they then begin where the scenario does")
        if self.to_start and not own:
            raise _wrong(path, "shift: to_start is for records that this program wrote",
                         hint="numbers count from the start of the scenario already; for dates, let start be that of the first")
        return _Rows(moments, wanted, _whole(path, cells, "replication") if own and "replication" in cells else None,
                     _whole(path, cells, "attempt") if own else None, stamps)

    def _moment(self, path: Path, column: str, cell: Any, line: int) -> int | dt.datetime:
        """Microseconds from the start, or a date and time without a zone."""
        unit = 1 if column.endswith("_us") else US_PER_S
        try:
            if isinstance(cell, dt.datetime):
                moment: dt.datetime | None = cell
            elif isinstance(cell, int | float):
                return _us(round(cell * unit))
            else:
                text = str(cell).strip()
                if text.replace(".", "", 1).isdigit():
                    return _us(round(float(text) * unit) if "." in text else int(text) * unit)
                moment = dt.datetime.fromisoformat(text)
            return self.clock.elapsed_us(moment) if moment.tzinfo else moment
        except (ValueError, OverflowError):
            raise _wrong(path, f"'{cell}' in column '{column}' is no moment", line=line,
                         hint="write dates with times, or seconds from the start of the scenario") from None

    def expected_calls(self, horizon_us: int) -> float:
        """Return the number of calls in [0, horizon_us)."""
        return float(np.count_nonzero(self._inside(horizon_us)))

    def times_us(
        self, generator: np.random.Generator, horizon_us: int, *, busy_u: float | None = None, busyness: Busyness = 1.0,
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


def _us(number: int) -> int:
    if abs(number) > _FARTHEST_US:
        raise ValueError(f"{number} microseconds are more than any horizon")
    return number


def _wrong(path: Path, message: str, *, line: int = 0, hint: str = "") -> ScenarioError:
    return ScenarioError(Finding(code="arrivals", severity="error", message=message, file=str(path), line=line, column=1 if line else 0, hint=hint))


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
        raise _wrong(path, f"a cell in column '{column}' is no whole number", hint="write the table of calls again") from None


def _cells(path: Path, wanted: Sequence[str]) -> Mapping[str, Sequence[Any]]:
    if path.suffix == ".parquet":
        try:
            return read_columns(path)
        except IvrError as error:
            raise ScenarioError(error.findings) from None
    try:
        require_size(path)
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            header = [name.strip() for name in next(reader, [])]
            cells: dict[str, list[str]] = {name: [] for name in header}
            kept = [(cells[name], place) for place, name in enumerate(header) if name in wanted]
            for row in reader:
                if reader.line_num > MAX_CALLS + 1:
                    raise _wrong(path, f"more than {MAX_CALLS:,} calls", line=reader.line_num, hint="keep those of the horizon")
                if len(row) != len(header):
                    raise _wrong(path, f"{len(row)} cells; the first line names {len(header)} columns", line=reader.line_num,
                                 hint="fill the hole, or take the line away")
                for column, place in kept:
                    column.append(row[place])
    except UnicodeDecodeError:
        raise _wrong(path, "the trace is not UTF-8 text", hint=NOT_UTF8) from None
    except (OSError, csv.Error) as error:
        raise _wrong(path, f"the trace cannot be read: {error}") from None
    return cells


ARRIVALS = Trace
