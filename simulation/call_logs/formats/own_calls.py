"""Calls that this program wrote as one table: ``ivr simulate --calls``, as CSV or Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flows.values.units import US_PER_S
from ivr.records.schema import OUTCOMES
from simulation.call_logs.build_records import call_log
from simulation.call_logs.calls_of_table import calls_of_table
from simulation.call_logs.column_map import ColumnMap
from simulation.call_logs.formats.base import Source
from simulation.call_logs.log import CallLog, Options

__all__ = ["RANK", "TITLE", "read", "recognises"]

TITLE = "simulated calls of this program"
RANK = 4
_LENGTHS = {
    "menu_seconds": "menu_us",
    "wait_seconds": "wait_us",
    "talk_seconds": "talk_us",
    "after_call_seconds": "acw_us",
}
_COLUMNS = {"replication", "callid", "arrived", "arrivedus", "menuus", "waitus", "talkus", "acwus", "outcome", "queue"}
_MAP = ColumnMap(
    arrived="arrived",
    intent="intent",
    queue="queue",
    agent="agent",
    outcome="outcome",
    outcomes={name: name for name in OUTCOMES},
    menu_seconds="menu_seconds",
    wait_seconds="wait_seconds",
    talk_seconds="talk_seconds",
    after_call_seconds="after_call_seconds",
)


def recognises(source: Source) -> bool:
    """Whether a table has the columns of ``--calls``, times in microseconds among them."""
    return set(source.names) >= _COLUMNS


def read(source: Source, options: Options) -> CallLog:
    """Read calls; of several replications, the first.

    Raises
    ------
    IvrError
        K001, when no call is left.
    """
    table = source.table
    first = [row for row, value in enumerate(table.columns["replication"]) if str(value) == "0"]
    columns: dict[str, list[Any]] = {
        name: [cells[row] for row in first] for name, cells in table.columns.items() if name not in _LENGTHS.values()
    }
    columns |= {role: _seconds(table.columns[name], first) for role, name in _LENGTHS.items()}
    kept = replace(table, columns=columns, lines=[table.lines[row] for row in first])
    found = calls_of_table(kept, _MAP)
    further = len(table) - len(kept)
    log = call_log(
        found.calls,
        table.damage,
        name=options.name,
        format="own_calls",
        zone=options.zone,
        known=found.known,
        rows=len(kept),
        left_out=found.left_out,
    )
    return replace(log, counts=log.counts | {"rows of further replications": further}) if further else log


def _seconds(cells: Sequence[Any], rows: Sequence[int]) -> list[str]:
    """Lengths in seconds; empty where there is none."""
    return ["" if cells[row] in ("", None) else f"{float(cells[row]) / US_PER_S:.6f}" for row in rows]
