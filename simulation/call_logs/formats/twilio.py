"""Twilio's call log: the CSV export of the console, or its Call resources in a table.

Inbound calls are callers. A call with a parent is the leg to an agent: it tells who answered, when, and how long they
talked. Columns: https://www.twilio.com/docs/voice/api/call-resource.
"""

from __future__ import annotations

from typing import Any

from simulation.call_logs.build_records import call_log
from simulation.call_logs.cells import durations, moments, numbers
from simulation.call_logs.damage import Damage
from simulation.call_logs.formats.base import Source
from simulation.call_logs.log import CallLog, LoggedCall, LoggedVisit, Options
from simulation.call_logs.propose import plain

__all__ = ["RANK", "TITLE", "read", "recognises"]

TITLE = "Twilio's call log"
RANK = 3
_SID = ("callsid", "sid")
_ENDED = {"completed": "handled", "noanswer": "abandoned", "canceled": "abandoned", "busy": "blocked"}


def recognises(source: Source) -> bool:
    """Whether it names SIDs, statuses and directions, as Twilio does."""
    names = source.names
    return any(sid in names for sid in _SID) and {"status", "direction", "duration"} <= set(names)


def read(source: Source, options: Options) -> CallLog:
    """Read the calls: inbound ones, each with its leg to an agent."""
    table = source.table
    by = {plain(name): cells for name, cells in table.columns.items()}
    sids = [str(sid) for sid in by[next(sid for sid in _SID if sid in by)]]
    start = next((by[n] for n in ("starttime", "start", "datecreated") if n in by), sids)
    at, wrong = moments(start)
    for row in wrong:
        _unread(table.damage, str(start[row]), table.lines[row])
    talk = durations(by["duration"])[0]
    queue_ms = numbers(by["queuetime"])[0] if "queuetime" in by else [None] * len(sids)
    parents = [str(p or "").strip() for p in by.get("parentcallsid", [""] * len(sids))]
    legs = {parent: row for row, parent in enumerate(parents) if parent and at[row] and talk[row] is not None}
    calls, outbound = [], 0
    for row, sid in enumerate(sids):
        if parents[row] or not str(by["direction"][row]).lower().startswith("inbound"):
            outbound += 1
            continue
        if at[row] is not None:
            calls.append(_call(row, legs.get(sid), by, at, talk, queue_ms[row], table.lines[row]))
    known = {"talk", "outcomes", "callers"} | ({"waits", "agents"} if legs else set())
    return call_log(
        calls,
        table.damage,
        name=options.name,
        format="twilio",
        zone=options.zone,
        known=frozenset(known | ({"waits"} if any(queue_ms) else set())),
        rows=len(table),
        left_out={"legs to agents and outbound calls": outbound},
    )


def _call(
    row: int, leg: int | None, by: dict[str, Any], at: list[Any], talk: list[Any], queue_ms: float | None, line: int
) -> LoggedCall:
    whole = float(talk[row] or 0.0)
    outcome = _ENDED.get(plain(str(by["status"][row])), "failed")
    wait, said, agent = (queue_ms or 0.0) / 1000, whole, ""
    if leg is not None and plain(str(by["status"][leg])) == "completed" and talk[leg]:
        said, agent = float(talk[leg]), str(by["to"][leg]) if "to" in by else ""
        wait = max((at[leg] - at[row]).total_seconds(), 0.0)
        outcome = "handled"
    elif leg is not None:
        outcome, wait = "abandoned", whole
    result = {"handled": "handled", "abandoned": "abandoned"}.get(outcome)
    said = max(min(said, whole - wait) if leg is None else said, 0.0) if outcome == "handled" else 0.0
    queue = str(by["to"][row]).strip() if "to" in by else "calls"
    visits = (LoggedVisit(queue or "calls", 0.0, wait, result, agent, said),) if result else ()
    return LoggedCall(
        at[row],
        outcome,
        visits,
        0.0,
        max(whole, wait + said),
        "",
        str(by["from"][row]) if "from" in by else "",
        0,
        line,
    )


def _unread(damage: Damage, cell: str, line: int) -> None:
    damage.add(
        "K003",
        f"{cell[:60]!r} is not a date and time",
        line,
        what="calls without a readable start",
        hint="the row is left out; export the log again",
    )
