"""States arrivals and intents as a scenario has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from flows.display.numbers import duration, share
from flows.model.flow import Flow
from flows.nodes.queue import Queue
from simulation.arrays import Floats
from simulation.calibration.arrivals import BUSY_ALL_DAY, tells, weekday_names
from simulation.calibration.as_stated import count_list, rounded_shares
from simulation.calibration.calibration import Calibration
from simulation.calibration.day_levels import USUAL_SHARE
from simulation.calibration.in_words import counted, shared
from simulation.calibration.making import Making, by_day
from simulation.calibration.minimal_flow import minimal_flow
from simulation.calibration.relabelled import HIGH
from simulation.calibration.served_in_menu import served_at
from simulation.calibration.yaml_text import Dated

__all__ = ["arrivals", "intents"]


def arrivals(making: Making, days: tuple[int, ...]) -> None:
    """State the expected calls of each interval of each day, and how days differ."""
    of = making.of
    expected = of.arrivals.expected[of.days.weekday[list(days)]]
    calls = by_day(making, days, [count_list(day) for day in expected.tolist()])
    arrivals: dict[str, Any] = {"kind": "per_interval", "calls": calls}
    making.data["arrivals"] = arrivals
    levels = [
        f"{weekday_names((w,))} {counted(level)}"
        for w, level in enumerate(of.arrivals.level)
        if level.value and level.count
    ]
    profiles = "; ".join(weekday_names(group) for group in of.arrivals.groups)
    making.note(
        f"Estimated from {_source(of)}. Calls a day: {', '.join(levels)}.\n"
        f"Days of the week that share a profile over the day: {profiles}.",
        "arrivals",
    )
    if of.left_out:
        making.notes["arrivals",] += (
            "\nLeft out: " + "; ".join(f"{one.date:%a %d %b}: {one.why}" for one in of.left_out) + "."
        )
    gamma, shape = of.arrivals.gamma, of.arrivals.shape
    if gamma is not None and shape is not None:
        arrivals["busyness"] = {"gamma": f"{max(shape, 0.1):.3g}"}
        words = (
            f"Estimated: whole days were busier or quieter by {share(gamma.value**-0.5)} (shape {counted(gamma)})."
            f" Stated is {share(shape**-0.5)}, nearer to the usual {share(USUAL_SHARE)} the fewer days the log has."
        )
        if of.arrivals.within is not None and tells(of.arrivals.within):
            words += f" Halves of a day go together with a correlation of {of.arrivals.within.value:.2f}."
        else:
            making.assumed.append(BUSY_ALL_DAY)
        if len(of.types) > 1 and not tells(of.together):
            making.assumed.append(
                "a day that is busy is busy with all kinds of calls: how they go together cannot be told"
            )
        making.note(words, "arrivals", "busyness")
    else:
        making.assumed.append("days differ by chance alone: the log shows no more, or has too few days to tell")
    if of.volumes is not None:
        making.assumed.append(of.volumes.words)
    unseen = [w for w in range(7) if not of.arrivals.days[w] and of.arrivals.expected[w].sum()]
    if unseen:
        making.assumed.append(
            f"on {weekday_names(tuple(unseen))} as many call as on the mean of the other days: the log has none"
        )


def _source(of: Calibration) -> str:
    return of.volumes.source if of.volumes else f"{int(of.kept.sum())} days with {of.calls:,} calls"


def intents(making: Making) -> None:
    """State what callers want, and where they get it."""
    of = making.of
    queues = list(of.records.names["queue"]) or ["calls"]
    shares = {name: found.value for name, found in of.types.items()} or {queues[0]: 1.0}
    if making.flow is None:
        with_menu = of.menu is not None
        making.made = minimal_flow(making.data["name"], queues, dict(of.records.labels), with_menu=with_menu)
        goals = {name: making.made.goals[_queue_of(of, name, queues)] for name in shares}
    else:
        goals = _goals(of, making.flow, shares)
    queue_nodes = set(making.made.goals.values()) if making.made is not None else _queue_nodes(making.flow)
    for name in shares:
        goal = goals[name][0] if isinstance(goals[name], list) else goals[name]
        if goal in queue_nodes and (joined := _joined(of, name)) < 0.5:
            making.assumed.append(
                f"callers of {name} want {goal}, though {share(1 - joined)} of them join no queue: the log does not say"
                " where else they are served"
            )
    head, parts = of.head_start, {name: [(name, 1.0)] for name in shares}
    if head is not None:
        high = _high_shares(of)
        parts = {name: [(name, 1 - high.get(name, 0.0)), (name + HIGH, high.get(name, 0.0))] for name in shares}
        goals |= {name + HIGH: goals[name] for name in shares}
    written = _shares(shares, parts, of.types_by_interval)
    making.data["intents"] = {
        name: {"share": stated, "goal": goals[name]}
        | ({"urgency": f"{head.seconds:g}"} if head is not None and name.endswith(HIGH) else {})
        for name, stated in written.items()
    }
    if of.types:
        making.note(
            "Estimated: " + ", ".join(f"{name} {shared(found)}" for name, found in of.types.items()) + ".", "intents"
        )
        if of.types_by_interval:
            making.notes["intents",] += "\nThey differ over the day, beyond chance: shares of each interval."
        if of.together is not None and tells(of.together):
            making.notes["intents",] += (
                "\nDays busy with the most frequent kind are busy with the others too, with a correlation of"
                f" {of.together.value:.2f}."
            )
    if head is not None:
        making.notes["intents",] = making.notes.get(("intents",), "") + (
            f"\nEstimated: high priority counts as {duration(head.seconds)} of waiting, which explains"
            f" {shared(head.explained)} of the choices between callers of both kinds."
        )


def _shares(
    shares: Mapping[str, float],
    parts: Mapping[str, Sequence[tuple[str, float]]],
    by_interval: Mapping[str, Floats],
) -> dict[str, Any]:
    """The share of each part of a type: one for all, or one for each interval of a day."""
    kept = {part: (name, of) for name, found in parts.items() for part, of in found if round(shares[name] * of, 4) > 0}
    if not by_interval:
        return dict(rounded_shares({part: shares[name] * of for part, (name, of) in kept.items()}))
    intervals = len(next(iter(by_interval.values())))
    rounded = [
        rounded_shares({part: float(by_interval[name][i]) * of for part, (name, of) in kept.items()})
        for i in range(intervals)
    ]
    return {part: Dated([one[part] for one in rounded], ["each day"]) for part in kept}


def _queue_nodes(flow: Flow | None) -> set[str]:
    return {name for name, node in flow.nodes.items() if isinstance(node, Queue)} if flow else set()


def _joined(of: Calibration, intent: str) -> float:
    """The share of the calls of an intent that join a queue; 1 where there are none."""
    calls, names = of.records.calls, of.records.names["intent"]
    mine = calls["call_id"][calls["intent"] == (names.index(intent) if intent in names else -1)]
    return float(np.isin(mine, of.records.visits["call_id"]).mean()) if len(mine) and intent in names else 1.0


def _queue_of(of: Calibration, intent: str, queues: list[str]) -> str:
    """The queue that most calls of an intent join first; agents may pass them on to another."""
    calls, visits = of.records.calls, of.records.visits
    code = of.records.names["intent"].index(intent) if intent in of.records.names["intent"] else -1
    rows = np.isin(visits["call_id"], calls["call_id"][calls["intent"] == code]) & (visits["seq"] == 0)
    found = np.bincount(visits["queue"][rows], minlength=len(queues))
    return queues[int(np.argmax(found))]


def _high_shares(of: Calibration) -> dict[str, float]:
    head = of.head_start
    if head is None:
        return {}
    high, code = np.isin(of.log.priority, list(head.high)), of.records.calls["intent"]
    names = of.records.names["intent"]
    return {name: float(high[code == i].mean()) for i, name in enumerate(names) if np.any(code == i)}


def _goals(of: Calibration, flow: Flow, shares: Mapping[str, float]) -> dict[str, Any]:
    """Where each intent is served in a given flow: at its queue, or where its calls mostly end."""
    by_queue: dict[str, list[str]] = {}
    for node, one in flow.nodes.items():
        if isinstance(one, Queue):
            by_queue.setdefault(one.queue, []).append(node)
    names, paths = of.records.names["intent"], of.records.names["path"]
    calls = of.records.calls
    goals: dict[str, Any] = {}
    for name in shares:
        code = names.index(name) if name in names else -1
        mine = calls["intent"] == code
        queue = _queue_of(of, name, list(of.records.names["queue"])) if of.records.names["queue"] else ""
        rows = np.isin(of.records.visits["call_id"], calls["call_id"][mine])
        served = int(np.count_nonzero(rows)) >= 0.5 * np.count_nonzero(mine)
        if served and queue in by_queue:
            goals[name] = by_queue[queue] if len(by_queue[queue]) > 1 else by_queue[queue][0]
            continue
        joined = np.isin(calls["call_id"], of.records.visits["call_id"])
        taken = calls["path"][mine & ~joined & (calls["path"] >= 0)]
        path = paths[int(np.bincount(taken).argmax())] if len(taken) and len(paths) else ""
        ends = served_at(path, flow) or [next(iter(by_queue.values()))[0] if by_queue else flow.start]
        goals[name] = ends if len(ends) > 1 else ends[0]
    return goals
