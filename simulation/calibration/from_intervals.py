"""A scenario from a report by intervals: calls, handle times, abandoned and agents of each interval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from flows.display.numbers import duration, share
from simulation.arrays import Flags, Floats, Ints
from simulation.calibration.arrivals import BUSY_ALL_DAY, ArrivalEstimate, estimate_arrivals, tells, weekday_names
from simulation.calibration.as_stated import count_list, rounded_shares, seconds
from simulation.calibration.in_words import counted
from simulation.calibration.making import MOST_DAYS, USUAL_LEVEL, laid_out
from simulation.calibration.minimal_flow import minimal_flow
from simulation.calibration.outages import LeftOut, days_left_out
from simulation.calibration.scenario_data import ScenarioData
from simulation.calibration.staffing import needed, whole_agents
from simulation.calibration.yaml_text import Dated
from simulation.call_logs.build_records import name_of
from simulation.call_logs.log import IntervalReport, ReportRow
from simulation.call_logs.report_counts import report_agents, report_counts

__all__ = ["FromIntervals", "calibrate_intervals"]

_USUAL_TALK_S = 180.0
_MOST_CELLS = 150


@dataclass(frozen=True)
class FromIntervals:
    """What a report by intervals tells.

    Parameters
    ----------
    report : IntervalReport
    dates : tuple of date
    kept : numpy.ndarray
        b1[days].
    left_out : tuple of LeftOut
    counts : dict of str to numpy.ndarray
        f8[days, intervals], by queue.
    arrivals : ArrivalEstimate
        Of all queues together.
    talk_s, acw_s : dict of str to float
        Means by queue, weighted by calls.
    agents : dict of str to numpy.ndarray
        By queue, or of all under "".
    abandonment : float or None
    patience_s : float or None
        Mean of an exponential patience with which Erlang's model loses as many.
    scenario : ScenarioData
    """

    report: IntervalReport
    dates: tuple[dt.date, ...]
    kept: Flags
    left_out: tuple[LeftOut, ...]
    counts: dict[str, Floats]
    arrivals: ArrivalEstimate
    talk_s: dict[str, float]
    acw_s: dict[str, float]
    agents: dict[str, Floats]
    abandonment: float | None
    patience_s: float | None
    scenario: ScenarioData


def calibrate_intervals(
    report: IntervalReport, *, name: str, flow_file: str, from_: dt.date | None = None, to: dt.date | None = None
) -> FromIntervals:
    """Estimate what a report tells, and make a scenario.

    Parameters
    ----------
    report : IntervalReport
    name, flow_file : str
    from_, to : date, optional
        The days to use, both included.
    """
    rows = [
        row
        for row in report.rows
        if (from_ is None or row.begins.date() >= from_) and (to is None or row.begins.date() <= to)
    ] or list(report.rows)
    used = replace(report, rows=tuple(rows))
    queues, dates, by_queue = report_counts(used)
    counts, agents = dict(zip(queues, by_queue, strict=True)), report_agents(used)
    total = np.sum(list(counts.values()), axis=0)
    kept, left_out = days_left_out(dates, total, report.interval_s)
    weekday = np.array([date.weekday() for date in dates])
    arrivals = estimate_arrivals(total, weekday, kept)
    talk_s = {queue: _mean(rows, queue, "talk_s") for queue in counts}
    acw_s = {queue: _mean(rows, queue, "acw_s") for queue in counts}
    lost = sum(row.abandoned or 0.0 for row in rows) if any(row.abandoned is not None for row in rows) else None
    offered = float(sum(row.offered for row in rows))
    known = [value for value in talk_s.values() if value] or [_USUAL_TALK_S]
    handle = float(np.mean(known)) + float(np.mean(list(acw_s.values())))
    share_lost = lost / offered if lost is not None and offered else None
    pools = (
        [_Pool(of, agents[queue], (talk_s[queue] or _USUAL_TALK_S) + acw_s[queue]) for queue, of in counts.items()]
        if _apart(agents, counts)
        else [_Pool(total, sum(agents.values(), np.zeros(total.shape)), handle)]
    )
    patience = _patience(pools, share_lost, report.interval_s) if agents else None
    made = FromIntervals(
        report, dates, kept, left_out, counts, arrivals, talk_s, acw_s, agents,
        share_lost, patience,
        ScenarioData({}, {}, (), None),
    )  # fmt: skip
    scenario = _scenario(made, weekday, name, flow_file)
    return FromIntervals(**{**{key: getattr(made, key) for key in made.__dataclass_fields__}, "scenario": scenario})


def _mean(rows: Sequence[ReportRow], queue: str, what: str) -> float:
    """A mean time of a queue, weighted by calls; 0 where there is none."""
    told = [(row.offered, getattr(row, what)) for row in rows if row.queue == queue and getattr(row, what) is not None]
    weight = sum(calls for calls, _ in told)
    return sum(calls * value for calls, value in told) / weight if weight else 0.0


@dataclass(frozen=True)
class _Pool:
    """Calls and agents of queues that are served together, f8[days, intervals], and the mean time a call takes."""

    counts: Floats
    agents: Floats
    handle_s: float


def _apart(agents: Mapping[str, Floats], counts: Mapping[str, Floats]) -> bool:
    """Whether every one of several queues has agents of its own."""
    return len(counts) > 1 and len(agents) == len(counts)


def _patience(pools: Sequence[_Pool], wanted: float | None, interval_s: float) -> float | None:
    """The mean patience with which Erlang's model with abandonment loses the share of calls that the report says."""
    from scipy.optimize import brentq

    from simulation.theory.impatience import erlang_a

    cells: dict[tuple[int, int, float], int] = {}
    for pool in pools:
        for calls, on_duty in zip(pool.counts.reshape(-1).tolist(), pool.agents.reshape(-1).tolist(), strict=True):
            if calls >= 1 and on_duty >= 0.5:
                key = (round(calls), round(on_duty), pool.handle_s)
                cells[key] = cells.get(key, 0) + 1
    chosen = sorted(cells.items(), key=lambda item: -item[0][0] * item[1])[:_MOST_CELLS]
    weight = sum(key[0] * times for key, times in chosen)
    if not weight or not wanted:
        return None

    def loses(log_mean: float) -> float:
        total = 0.0
        for (calls, on_duty, handle_s), times in chosen:
            answer = erlang_a(
                arrivals_per_hour=calls * 3600 / interval_s, aht_s=handle_s, patience_s=float(np.exp(log_mean)),
                agents=on_duty,
            )  # fmt: skip
            total += times * calls * (answer.abandonment or 0.0)
        return total / weight - wanted

    low, high = np.log(10.0), np.log(7200.0)
    if loses(low) <= 0 or loses(high) >= 0:
        return None
    return float(np.exp(brentq(loses, low, high, xtol=0.02)))


