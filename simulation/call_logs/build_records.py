"""Turns logged calls into the product's records: in elapsed time, in order, with what is damaged reported."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from flows.values.units import MICROSECOND, US_PER_S
from ivr.records.schema import NONE, outcome_code, result_code
from ivr.records.tables import Records, empty_table
from simulation.arrays import Ints
from simulation.call_logs.damage import Damage
from simulation.call_logs.log import CallLog, LoggedCall
from simulation.call_logs.tables import unreadable
from simulation.clock.local_time import EPOCH, LocalClock, local_clock
from simulation.clock.stamps import Stamps, in_elapsed_time

__all__ = ["call_log", "elapsed", "name_of"]

_LONGEST_S = 6 * 3600.0
_FARTHEST = dt.timedelta(days=3 * 366)


def call_log(
    calls: Sequence[LoggedCall],
    damage: Damage,
    *,
    name: str,
    format: str,
    zone: str,
    known: frozenset[str],
    rows: int,
    left_out: Mapping[str, int] | None = None,
    proposed: dict[str, object] | None = None,
    unused: tuple[str, ...] = (),
) -> CallLog:
    """Build a log from its calls.

    Raises
    ------
    IvrError
        K001, when no call is left.
    """
    fine = [call for call in calls if _sound(call, damage)]
    fine = _near_each_other(fine, damage)
    if not fine:
        found = damage.findings()
        raise unreadable(
            Path(damage.file),
            f"none of {rows:,} rows is a call" + (f"; the first: {found[0].message}" if found else ""),
            "write a column map and give it with --map" if format == "table" else "name a log with calls in it",
        )
    clock, at_us = elapsed([call.arrived for call in fine], zone, damage, [call.line for call in fine])
    order = np.argsort(at_us, kind="stable")
    fine, at_us = [fine[i] for i in order.tolist()], at_us[order]
    records, agents = _records(fine, at_us, clock)
    if agents:
        _twice_at_once(fine, at_us, damage)
    numbers: dict[str, int] = {}
    caller = np.array([numbers.setdefault(c.caller, len(numbers)) if c.caller else -1 for c in fine], dtype=np.int64)
    counts = {"rows": rows, "calls": len(fine)} | dict(left_out or {})
    if damaged := len(calls) - len(fine):
        counts["damaged"] = damaged
    return CallLog(
        name=name,
        format=format,
        records=records,
        caller=caller,
        priority=np.array([call.priority for call in fine], dtype=np.int64),
        known=known,
        findings=damage.findings(),
        counts=counts,
        proposed=proposed,
        unused=unused,
    )


def elapsed(moments: Sequence[dt.datetime], zone: str, damage: Damage, lines: Sequence[int]) -> tuple[LocalClock, Ints]:
    """The clock of a log from the midnight before its first call, and its moments in microseconds since then."""
    utc = [one for one in moments if one.tzinfo is not None]
    plain = [one for one in moments if one.tzinfo is None]
    local = [*plain, *(one.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for one in utc)]
    first, last = min(local).date(), max(local).date()
    days = (last - first).days + 1
    clock = local_clock(dt.datetime.combine(first, dt.time()), zone, days * 86_400.0)
    read = [clock.elapsed_us(one) if one.tzinfo is not None else one for one in moments]
    found, stamps = in_elapsed_time(clock, read)
    _say_stamps(stamps, damage, lines)
    if zone == "UTC" and not utc:
        _steps_back(moments, damage, lines)
    return clock, np.array(found, dtype=np.int64)


def _say_stamps(stamps: Stamps, damage: Damage, lines: Sequence[int]) -> None:
    if not stamps.line:
        return
    line = lines[min(stamps.line - 2, len(lines) - 1)]
    if stamps.twice:
        how = "the order of the rows tells which" if stamps.ordered else "the first is taken"
        damage.add(
            "K005",
            f"{stamps.twice} times are in an hour that the clock shows twice; {how}",
            line,
            what="times that the clock shows twice",
            hint="write times in UTC, or with their offset",
        )
    if stamps.skipped:
        damage.add(
            "K005",
            f"{stamps.skipped} times are in an hour that the clock skips; they count as the moment of the change",
            line,
            what="times that the clock skips",
            hint="check --zone, or write times in UTC",
        )


def _steps_back(moments: Sequence[dt.datetime], damage: Damage, lines: Sequence[int]) -> None:
    """Report where a log that is otherwise in order goes back by about an hour."""
    at = np.array([(one - moments[0]).total_seconds() for one in moments])
    steps = np.diff(at)
    back = np.flatnonzero((steps < -1800) & (steps > -4200))
    if len(back) and np.count_nonzero(steps < 0) <= max(4, 0.001 * len(at)):
        for row in back.tolist():
            damage.add(
                "K005",
                f"the clock goes back from {moments[row]:%H:%M} to {moments[row + 1]:%H:%M}, as when clocks change",
                lines[row + 1],
                what="steps back of the clock",
                hint="say whose clock it is, for example --zone America/New_York",
            )


def _sound(call: LoggedCall, damage: Damage) -> bool:
    """Whether a call's times are possible."""
    times = {"the menu": call.menu_s}
    for visit in call.visits:
        times |= {"the wait": visit.wait_s, "the talk": visit.talk_s, "the after-call work": visit.acw_s}
    times["the call"] = call.ended_s
    for what, seconds in times.items():
        if seconds < 0:
            damage.add(
                "K002",
                f"{what} lasts {seconds:g} s",
                call.line,
                file=call.file,
                what="times below 0",
                hint="the row is left out; check its times",
            )
            return False
        if seconds > _LONGEST_S:
            damage.add(
                "K002",
                f"{what} lasts {seconds / 3600:.1f} h; more than {_LONGEST_S / 3600:g} h is taken for a fault",
                call.line,
                file=call.file,
                what="times of many hours",
                hint="the row is left out; check its times",
            )
            return False
    return True


