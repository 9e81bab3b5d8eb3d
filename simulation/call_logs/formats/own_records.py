"""Records that this program wrote: of live calls (``ivr data export``) or of simulated ones (``--records``)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from flows.source.finding import Finding, IvrError
from ivr.records.files import read as read_records
from simulation.call_logs.formats.base import Source
from simulation.call_logs.log import CallLog, Options
from simulation.call_logs.whole_days import whole_days

__all__ = ["RANK", "TITLE", "read", "recognises"]

TITLE = "records of this program"
RANK = 0


def recognises(source: Source) -> bool:
    """Whether it is a folder with ``records.json``."""
    return source.path.is_dir() and (source.path / "records.json").is_file()


def read(source: Source, options: Options) -> CallLog:
    """Read records; of several replications, the first.

    Raises
    ------
    IvrError
        When the folder cannot be read, or does not say when its calls were.
    """
    records = read_records(source.path)
    if records.begins_us is None:
        raise IvrError(
            Finding(
                code="K001",
                severity="error",
                message="the records do not say when they begin",
                file=str(source.path),
                hint="write them again with ivr simulate --records, or export them with ivr data export",
            )
        )
    further = records.replications - 1
    if "replication" in records.calls:
        tables = {}
        for table in ("calls", "visits", "steps", "agents", "pauses", "in_hand"):
            columns = getattr(records, table)
            first = columns["replication"] == 0
            tables[table] = {name: values[first] for name, values in columns.items() if name != "replication"}
        records = replace(
            records,
            calls=tables["calls"],
            visits=tables["visits"],
            steps=tables["steps"],
            agents=tables["agents"],
            pauses=tables["pauses"],
            in_hand=tables["in_hand"],
            replications=1,
        )
    records = whole_days(records, "" if options.zone == "UTC" else options.zone)
    calls = len(records.calls["arrived_us"])
    known = {"waits", "talk", "outcomes", "menu", "after_call_work", "attempts"}
    known |= {"agents"} if np.any(records.visits["agent"] >= 0) else set()
    known |= {"steps"} if len(records.steps["node"]) else set()
    known |= {"staff"} if np.any(records.agents["staffed_us"] > 0) else set()
    counts = {"rows": calls, "calls": calls}
    return CallLog(
        name=options.name,
        format="own_records",
        records=records,
        caller=np.full(calls, -1),
        priority=np.zeros(calls, dtype=np.int64),
        known=frozenset(known),
        counts=counts | ({"further replications": further} if further else {}),
    )