def _scenario(of: FromIntervals, weekday: Ints, name: str, flow_file: str) -> ScenarioData:
    count = len(of.dates)
    whole = min(MOST_DAYS, count - count % 7 if count >= 7 else count)
    days = list(range(count - whole, count))
    labels = [f"{of.dates[d]:%a %d %b}{'' if of.kept[d] else ', left out of the estimates'}" for d in days]

    def by_day(values: Sequence[Sequence[str]]) -> Dated:
        return laid_out(values, [of.dates[d] for d in days], labels, of.report.interval_s, of.report.zone)

    queues = {queue: name_of(queue) for queue in of.counts}
    flow = minimal_flow(
        name, list(queues.values()), {clean: q for q, clean in queues.items() if q != clean}, with_menu=False
    )
    expected = of.arrivals.expected[weekday[days]]
    levels = [f"{weekday_names((w,))} {counted(v)}" for w, v in enumerate(of.arrivals.level) if v.value and v.count]
    arrivals: dict[str, Any] = {
        "kind": "per_interval",
        "calls": by_day([count_list(day) for day in expected.tolist()]),
    }
    notes: dict[tuple[str, ...], str] = {
        ("arrivals",): f"Estimated from {int(of.kept.sum())} days. Calls a day: {', '.join(levels)}."
    }
    if of.left_out:
        notes["arrivals",] += "\nLeft out: " + "; ".join(f"{o.date:%a %d %b}: {o.why}" for o in of.left_out) + "."
    if of.arrivals.gamma is not None and of.arrivals.shape is not None:
        arrivals["busyness"] = {"gamma": f"{max(of.arrivals.shape, 0.1):.3g}"}
        notes["arrivals", "busyness"] = (
            f"Estimated: the shape of whole days, {counted(of.arrivals.gamma)}, drawn toward what is usual"
        )
    totals = {clean: float(of.counts[queue][of.kept].sum()) for queue, clean in queues.items()}
    shares = rounded_shares(totals)
    data: dict[str, Any] = {
        "name": name,
        "flow": flow_file,
        "start": f"{of.dates[days[0]]:%Y-%m-%d} 00:00",
        "zone": of.report.zone or "UTC",
        "horizon": f"{whole}d",
        "interval": seconds(of.report.interval_s),
        "arrivals": arrivals,
        "intents": {clean: {"share": shares[clean], "goal": flow.goals[clean]} for clean in queues.values()},
    }
    if flow.menus:
        none = {"hear_all": "0", "key_ahead": "1", "wrong_key": "0", "no_input": "0", "zero_out": "0"}
        nodes = {menu: {"dwell": {"constant": "0s"}} for menu in flow.menus}
        data["behaviour"] = none | {"hang_up_per_minute": "0", "nodes": nodes}
        notes["behaviour",] = "The report tells no menus: all callers press the right key, in no time."
    assumed = _times(of, queues, data, notes)
    assumed += _agents(of, queues, by_day, days, data, notes)
    data |= {"routing": "longest_wait", "service_level": dict(USUAL_LEVEL), "replications": "20", "seed": "1"}
    notes["service_level",] = "Assumed; state your own target."
    if of.arrivals.gamma is not None and not tells(of.arrivals.within):
        assumed.append(BUSY_ALL_DAY)
    assumed.append("who waited longest is served first, by the agent who was idle for longest")
    return ScenarioData(data, notes, tuple(assumed), flow)