def _near_each_other(calls: list[LoggedCall], damage: Damage) -> list[LoggedCall]:
    """Leave out calls years away from all others: clocks that were never set."""
    if not calls:
        return calls
    days = np.array([call.arrived.date().toordinal() for call in calls])
    middle = np.median(days)
    kept = []
    for call, day in zip(calls, days.tolist(), strict=True):
        if abs(day - middle) <= _FARTHEST.days:
            kept.append(call)
        else:
            damage.add(
                "K002",
                f"the call is dated {call.arrived:%Y-%m-%d}, years from the others",
                call.line,
                file=call.file,
                what="dates years away",
                hint="the row is left out; check its date",
            )
    return kept


def _twice_at_once(calls: Sequence[LoggedCall], at_us: Ints, damage: Damage) -> None:
    """Report agents who talk to two callers at once."""
    spans = sorted(
        (visit.agent, at / 1e6 + visit.offered_s + visit.wait_s, visit.talk_s, call.line, call.file)
        for call, at in zip(calls, at_us.tolist(), strict=True)
        for visit in call.visits
        if visit.agent
    )
    for (agent, begin, talk, *_), (other, next_begin, _, line, file) in itertools.pairwise(spans):
        if agent == other and next_begin < begin + talk - 2.0:
            damage.add(
                "K008",
                f"agent {agent} answers {begin + talk - next_begin:.0f} s before the talk before it ends",
                line,
                file=file,
                what="agents in two calls at once",
                hint="check the times of talk; both calls are kept",
            )


def _records(calls: Sequence[LoggedCall], at_us: Ints, clock: LocalClock) -> tuple[Records, dict[str, int]]:
    """The tables; agents are numbered by name, and their time on duty is left for calibration to infer."""
    names: dict[str, dict[str, int]] = {"queue": {}, "intent": {}}
    agents: dict[str, int] = {}
    of_calls = empty_table("calls", len(calls))
    visits = [(row, seq, visit) for row, call in enumerate(calls) for seq, visit in enumerate(call.visits)]
    of_visits = empty_table("visits", len(visits))
    of_calls["call_id"] = np.arange(len(calls))
    of_calls["source"][:] = 1
    of_calls["arrived_us"] = at_us
    of_calls["attempt"][:] = 1
    of_calls["outcome"] = np.array([outcome_code(call.outcome) for call in calls])
    of_calls["menu_us"] = np.array([_us(call.menu_s) for call in calls], dtype=np.int64)
    of_calls["ended_us"] = at_us + np.array([_us(call.ended_s) for call in calls], dtype=np.int64)
    of_calls["intent"] = np.array(
        [names["intent"].setdefault(c.intent, len(names["intent"])) if c.intent else NONE for c in calls]
    )
    for i, (row, seq, visit) in enumerate(visits):
        offered = int(at_us[row]) + _us(visit.offered_s)
        left = offered + _us(visit.wait_s)
        of_visits["call_id"][i], of_visits["seq"][i] = row, seq
        of_visits["queue"][i] = names["queue"].setdefault(visit.queue, len(names["queue"]))
        of_visits["offered_us"][i], of_visits["left_us"][i] = offered, left
        of_visits["result"][i] = result_code(visit.result)
        if visit.result == "handled":
            of_visits["answered_us"][i] = left
            of_visits["talk_us"][i], of_visits["acw_us"][i] = _us(visit.talk_s), _us(visit.acw_s)
            if visit.agent:
                of_visits["agent"][i] = agents.setdefault(visit.agent, len(agents))
    of_calls = {c: v.astype(d.dtype) for (c, v), d in zip(of_calls.items(), empty_table("calls").values(), strict=True)}
    records = Records(
        of_calls,
        of_visits,
        empty_table("steps"),
        empty_table("agents"),
        {"queue": tuple(name_of(queue) for queue in names["queue"]), "intent": tuple(names["intent"])},
        horizon_us=clock.length_us,
        begins_us=(clock.utc - EPOCH) // MICROSECOND,
        zone=clock.zone,
        labels={name_of(queue): queue for queue in names["queue"] if name_of(queue) != queue},
    )
    return records, agents


def name_of(queue: str) -> str:
    """The name of a queue as flows and scenarios may state it.

    >>> name_of("Seattle PD"), name_of("a>b")
    ('Seattle_PD', 'a_b')
    """
    return re.sub(r"[^\w.-]+", "_", queue).strip("_")[:60] or "calls"


def _us(seconds: float) -> int:
    return round(seconds * US_PER_S)
