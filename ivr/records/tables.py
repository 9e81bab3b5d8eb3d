"""Records of calls: one schema, whether the calls were live or simulated.

Seven tables. ``calls`` has one row per call, ``visits`` one row each time a call joins a queue, ``steps`` one row per
node visited, ``agents`` one row per agent's shift, ``outbound`` one row per call that an agent makes, ``pauses`` one
row each time an agent pauses for a short time, ``in_hand`` one row each time an agent who chats has another number of
chats in hand. Times are int64 microseconds from the start of the scenario (or of the
log). Names (queues, intents ...) are stored as small integer codes with a tuple of the names, and written to files as
the names themselves. ``NONE`` (-1) means "does not apply" wherever a column says so; in files it is an empty cell (CSV)
or a null (Parquet).

Waits, sums and shares are never stored: they are derived in ``ivr.records.measures``.
The wait of a visit is ``left_us - offered_us``, whatever its result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from flows.source.counted import counted
from flows.source.finding import Finding, IvrError
from ivr.records.columns import ColumnArray, Columns
from ivr.records.schema import (
    FIXED_NAMES,
    NAME_KEYS,
    NEVER,
    NONE,
    OUTCOMES,
    REPLICATION,
    RESULTS,
    SCHEMA,
    SOMETIMES,
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
    "columns_of",
    "concatenate",
    "empty",
    "empty_table",
    "no_rows",
    "outcome_code",
    "result_code",
    "to_pandas",
]


class RecordsError(IvrError):
    """A table or file that does not hold records; its finding names the column and what is expected."""

    def __init__(self, message: str, *, file: str = "", hint: str = "") -> None:
        super().__init__(Finding(code="records", severity="error", message=message, file=file, hint=hint))


def _check_table(table: str, columns: Columns) -> Columns:
    wanted = SCHEMA[table] + ((REPLICATION,) if "replication" in columns else ())
    rows = len(next(iter(columns.values()), ()))
    later = {c.name: np.zeros(rows, c.dtype) for c in wanted if c.later and c.name not in columns}
    if later:
        columns = {**columns, **later}
    missing = [c.name for c in wanted if c.name not in columns]
    extra = sorted(set(columns) - {c.name for c in wanted})
    if missing or extra:
        raise RecordsError(
            f"{table}: missing columns {missing or 'none'}, unknown columns {extra or 'none'}; "
            f"the columns are {', '.join(c.name for c in wanted)}"
        )
    checked = {}
    for column in wanted:
        values = np.asarray(columns[column.name]).astype(column.dtype, casting="same_kind", copy=False)
        if values.flags.writeable:  # a read-only view: records are a result
            values = values.view()
            values.flags.writeable = False
        checked[column.name] = values
    if len(set(map(len, checked.values()))) > 1:
        lengths = {name: len(values) for name, values in checked.items()}
        raise RecordsError(f"{table}: columns of unequal length {lengths}")
    return MappingProxyType(checked)


@cache
def no_rows(table: str) -> Columns:
    """A table without rows, the same one every time: nobody can write to it.

    >>> len(no_rows("pauses")["agent"]), no_rows("pauses") is no_rows("pauses")
    (0, True)
    """
    return _check_table(table, empty_table(table))


@cache
def _no_rows_replicated(table: str) -> Columns:
    return _check_table(table, {**empty_table(table), "replication": np.zeros(0, REPLICATION.dtype)})


@dataclass(frozen=True)
class Records:
    """The tables of one run, one log, or several replications together.

    Parameters
    ----------
    calls, visits, steps, agents : mapping of str to numpy.ndarray
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
        IANA zone of the calls; empty when it is not known.
    labels : Mapping[str, str]
        Display names of queues, by queue; default: as in `names`.
    pauses : mapping of str to numpy.ndarray
        As the other tables; default: nobody pauses.
    in_hand : mapping of str to numpy.ndarray
        As the other tables; default: nobody chats.
    replications : int
        How many replications the tables hold, including those without calls. 0: as many as their rows show, which is 1
        without a ``replication`` column.
    outbound : mapping of str to numpy.ndarray
        Calls that agents made themselves; default: none.

    Raises
    ------
    RecordsError
        If a column is missing, unknown, of another type or another length, or if rows belong to more replications than
        stated.

    Examples
    --------
    >>> records = empty(horizon_us=3_600_000_000, names={"queue": ("billing",)})
    >>> len(records.calls["arrived_us"]), records.names["queue"]
    (0, ('billing',))
    """

    calls: Columns
    visits: Columns
    steps: Columns
    agents: Columns
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    horizon_us: int = 0
    begins_us: int | None = None
    zone: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    replications: int = 0
    outbound: Columns = field(default_factory=lambda: no_rows("outbound"))
    pauses: Columns = field(default_factory=lambda: no_rows("pauses"))
    in_hand: Columns = field(default_factory=lambda: no_rows("in_hand"))

    def __post_init__(self) -> None:
        for table in SOMETIMES:
            if not len(getattr(self, table)["agent"]):
                nothing = _no_rows_replicated(table) if "replication" in self.calls else no_rows(table)
                object.__setattr__(self, table, nothing)
        for table in SCHEMA:
            if getattr(self, table) is not no_rows(table):
                object.__setattr__(self, table, _check_table(table, getattr(self, table)))
        unknown = sorted(set(self.names) - set(NAME_KEYS))
        if unknown:
            raise RecordsError(f"names: unknown keys {unknown}; the keys are {', '.join(NAME_KEYS)}")
        names = {**{key: tuple(self.names.get(key, ())) for key in NAME_KEYS}, **FIXED_NAMES}
        object.__setattr__(self, "names", MappingProxyType(names))
        object.__setattr__(self, "labels", MappingProxyType(dict(self.labels)))
        seen = _replications_seen(self.calls, self.visits, self.agents, self.outbound)
        if self.replications and self.replications < seen:
            raise RecordsError(f"rows belong to {counted(seen, 'replication')}, not to the {self.replications} stated")
        object.__setattr__(self, "replications", self.replications or seen)


def _replications_seen(*tables: Columns) -> int:
    """The number of replications that the rows of the tables show."""
    last = [int(table["replication"].max()) for table in tables if len(table.get("replication", ()))]
    return max(last, default=0) + 1


def empty_table(table: str, rows: int = 0) -> dict[str, ColumnArray]:
    """Return a writable table of `rows` rows, with ``NONE`` in optional columns and 0 elsewhere.

    >>> empty_table("visits", 2)["answered_us"].tolist()
    [-1, -1]
    """
    return {c.name: np.full(rows, NONE if c.optional else 0, c.dtype) for c in SCHEMA[table]}


def empty(*, horizon_us: int = 0, names: Mapping[str, tuple[str, ...]] | None = None) -> Records:
    """Return records of no calls.

    >>> empty().visits["left_us"].tolist()
    []
    """
    calls, visits, steps, agents = (no_rows(table) for table in SCHEMA if table not in SOMETIMES)
    return Records(calls, visits, steps, agents, names or {}, horizon_us)


def concatenate(parts: Sequence[Records]) -> Records:
    """Return several replications as one, with a ``replication`` column in every table.

    Parameters
    ----------
    parts : sequence of Records
        At least one; with equal names and horizons. Each may hold several replications itself. The result begins when
        the first does.

    Returns
    -------
    Records
        Replications are numbered through: with one in each part, rows of part i
        have ``replication`` i. ``call_id`` and ``agent`` are unique only together
        with it.

    Raises
    ------
    RecordsError
        If there is no part, or if names or horizons differ.

    Examples
    --------
    >>> both = concatenate([empty(), empty()])
    >>> "replication" in both.calls, both.replications
    (True, 2)
    >>> concatenate([both, empty()]).replications
    3
    """
    if not parts:
        raise RecordsError("concatenate: no records given; give at least one")
    first = parts[0]
    tables: dict[str, dict[str, ColumnArray]] = {}
    for i, part in enumerate(parts):
        if dict(part.names) != dict(first.names) or part.horizon_us != first.horizon_us:
            raise RecordsError(f"concatenate: part {i} has other names or another horizon than part 0")
    before = np.cumsum([0, *(part.replications for part in parts)])
    for table, columns in SCHEMA.items():
        joined = {c.name: np.concatenate([getattr(p, table)[c.name] for p in parts]) for c in columns}
        sizes = [len(getattr(p, table)[columns[0].name]) for p in parts]
        within = [getattr(p, table).get("replication", np.zeros(n, "i4")) for p, n in zip(parts, sizes, strict=True)]
        joined["replication"] = np.concatenate(within) + np.repeat(before[:-1], sizes).astype("i4")
        tables[table] = joined
    return replace(
        first,
        calls=tables["calls"],
        visits=tables["visits"],
        steps=tables["steps"],
        agents=tables["agents"],
        outbound=tables["outbound"],
        pauses=tables["pauses"],
        in_hand=tables["in_hand"],
        replications=int(before[-1]),
    )


def columns_of(table: str, columns: Iterable[str]) -> tuple[Column, ...]:
    """The columns of a table, including that of the replication if it is among `columns`."""
    return ((REPLICATION,) if "replication" in columns else ()) + SCHEMA[table]


def to_pandas(records: Records, table: str = "calls") -> pd.DataFrame:
    """Return one table as a pandas DataFrame: names as categories, NONE as missing.

    >>> to_pandas(empty()).columns[:3].tolist()
    ['call_id', 'source', 'arrived_us']
    """
    import pandas as pd

    data = getattr(records, table)
    frame = {}
    for column in columns_of(table, data):
        values = data[column.name]
        if column.names:
            frame[column.name] = pd.Categorical.from_codes(
                values.astype("i4"), categories=pd.Index(list(records.names[column.names]))
            )
        elif column.optional:
            frame[column.name] = pd.array(values, dtype="Int64")
            frame[column.name][values == NONE] = pd.NA
        else:
            frame[column.name] = values.copy()
    return pd.DataFrame(frame)