def _times(
    of: FromIntervals, queues: dict[str, str], data: dict[str, Any], notes: dict[tuple[str, ...], str]
) -> list[str]:
    assumed = []
    data["queues"] = {}
    for queue, clean in queues.items():
        talk = of.talk_s[queue]
        if not talk:
            assumed.append(f"talk in {queue!r} lasts {duration(_USUAL_TALK_S)} on average: the report does not say")
        stated: dict[str, Any] = {"talk": {"lognormal": {"mean": seconds(talk or _USUAL_TALK_S), "cv": "1"}}}
        if of.acw_s[queue]:
            stated["after_call_work"] = {"exponential": seconds(of.acw_s[queue])}
        data["queues"][clean] = stated
        notes["queues", clean] = f"Mean of the report: {duration(talk)}; its spread is assumed." if talk else "Assumed."
    assumed.append("talk times are lognormal with a standard deviation as large as their mean: a report has only means")
    if of.patience_s is not None:
        data["patience"] = {"exponential": seconds(of.patience_s)}
        notes["patience",] = (
            f"Inferred: with this mean, Erlang's model loses the {share(of.abandonment or 0.0)} of calls that the"
            " report says were abandoned; the exponential is assumed."
        )
    else:
        data["patience"] = {"exponential": "5m"}
        notes["patience",] = "Assumed: the report does not tell, together, agents and abandoned calls that fit a model."
        assumed.append(f"callers are patient for 5 min on average: {_why_not(of)}")
    return assumed


def _why_not(of: FromIntervals) -> str:
    """Why patience was not inferred."""
    if of.abandonment is None:
        return "the report does not say how many gave up"
    if not of.agents:
        return "the report does not say how many agents there were"
    if not of.abandonment:
        return "nobody gave up"
    return (
        f"with the agents of the report no patience from 10 s to 2 h loses {share(of.abandonment)} of calls, so agents"
        " were busier or idler than the report says"
    )


def _agents(
    of: FromIntervals,
    queues: dict[str, str],
    by_day: Callable[[Sequence[Sequence[str]]], Dated],
    days: list[int],
    data: dict[str, Any],
    notes: dict[tuple[str, ...], str],
) -> list[str]:
    weekday = np.array([date.weekday() for date in of.dates])
    groups: dict[str, Any] = {}
    if of.agents:
        separate = _apart(of.agents, of.counts)
        parts = (
            {f"agents for {queues[queue]}": ([queues[queue]], on_duty) for queue, on_duty in of.agents.items()}
            if separate
            else {"agents": (list(queues.values()), np.sum(list(of.agents.values()), axis=0))}
        )
        for name, (skills, on_duty) in parts.items():
            found = on_duty[days].copy()
            for i, day in enumerate(days):
                alike = np.flatnonzero(of.kept & (weekday == weekday[day]))
                if not of.kept[day] and len(alike):
                    found[i] = on_duty[alike].mean(axis=0)
            counts = whole_agents(found)
            groups[name] = {"skills": skills, "agents": by_day([list(map(str, day)) for day in counts.tolist()])}
            notes["groups", name] = "Agents of the report, in each interval of each day."
        data["groups"] = groups
        return ["all agents of the report take calls whenever they are not talking or in after-call work"]
    total = of.arrivals.expected[weekday[days]]
    handle = np.mean([value or _USUAL_TALK_S for value in of.talk_s.values()]) + np.mean(list(of.acw_s.values()))
    counts = whole_agents(needed(total, float(handle), of.report.interval_s))
    data["groups"] = {
        "agents": {
            "skills": list(queues.values()),
            "agents": by_day([list(map(str, day)) for day in counts.tolist()]),
        }
    }
    notes["groups", "agents"] = "Assumed: enough to answer 80 % within 20 s."
    return ["enough agents are on duty to answer 80 % of calls within 20 s: the report does not say how many are"]
