"""Asterisk's call detail records: Master.csv without a header, or a table of its database with one.

Fields: https://docs.asterisk.org/Configuration/Reporting/Call-Detail-Records-CDR/CDR-Specification/. One call may have
a record for each agent who was rung; they share a uniqueid.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from simulation.call_logs.build_records import call_log
from simulation.call_logs.cells import durations, moments
from simulation.call_logs.damage import Damage
from simulation.call_logs.formats.base import Source
from simulation.call_logs.log import CallLog, LoggedCall, LoggedVisit, Options
from simulation.call_logs.propose import plain
from simulation.call_logs.tables import read_text

__all__ = ["RANK", "TITLE", "read", "recognises"]

TITLE = "Asterisk's call detail records"
RANK = 2
_FIELDS = [
    "accountcode",
    "src",
    "dst",
    "dcontext",
    "clid",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "uniqueid",
    "userfield",
]
_DISPOSITIONS = ("ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION")
_CUT = re.compile(r"-[0-9a-fA-F]+(;\d)?$")


def recognises(source: Source) -> bool:
    """Whether its first rows have the fields of a call detail record."""
    if not source.is_text:
        return source.path.is_file() and {"disposition", "billsec"} <= set(source.names)
    rows = [row for row in csv.reader(source.head.splitlines()[:5]) if row]
    if rows and {"disposition", "billsec"} <= set(map(plain, rows[0])):
        return True
    return bool(rows) and all(len(row) in (16, 17, 18) and row[14] in _DISPOSITIONS for row in rows)


def read(source: Source, options: Options) -> CallLog:
    """Read the calls: the record of the agent who answered, or the last."""
    by, lines, damage = _columns(source)
    at, wrong = moments(by["start"])
    for row in wrong:
        damage.add(
            "K003", f"{str(by['start'][row])[:60]!r} is not a date and time", lines[row],
            what="records without a readable start", hint="the record is left out",
        )  # fmt: skip
    answered = moments(by["answer"])[0] if "answer" in by else [None] * len(lines)
    total, talked = durations(by["duration"])[0], durations(by["billsec"])[0]
    together: dict[str, list[int]] = defaultdict(list)
    for row in range(len(lines)):
        if at[row] is not None:
            together[str(by["uniqueid"][row]) if "uniqueid" in by else str(row)].append(row)
    calls, repeated = [], 0
    for rows in together.values():
        repeated += len(rows) - 1
        chosen = next((r for r in rows if str(by["disposition"][r]).upper() == "ANSWERED"), rows[-1])
        calls.append(_call(by, rows, chosen, at, answered, total, talked, lines[rows[0]]))
    return call_log(
        calls,
        damage,
        name=options.name,
        format="asterisk_cdr",
        zone=options.zone,
        known=frozenset({"waits", "talk", "agents", "outcomes", "callers"}),
        rows=len(lines),
        left_out={"further records of the same call": repeated} if repeated else {},
    )


def _columns(source: Source) -> tuple[dict[str, Sequence[Any]], Sequence[int], Damage]:
    if not source.is_text or {"disposition", "billsec"} <= set(
        map(plain, next(csv.reader(source.head.splitlines()[:1]), []))
    ):
        table = source.table
        by = {plain(name): cells for name, cells in table.columns.items()}
        by["start"] = next(by[name] for name in ("start", "calldate", "datetime", "starttime") if name in by)
        return dict(by), table.lines, table.damage
    damage = Damage(str(source.path))
    kept, lines = [], []
    reader = csv.reader(read_text(source.path, damage).split("\n"))
    for row in reader:
        if not row:
            continue
        if len(row) not in (16, 17, 18):
            damage.add(
                "K003", f"{len(row)} fields; a record has 16 to 18", reader.line_num,
                what="records with another number of fields", hint="the record is left out",
            )  # fmt: skip
            continue
        kept.append([*row, *[""] * (18 - len(row))])
        lines.append(reader.line_num)
    return {name: [row[i] for row in kept] for i, name in enumerate(_FIELDS)}, lines, damage


def _call(
    by: dict[str, Sequence[Any]],
    rows: Sequence[int],
    row: int,
    at: list[Any],
    answered: list[Any],
    total: list[Any],
    talked: list[Any],
    line: int,
) -> LoggedCall:
    begun = at[rows[0]]
    disposition = str(by["disposition"][row]).upper()
    whole, talk = float(total[row] or 0.0), float(talked[row] or 0.0)
    before = (at[row] - begun).total_seconds()
    if disposition == "ANSWERED":
        wait = (answered[row] - begun).total_seconds() if answered[row] is not None else before + whole - talk
        outcome, result = "handled", "handled"
    elif disposition in ("NO ANSWER", "CANCEL"):
        wait, talk, outcome, result = before + whole, 0.0, "abandoned", "abandoned"
    else:
        outcome, result, wait, talk = ("blocked" if disposition == "BUSY" else "failed"), "", before + whole, 0.0
    app = str(by["lastapp"][row]) if "lastapp" in by else ""
    named = str(by["lastdata"][row]).split(",")[0] if app.lower() == "queue" and "lastdata" in by else ""
    queue = named or (str(by["dst"][row]).strip() if "dst" in by else "") or "calls"
    agent = _CUT.sub("", str(by["dstchannel"][row])) if "dstchannel" in by and result == "handled" else ""
    visits = (LoggedVisit(queue, 0.0, wait, result, agent, talk),) if result else ()
    caller = str(by["src"][row]) if "src" in by else ""
    return LoggedCall(begun, outcome, visits, 0.0, max(wait, 0.0) + talk, "", caller, 0, line)
