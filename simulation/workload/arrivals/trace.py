"""Calls as they were logged: the same arrivals in every replication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from flows.source.finding import IvrError, ScenarioError
from flows.values.units import US_PER_S
from ivr.records.files import read
from simulation.arrays import Flags, Times
from simulation.clock.local_time import EPOCH, LocalClock
from simulation.clock.logged_times import MomentError, read_moments
from simulation.clock.stamps import Stamps, in_elapsed_time
from simulation.workload.arrivals._trace_file import Cells, Rows, read_cells, whole_numbers
from simulation.workload.arrivals.base import Busyness, file_error

__all__ = ["ARRIVALS", "Trace"]

_COLUMN = "arrived_us"
_OWN = ("call_id", "source", "arrived_us", "attempt", "outcome")
"""Columns by which a table of calls that this program wrote is recognized."""


@dataclass(frozen=True)
class Trace:
    """Arrivals read from a file of calls, or from a folder of records.

    Second and later attempts in records, simulated or live, are left out: the simulation makes callers call again.

    Parameters
    ----------
    file : str or Path
        A CSV file with a header, a Parquet file, or a folder that ``ivr.records.files.write`` wrote.
    clock : LocalClock
        Arrivals count from its start. Moments without a zone are in its zone.
    column : str
        Column of the arrivals: dates with times in any form of ``read_moments``; seconds from the start, or
        microseconds in a column whose name ends in ``_us``; or seconds since 1970.
    intent : str
        Column of what callers wanted; empty = unknown.
    replication : int, optional
        Which replication to use, if the records hold several.
    time_column : str
        Column of the times of day, if `column` has only dates.
    format : str
        Format of the arrivals, if the column does not reveal it; see ``read_moments``.
    to_start : bool
        Whether records begin where the scenario does, whenever they were recorded.

    Raises
    ------
    ScenarioError
        If the file cannot be read, lacks a column, or has a cell that is not a moment; the finding has file, line and
        column. Also if records hold several replications and none is chosen, or do not say when they begin.
    """

    file: str | Path
    clock: LocalClock
    column: str = _COLUMN
    intent: str = ""
    replication: int | None = None
    time_column: str = field(default="", kw_only=True)
    format: str = field(default="", kw_only=True)
    to_start: bool = field(default=False, kw_only=True)
    arrived_us: Times = field(init=False, repr=False, compare=False)
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

    def _kept(self, path: Path, rows: Rows) -> Flags:
        """Which rows are first attempts in the chosen replication."""
        kept = np.ones(len(rows.moments), dtype=bool)
        known = np.unique(rows.replication) if rows.replication is not None else np.zeros(0, dtype=np.int64)
        if self.replication is not None and self.replication not in known:
            there = f"from {known[0]} to {known[-1]}" if len(known) else "none: it is a single run"
            raise file_error(
                path,
                f"there is no replication {self.replication}; there are {there}",
                hint="leave out replication, or name one of them",
                code="X001",
            )
        if self.replication is None and len(known) > 1:
            raise file_error(
                path,
                f"the calls are those of {len(known)} replications, which all simulate the same days",
                hint=f"choose one: write replication: {known[0]} under arrivals",
            )
        if self.replication is not None:
            kept &= rows.replication == self.replication
        first = kept if rows.attempt is None else kept & (rows.attempt <= 1)
        object.__setattr__(self, "later_attempts", int(np.count_nonzero(kept) - np.count_nonzero(first)))
        return first

    def _from_records(self, path: Path) -> Rows:
        try:
            records = read(path)
        except IvrError as error:
            raise ScenarioError(error.findings) from None
        moments = records.calls["arrived_us"]
        if not self.to_start:
            if records.begins_us is None:
                raise file_error(
                    path,
                    "the records do not say when they begin",
                    hint="write shift: to_start under arrivals: they then begin where the scenario does",
                )
            moments = moments + self.clock.elapsed_us(EPOCH) + records.begins_us
        names = (*records.names["intent"], "")
        return Rows(
            moments.tolist(),
            [names[code] for code in records.calls["intent"].tolist()],
            records.calls.get("replication"),
            records.calls["attempt"],
        )

    def _from_file(self, path: Path, column: str) -> Rows:
        named = tuple(filter(None, (column, self.time_column, self.intent)))
        read_in = read_cells(path, (*named, *_OWN, "replication"))
        cells = read_in.cells
        for name in named:
            if name not in cells:
                raise file_error(
                    path,
                    f"no column '{name}'; there are {', '.join(cells) or 'none'}",
                    hint="state column: for the moments of arrival, and intent: for what callers wanted",
                    code="X001",
                )
        if not cells[column]:
            raise file_error(path, "the file names its columns but has no calls", hint="give one row a call")
        moments, stamps = in_elapsed_time(self.clock, self._moments(read_in, column))
        stamps = replace(stamps, line=read_in.lines[stamps.line - 2]) if stamps.line else stamps
        wanted = [str(cell or "").strip() for cell in cells[self.intent]] if self.intent else [""] * len(moments)
        own = set(_OWN) <= set(cells)
        if own and not self.to_start and column == _COLUMN and "live" in cells["source"]:
            raise file_error(
                path,
                "the table does not say when its live calls began",
                hint=(
                    "name the folder of the records, which does; or write shift: to_start: they then begin where the"
                    " scenario does"
                ),
            )
        if self.to_start and not own:
            raise file_error(
                path,
                "shift: to_start is for records that this program wrote",
                hint="numbers already count from the start of the scenario; for dates, let start be that of the first",
            )
        return Rows(
            moments,
            wanted,
            whole_numbers(path, cells, "replication") if own and "replication" in cells else None,
            whole_numbers(path, cells, "attempt") if own else None,
            stamps,
        )

    def _moments(self, of: Cells, column: str) -> list[int | dt.datetime]:
        """Microseconds from the start, or dates and times without a zone."""
        cells: Sequence[Any] = of.cells[column]
        if self.time_column:
            cells = [
                f"{date:%Y-%m-%d} {time}" if isinstance(date, dt.date) else f"{date} {time}"
                for date, time in zip(cells, of.cells[self.time_column], strict=True)
            ]
        try:
            read = read_moments(cells, unit_us=1 if column.endswith("_us") else US_PER_S, form=self.format)
        except MomentError as error:
            where = f"columns '{column}' and '{self.time_column}'" if self.time_column else f"column '{column}'"
            raise file_error(
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
    ) -> Times:
        """Return the arrivals within the horizon, the same every time."""
        arrived: Times = self.arrived_us[self._inside(horizon_us)]
        return arrived

    def wanted(self, horizon_us: int) -> tuple[str, ...]:
        """What the callers within the horizon wanted; empty where unknown."""
        return tuple(name for name, inside in zip(self.intents, self._inside(horizon_us), strict=True) if inside)

    def outside(self, horizon_us: int) -> tuple[int, int]:
        """How many calls arrive before the horizon, and after it."""
        return int(np.count_nonzero(self.arrived_us < 0)), int(np.count_nonzero(self.arrived_us >= horizon_us))

    def _inside(self, horizon_us: int) -> Flags:
        return (self.arrived_us >= 0) & (self.arrived_us < horizon_us)


ARRIVALS = Trace
