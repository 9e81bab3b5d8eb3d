"""Asterisk's queue_log: an event a line, ``epoch|call|queue|agent|event|data...``.

Events: https://docs.asterisk.org/Configuration/Applications/Queue-Logs/. ENTERQUEUE begins a wait; CONNECT, ABANDON,
EXITWITHTIMEOUT, EXITWITHKEY and EXITEMPTY end it; COMPLETEAGENT, COMPLETECALLER, TRANSFER, BLINDTRANSFER and
ATTENDEDTRANSFER end the talk.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field

from simulation.call_logs.build_records import call_log
from simulation.call_logs.damage import Damage
from simulation.call_logs.formats.base import Source
from simulation.call_logs.log import CallLog, LoggedCall, LoggedVisit, Options
from simulation.call_logs.tables import read_text

__all__ = ["RANK", "TITLE", "read", "recognises"]

TITLE = "Asterisk's queue_log"
RANK = 1
_EVENT = re.compile(r"\d{9,10}(\.\d+)?\|[^|\n]*\|[^|\n]*\|[^|\n]*\|[A-Z]{2,}\b")
_LEFT = {"ABANDON": "abandoned", "EXITWITHTIMEOUT": "timeout", "EXITEMPTY": "closed", "EXITWITHKEY": "voicemail"}
_TALKED = ("COMPLETEAGENT", "COMPLETECALLER", "TRANSFER", "BLINDTRANSFER", "ATTENDEDTRANSFER")
_OUTCOMES = {"handled": "handled", "abandoned": "abandoned", "timeout": "turned_away", "closed": "closed"} | {
    "voicemail": "voicemail"
}


@dataclass
class _Wait:
    """One wait in a queue while its events are read; times in seconds since 1970."""

    queue: str
    offered: float
    line: int
    caller: str = ""
    left: float | None = None
    result: str = ""
    agent: str = ""
    ended: float | None = None


@dataclass
class _Waits:
    """The waits of each call, and what is wrong with events."""

    damage: Damage
    of: dict[str, list[_Wait]] = field(default_factory=dict)
    repeated: int = 0


def recognises(source: Source) -> bool:
    """Whether its lines are events of a queue."""
    lines = [line for line in source.head.split("\n")[:20] if line.strip()]
    return bool(lines) and sum(bool(_EVENT.match(line)) for line in lines) > len(lines) / 2


def read(source: Source, options: Options) -> CallLog:
    """Read the calls: their waits, in order."""
    damage = Damage(str(source.path))
    waits = _Waits(damage)
    rows, seen, skipped = 0, set(), Counter[str]()
    for number, line in enumerate(read_text(source.path, damage).split("\n"), 1):
        line = line.strip()
        if not line:
            continue
        rows += 1
        if not _EVENT.match(line):
            damage.add(
                "K003", f"{line[:60]!r} is not an event", number, what="lines that are not events",
                hint="the line is left out: write epoch|call|queue|agent|EVENT|data",
            )  # fmt: skip
            continue
        if line in seen:
            damage.add("K004", "the event is the same as one before", number, what="duplicates",
                       hint="the line is left out")  # fmt: skip
            continue
        seen.add(line)
        at, call, queue, agent, event, *data = line.split("|")
        if not _told(waits, float(at), call, queue, agent, event, data, number):
            skipped[event] += 1
    calls = [_call(of) for of in waits.of.values()]
    return call_log(
        calls,
        damage,
        name=options.name,
        format="asterisk_queue_log",
        zone=options.zone,
        known=frozenset({"waits", "talk", "agents", "outcomes", "callers"}),
        rows=rows,
        left_out={f"events {event}": count for event, count in skipped.most_common(6)},
    )


def _told(waits: _Waits, at: float, call: str, queue: str, agent: str, event: str, data: list[str], line: int) -> bool:
    """Note one event; False for events that tell nothing about waits."""
    if event == "ENTERQUEUE":
        waits.of.setdefault(call, []).append(_Wait(queue, at, line, data[1] if len(data) > 1 else ""))
        return True
    if event not in (*_LEFT, "CONNECT", *_TALKED):
        return False
    open_ = [wait for wait in waits.of.get(call, []) if wait.queue == queue]
    if not open_:
        waits.damage.add(
            "K003", f"{event} of call {call}, which never entered {queue}", line, what="events of unknown calls",
            hint="the event is left out; the log begins within the call, or lacks its ENTERQUEUE",
        )  # fmt: skip
        return True
    wait = open_[-1]
    if event == "CONNECT":
        wait.left, wait.result, wait.agent = at, "handled", agent
    elif event in _LEFT:
        wait.left, wait.result = at, _LEFT[event]
    else:
        talked = {"TRANSFER": 3, "BLINDTRANSFER": 3, "ATTENDEDTRANSFER": 3}.get(event, 1)
        stated = data[talked] if len(data) > talked else ""
        wait.ended = (wait.left or at) + float(stated) if stated.isdigit() and wait.left is not None else at
    return True


def _call(waits: list[_Wait]) -> LoggedCall:
    begun = waits[0].offered
    visits, last = [], begun
    for wait in waits:
        left = wait.left if wait.left is not None else wait.offered
        result = wait.result or "abandoned"
        talk = (wait.ended - left) if wait.ended is not None and result == "handled" else 0.0
        last = max(last, left + talk)
        visits.append(LoggedVisit(wait.queue, wait.offered - begun, left - wait.offered, result, wait.agent, talk))
    handled = any(visit.result == "handled" for visit in visits)
    if handled and visits[-1].result == "abandoned":
        visits = [v for v in visits if v.result == "handled"] if visits[-1].wait_s == 0 else visits
    outcome = _OUTCOMES[visits[-1].result]
    return LoggedCall(
        arrived=dt.datetime.fromtimestamp(begun, dt.UTC),
        outcome=outcome,
        visits=tuple(visits),
        ended_s=last - begun,
        caller=waits[0].caller,
        line=waits[0].line,
    )
