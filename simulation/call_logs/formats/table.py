"""Any table with a row a call, by a column map: CSV, Parquet or Excel."""

from __future__ import annotations

from collections import Counter
from typing import Any

from simulation.call_logs.build_records import call_log
from simulation.call_logs.calls_of_table import calls_of_table
from simulation.call_logs.column_map import ColumnMap, checked_map
from simulation.call_logs.formats.base import Source
from simulation.call_logs.log import CallLog, Options
from simulation.call_logs.propose import propose
from simulation.call_logs.tables import read_table

__all__ = ["RANK", "TITLE", "read", "recognises"]

TITLE = "a table with a row a call"
RANK = 9


def recognises(source: Source) -> bool:
    """Any file: the last to be asked."""
    return source.path.is_file()


def read(source: Source, options: Options) -> CallLog:
    """Read a table, or several of the same log, by the map of the options, or by one that is proposed for the first."""
    table = source.table
    by = propose(table) if options.map is None else checked_map(options.map, list(table.columns))
    found, rows = calls_of_table(table, by), len(table)
    calls, left_out = list(found.calls), Counter(found.left_out)
    for path in options.paths[1:]:
        further = read_table(path)
        checked_map(_stated(by), list(further.columns))
        more = calls_of_table(further, by)
        calls += more.calls
        left_out.update(more.left_out)
        table.damage.take(further.damage)
        rows += len(further)
    return call_log(
        calls,
        table.damage,
        name=options.name,
        format="table",
        zone=options.zone,
        known=found.known,
        rows=rows,
        left_out=left_out,
        proposed=_stated(by),
        unused=tuple(name for name in table.columns if name not in _stated(by).values()),
    )


def _stated(by: ColumnMap) -> dict[str, Any]:
    return {name: value for name, value in by if value}
