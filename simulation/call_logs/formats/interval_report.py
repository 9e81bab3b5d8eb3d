"""Reports of an ACD: a row for each interval (and queue) with calls, abandoned, handle time and agents.

Also columns for each queue, with or without some for all queues together, and a file for each queue, named by the file.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from simulation.call_logs.cells import dates, durations, moments, numbers, times_of_day
from simulation.call_logs.damage import Damage
from simulation.call_logs.formats.base import Source
from simulation.call_logs.log import IntervalReport, Options, ReportRow
from simulation.call_logs.propose import kind_of, plain
from simulation.call_logs.tables import Table, unreadable
from simulation.call_logs.wide_report import WideReport, wide_report

__all__ = ["RANK", "TITLE", "read", "recognises"]

TITLE = "an interval report"
RANK = 5
_OFFERED = (
    "offered", "callsoffered", "calls", "callvolume", "volume", "received", "incoming", "incomingcalls", "acdcalls",
    "arrived", "contacts", "anrufe", "callsin", "totalcalls", "numberofcalls", "count",
)  # fmt: skip
_HANDLED = ("handled", "answered", "callshandled", "callsanswered", "answeredcalls", "acdcallsanswered")
_ABANDONED = ("abandoned", "abandonedcalls", "callsabandoned", "abandons", "aban", "lost", "abncalls", "abandon")
_AHT = ("aht", "ahts", "ahtseconds", "ahtsec", "averagehandletime", "avghandletime", "handletime", "avghandle")
_TALK = ("att", "talk", "talktime", "avgtalktime", "averagetalktime", "avgacdtime", "avgtalk", "talktimeavg", "acdtime")
_ACW = ("acw", "avgacw", "acwtime", "avgacwtime", "averageacw", "wrap", "wraptime", "avgwrap")
_AGENTS = (
    "agents", "staffed", "staff", "agentsstaffed", "avgpositionsstaffed", "avgposstaff", "positions", "agentsonduty",
    "fte", "headcount", "avgstaffed", "scheduled", "avgagents",
)  # fmt: skip
_QUEUE = ("queue", "queuename", "skill", "split", "splitskill", "service", "vdn", "group", "calltype", "department")
_BEGINS = (
    "interval",
    "intervalstart",
    "start",
    "starttime",
    "begin",
    "from",
    "time",
    "datetime",
    "timestamp",
    "halfhour",
)
_DAYS = ("date", "day", "datum")
_STEPS = (300, 600, 900, 1200, 1800, 3600, 7200, 86_400)


def recognises(source: Source) -> bool:
    """Whether its rows follow each other at equal steps and count calls."""
    if not source.path.is_file() or source.path.suffix == ".log":
        return False
    names = source.names
    counted = any(name in names for name in (*_OFFERED, *_HANDLED))
    averaged = any(name in names for name in (*_ABANDONED, *_AHT, *_TALK, *_AGENTS))
    wide = None if counted else _wide(source.table)
    if not counted and wide is None:
        return False
    try:
        begins, _ = _moments(source.table)
    except (ValueError, StopIteration):
        return False
    known = [one for one in begins if one is not None]
    return bool(known) and _step(known) > 0 and ((counted and (averaged or len(names) <= 5)) or not counted)


def read(source: Source, options: Options) -> IntervalReport:
    """Read the intervals of one or several files."""
    rows: list[ReportRow] = []
    findings: tuple[Any, ...] = ()
    paths = options.paths if len(options.paths) > 1 else (source.path,)
    step = 0
    for path in paths:
        table = Source(path).table if path != source.path else source.table
        begins, wrong = _moments(table)
        for row in wrong:
            table.damage.add("K003", "the row does not say which interval it is", table.lines[row],
                             what="rows without an interval", hint="the row is left out")  # fmt: skip
        step = step or _step([one for one in begins if one is not None])
        name = path.stem if len(paths) > 1 else ""
        rows += _rows(table, begins, name)
        rows = _once(rows, table.damage)
        _holes(rows, step, table.damage)
        findings += table.damage.findings()
    if not rows:
        raise unreadable(source.path, "no row counts calls", "name a report with a row for each interval")
    rows.sort(key=lambda row: (row.begins, row.queue))
    return IntervalReport(options.name, "interval_report", tuple(rows), float(step), options.zone, findings)


def _column(table: Table, names: Sequence[str], kinds: Sequence[str] = ()) -> str:
    by = {plain(name): name for name in reversed(table.columns)}
    found = (by[name] for name in names if name in by)
    return next((name for name in found if not kinds or kind_of(table.columns[name]) in kinds), "")


def _moments(table: Table) -> tuple[list[dt.datetime | None], list[int]]:
    """When each interval begins; rows that do not say."""
    whole = _column(table, (*_BEGINS, *_DAYS), ("moment",)) or next(
        (name for name, cells in table.columns.items() if kind_of(cells) == "moment"), ""
    )
    if whole:
        return moments([_first(cell) for cell in table.columns[whole]])
    day = next((name for name, cells in table.columns.items() if kind_of(cells) == "date"), "")
    time = _column(table, _BEGINS) or next(
        (n for n, cells in table.columns.items() if kind_of([_first(c) for c in cells]) == "time"), ""
    )
    if not day or not time:
        raise ValueError("no column of intervals")
    days, _ = dates(table.columns[day])
    times, _ = times_of_day([_first(cell) for cell in table.columns[time]])
    found = [
        dt.datetime.combine(d, dt.time()) + dt.timedelta(seconds=t) if d is not None and t is not None else None
        for d, t in zip(days, times, strict=True)
    ]
    return found, [row for row, one in enumerate(found) if one is None]


def _first(cell: Any) -> Any:
    """The beginning of an interval that is written ``08:00 - 08:30``."""
    text = str(cell)
    for between in (" - ", " – ", "–", " to "):
        if isinstance(cell, str) and between in text:
            return text.split(between)[0].strip()
    return text.split("-")[0].strip() if isinstance(cell, str) and text.count(":") == 2 and "-" in text[3:] else cell


def _step(begins: Sequence[dt.datetime]) -> int:
    """The step between intervals, seconds; 0 if there is none."""
    times = sorted({one.replace(tzinfo=None) for one in begins})
    steps = Counter(int((b - a).total_seconds()) for a, b in itertools.pairwise(times))
    if not steps:
        return 0
    step, count = steps.most_common(1)[0]
    # Nights and weekends without rows are steps of many intervals.
    whole = sum(number for size, number in steps.items() if size % step == 0)
    return step if step in _STEPS and count > 0.5 * len(times) - 1 and whole > 0.9 * (len(times) - 1) else 0


_ROLES = {
    "offered": _OFFERED, "handled": _HANDLED, "abandoned": _ABANDONED, "aht": _AHT, "talk": _TALK, "acw": _ACW,
    "agents": _AGENTS,
}  # fmt: skip


def _wide(table: Table) -> WideReport | None:
    """The columns of queues in a table that has nothing else but intervals and figures."""
    kinds = {name: kind_of(cells) for name, cells in table.columns.items()}
    counts = [
        name for name, kind in kinds.items() if kind == "number" or (kind in ("time", "duration") and _figure(name))
    ]
    lengths = any(plain(n).endswith(("seconds", "duration", "sec")) and not _figure(n) for n in counts)
    return wide_report(counts, _ROLES) if not lengths and len(counts) + 2 >= len(kinds) else None


def _figure(column: str) -> bool:
    """Whether a column is named like a figure of a report."""
    return any(plain(column).endswith(name) for names in _ROLES.values() for name in names)


def _rows_of_queues(table: Table, begins: Sequence[dt.datetime | None], wide: WideReport) -> list[ReportRow]:
    """A row for each interval and queue; what is told of all together goes by calls, and agents once."""
    of = [{role: _values(table, role, column) for role, column in queue.by_role.items()} for queue in wide.queues]
    together = {role: _values(table, role, column) for role, column in wide.together.items()}
    rows = []
    for row, at in enumerate(begins):
        if at is None:
            continue
        total = sum(queue["offered"][row] or 0.0 for queue in of)
        for i, (queue, told) in enumerate(zip(wide.queues, of, strict=True)):
            calls = told["offered"][row] or 0.0
            known = {role: values[row] for role, values in (together | told).items()}
            if known.get("abandoned") is not None and "abandoned" not in told:
                known["abandoned"] = (known["abandoned"] or 0.0) * calls / total if total else 0.0
            if "agents" not in told and i:
                known["agents"] = None
            aht, acw = known.get("aht"), known.get("acw")
            talk = known.get("talk", None if aht is None else aht - (acw or 0.0))
            rows.append(
                ReportRow(
                    at, queue.name, calls, known.get("abandoned"), talk, acw, known.get("agents"), table.lines[row]
                )
            )
    return rows


def _values(table: Table, role: str, column: str) -> list[float | None]:
    return (durations if role in ("aht", "talk", "acw") else numbers)(table.columns[column])[0]


def _rows(table: Table, begins: Sequence[dt.datetime | None], name: str) -> list[ReportRow]:
    offered, handled = _column(table, _OFFERED), _column(table, _HANDLED)
    if not offered and not handled:
        wide = _wide(table)
        return _rows_of_queues(table, begins, wide) if wide else []
    abandoned = _numbers(table, _ABANDONED)
    answered = _numbers(table, _HANDLED)
    calls = _numbers(table, _OFFERED)
    if calls is None:
        calls = [(h or 0.0) + (a or 0.0) for h, a in zip(answered or [], abandoned or answered or [], strict=True)]
        calls = answered or [] if abandoned is None else calls
    aht, talk, acw = _seconds(table, _AHT), _seconds(table, _TALK), _seconds(table, _ACW)
    agents, queue = _numbers(table, _AGENTS), _column(table, _QUEUE)
    rows = []
    for row, at in enumerate(begins):
        if at is None:
            continue
        count = calls[row]
        if count is None or count < 0:
            table.damage.add("K002" if count else "K003", f"{count or 'no number'} of calls", table.lines[row],
                             what="intervals without a count", hint="the interval is left out")  # fmt: skip
            continue
        lost = abandoned[row] if abandoned else (count - (answered[row] or 0.0) if answered and offered else None)
        after = acw[row] if acw else None
        said = talk[row] if talk else (aht[row] - (after or 0.0) if aht and aht[row] is not None else None)  # type: ignore[operator]
        name_of = str(table.columns[queue][row]).strip() if queue else name
        rows.append(
            ReportRow(
                at, name_of or "calls", count, lost, said, after, agents[row] if agents else None, table.lines[row]
            )
        )
    return rows


def _numbers(table: Table, names: Sequence[str]) -> list[float | None] | None:
    column = _column(table, names)
    return numbers(table.columns[column])[0] if column else None


def _seconds(table: Table, names: Sequence[str]) -> list[float | None] | None:
    column = _column(table, names)
    return durations(table.columns[column])[0] if column else None


def _once(rows: list[ReportRow], damage: Damage) -> list[ReportRow]:
    """Each interval of a queue once."""
    seen: dict[tuple[dt.datetime, str], ReportRow] = {}
    for row in rows:
        key = (row.begins, row.queue)
        if key in seen and seen[key] is not row:
            damage.add("K004", f"the interval {row.begins:%Y-%m-%d %H:%M} of {row.queue!r} is there already", row.line,
                       what="duplicates", hint="the first row is kept")  # fmt: skip
            continue
        seen[key] = replace(row)
    return list(seen.values())


def _holes(rows: Sequence[ReportRow], step: int, damage: Damage) -> None:
    """Report intervals that are missing within a day, between others."""
    by_queue: dict[str, list[ReportRow]] = {}
    for row in rows:
        by_queue.setdefault(row.queue, []).append(row)
    for queue, of in by_queue.items():
        of = sorted(of, key=lambda row: row.begins)
        for before, after in itertools.pairwise(of):
            gap = (after.begins - before.begins).total_seconds()
            if step < gap <= 4 * 3600 and before.begins.date() == after.begins.date():
                damage.add(
                    "K010",
                    f"{queue}: no row between {before.begins:%Y-%m-%d %H:%M} and {after.begins:%H:%M}",
                    after.line,
                    what="holes",
                    hint="the missing intervals are not counted as quiet; add them if nobody called",
                )


def stem(path: Path) -> str:
    """The name of a queue whose report has a file of its own."""
    return path.stem
