"""Any table with a row a call, by a column map: CSV, Parquet or Excel."""

from __future__ import annotations

from typing import Any

from simulation.call_logs.build_records import call_log
from simulation.call_logs.calls_of_table import calls_of_table
from simulation.call_logs.column_map import ColumnMap, checked_map
from simulation.call_logs.formats.base import Source
from simulation.call_logs.log import CallLog, Options
from simulation.call_logs.propose import propose

__all__ = ["RANK", "TITLE", "read", "recognises"]

TITLE = "a table with a row a call"
RANK = 9


def recognises(source: Source) -> bool:
    """Any file: the last to be asked."""
    return source.path.is_file()


def read(source: Source, options: Options) -> CallLog:
    """Read a table by the map of the options, or by one that is proposed."""
    table = source.table
    by = propose(table) if options.map is None else checked_map(options.map, list(table.columns))
    found = calls_of_table(table, by)
    return call_log(
        found.calls,
        table.damage,
        name=options.name,
        format="table",
        zone=options.zone,
        known=found.known,
        rows=len(table),
        left_out=found.left_out,
        proposed=_stated(by),
    )


def _stated(by: ColumnMap) -> dict[str, Any]:
    return {name: value for name, value in by if value}
