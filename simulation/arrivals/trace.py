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

__all__ = ["ARRIVALS", "Trace"]

MAX_CALLS = 5_000_000
_FARTHEST_US = 300 * 366 * 86_400 * US_PER_S
_COLUMN = "arrived_us"


@dataclass(frozen=True)
class Trace:
    """Arrivals read from a file of calls, or from a folder of records.

    Parameters
    ----------
    file : str or Path
        A CSV file with a header, a Parquet file, or a folder that ``ivr.records.write`` wrote.
    start : datetime.datetime
        The moment, with a zone, from which arrivals are counted. Moments without a zone are in the same.
    column : str
        Of the arrivals: dates with times; numbers of seconds from the start, or of microseconds in a column whose name
        ends in ``_us``.
    intent : str
        Column of what callers wanted; empty: not known.

    Raises
    ------
    ScenarioError
        If the file cannot be read, lacks a column, or a cell is no moment; the finding has file and line.
    """

    file: str | Path
    start: dt.datetime
    column: str = _COLUMN
    intent: str = ""
    arrived_us: np.ndarray = field(init=False, repr=False, compare=False)
    intents: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        path, column = Path(self.file), self.column or _COLUMN
        moments, wanted = _from_records(path) if path.is_dir() else self._from_file(path, column)
        arrived = np.array(moments, dtype=np.int64)
        order = np.argsort(arrived, kind="stable")
        object.__setattr__(self, "arrived_us", arrived[order])
        object.__setattr__(self, "intents", tuple(wanted[i] for i in order))

    def _from_file(self, path: Path, column: str) -> tuple[list[int], list[str]]:
        cells = _cells(path, tuple(filter(None, (column, self.intent))))
        for name in filter(None, (column, self.intent)):
            if name not in cells:
                raise _wrong(path, f"no column '{name}'; there are {', '.join(cells) or 'none'}",
                             hint="state column: for the moments of arrival, and intent: for what callers wanted")
        if not cells[column]:
            raise _wrong(path, "the file names its columns but has no calls", hint="give one row a call")
        moments = [self._moment(path, column, cell, line) for line, cell in enumerate(cells[column], 2)]
        wanted = [str(cell or "").strip() for cell in cells[self.intent]] if self.intent else [""] * len(moments)
        return moments, wanted

    def _moment(self, path: Path, column: str, cell: Any, line: int) -> int:
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
            moment = moment if moment.tzinfo else moment.replace(tzinfo=self.start.tzinfo)
            return (moment - self.start) // dt.timedelta(microseconds=1)
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

    def _inside(self, horizon_us: int) -> np.ndarray:
        return (self.arrived_us >= 0) & (self.arrived_us < horizon_us)


def _us(number: int) -> int:
    if abs(number) > _FARTHEST_US:
        raise ValueError(f"{number} microseconds are more than any horizon")
    return number


def _wrong(path: Path, message: str, *, line: int = 0, hint: str = "") -> ScenarioError:
    return ScenarioError(Finding(code="arrivals", severity="error", message=message, file=str(path), line=line, column=1 if line else 0, hint=hint))


def _from_records(path: Path) -> tuple[list[int], list[str]]:
    try:
        records = read(path)
    except IvrError as error:
        raise ScenarioError(error.findings) from None
    names = (*records.names["intent"], "")
    return records.calls["arrived_us"].tolist(), [names[code] for code in records.calls["intent"].tolist()]


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
