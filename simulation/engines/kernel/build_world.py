"""The initial arrays of a run, built from the tables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.records.schema import NEVER, NONE, outcome_code
from ivr.routing import RoutingTable
from ivr.routing.table import CHOICES
from simulation.engines.kernel.numbers import first_numbers
from simulation.engines.kernel.state import AGENT, ALONE, CHATS, GROUP, LANE, NODE, PAIR, QUEUE, ROW, RUN, TOLD, World
from simulation.tables.call_table import OFFERED, CallTable
from simulation.tables.chats import Chats
from simulation.tables.queue_rules import ESTIMATORS, QueueRule
from simulation.tables.staff_table import AT_OFF, StaffTable
from simulation.tables.tie_rule import CLOSING, SHIFT_ON

__all__ = ["build_world"]

Structs = npt.NDArray[np.void]
_HANDLED = outcome_code("handled")

_CALL_COLUMNS = (
    ("menu_us", "i8"),
    ("ending", "i1"),
    ("retry", "i8"),
    ("retry_after_us", "i8"),
    ("repeat_after_us", "i8"),
)
_LEG_COLUMNS = (
    ("queue", "i2"),
    ("patience_us", "i8"),
    ("acw_us", "i8"),
    ("urgency", "i1"),
    ("limit_us", "i8"),
    ("limit_delay_us", "i8"),
    ("limit_ending", "i1"),
    ("limit_next", "i8"),
    ("full_delay_us", "i8"),
    ("full_ending", "i1"),
    ("full_next", "i8"),
    ("talk_delay_us", "i8"),
    ("talk_next", "i8"),
    ("confer_next", "i8"),
    ("limit_keys", "i2"),
    ("full_keys", "i2"),
    ("talk_keys", "i2"),
    ("ring_us", "i8"),
    ("reached_at", "i2"),
    ("agent_draw", "i8"),
)


def build_world(
    calls: CallTable,
    staff: StaffTable,
    routing: RoutingTable,
    *,
    horizon_us: int,
    lines: int | None,
    at_end: str,
    queue_rules: Sequence[QueueRule],
    estimates: bool,
) -> World:
    """Return the initial arrays of a run."""
    # Over 60 lines: half of them are one line an array.
    rules = tuple(queue_rules) or (QueueRule(),) * len(calls.queues)
    n, first = len(calls), calls.first_attempts
    columns = {name: _column(getattr(calls, name), dtype) for name, dtype in (*_CALL_COLUMNS, *_LEG_COLUMNS)}
    columns["arrived_us"] = _read_only(np.ascontiguousarray(calls.arrived_us, "i8"))
    columns["talk_us"] = _read_only(np.ascontiguousarray(calls.talk_us, "i8").reshape(-1))
    columns["pause_us"] = _read_only(np.ascontiguousarray(calls.pause_us, "i8").reshape(-1))
    columns["slower"], at_once = _slower(staff)
    columns["u"] = _read_only(np.ascontiguousarray(calls.u, "f8").reshape(-1))
    run = np.zeros(1, RUN)
    s = run[0]
    offered = int(np.count_nonzero(calls.ending[:first] == OFFERED))
    calls_back = any(rule.callback_above_us < NEVER for rule in rules)
    further = (
        calls_back
        or "hand_over" in staff.at_off
        or any(calls.uses(name) for name in ("limit_next", "full_next", "talk_next", "confer_next"))
    )
    slots = offered + n - first
    capacity = slots + (1024 if further else 0)
    rows, agents = _staff(staff)
    bits = max(1, int(len(agents) - 1).bit_length())
    overflows, overflow_ranges = _overflows(routing)
    s["horizon"], s["drain"] = horizon_us, at_end == "drain"
    s["lines_limited"], s["free_lines"] = lines is not None, lines or 0
    ends = {*calls.retry_outcomes, *((_HANDLED,) if calls.uses("repeat_after_us") else ())}
    s["retry_mask"] = sum(1 << code for code in ends) if calls.uses("retry") else 0
    s["calls"], s["first_attempts"], s["later_slot"] = n, first, offered
    s["urgencies"], s["talk_columns"] = len(calls.urgencies), calls.talk_us.shape[1]
    s["pause_columns"] = calls.pause_us.shape[1]
    s["keeps_estimates"], s["keeps_acw"], s["keeps_next"] = estimates, calls.uses("acw_us"), further
    s["keeps_rules"] = any(rule.announces for rule in rules) or calls_back
    s["keeps_patience"] = calls.uses("limit_next") or calls.uses("full_next")
    s["keeps_answered"] = calls_back and further
    s["keeps_keys"] = any(calls.uses(name) for name in ("limit_keys", "full_keys", "talk_keys"))
    s["agent_bits"], s["time_limit"] = bits, 1 << (62 - bits)
    s["new_visits"] = (2 + _longest_chain(calls)) if further else 0
    s["new_waits"] = 1 + max((b - a for a, b in overflow_ranges), default=0)
    s["pending"], s["last"], s["dials"] = offered, horizon_us, any(staff.outbound)
    s["visits"], s["free_node"] = slots, NONE
    s["confers"], s["asker"] = calls.uses("confer_next"), NONE
    s["chats"], s["more"] = at_once, NONE
    staff_events, s["n_staff"] = _staff_events(rows, agents, closing_us=horizon_us if at_end == "clear" else None)
    groups = _groups(calls, staff, routing)
    numbers, dialled = first_numbers(staff, groups)
    is_pending = (calls.ending == OFFERED).view("u1").copy()
    is_pending[first:] = 0
    k = capacity
    return World(
        **columns,
        run=run,
        told=_told(rules),
        overflows=overflows,
        queues=_queues(routing, rules, overflow_ranges, estimates).copy(),
        groups=groups,
        pairs=_pairs(routing, rules, staff.chats),
        lanes=_lanes(calls, routing),
        rows=rows,
        agents=agents,
        nodes=np.zeros(64, NODE),
        numbers=numbers,
        due=np.full(2 << bits, np.iinfo("i8").max),
        staff_events=staff_events,
        menu_events=np.zeros((256, 4), "i8"),
        wait_events=np.zeros((256, 4), "i8"),
        is_pending=is_pending,
        answered=np.zeros(n if s["keeps_answered"] else 1, "u1"),
        patience_left=np.full(n if s["keeps_patience"] else 1, NONE, "i8"),
        outcome=np.full(n, NONE, "i1"),
        ended_us=np.zeros(n, "i8"),
        later_keys=np.zeros(n if s["keeps_keys"] else 1, "i4"),
        later_arrived_us=np.full(n - first, NEVER, "i8"),
        visit_call=np.empty(k, "i8"),
        visit_queue=np.empty(k, "i2"),
        offered_us=np.empty(k, "i8"),
        left_us=np.empty(k, "i8"),
        result=np.full(k, NONE, "i1"),
        shift=np.empty(k, "i8"),
        visit_talk_us=np.empty(k, "i8"),
        visit_acw_us=np.zeros(k if s["keeps_acw"] else 1, "i8"),
        visit_pause_us=np.zeros(k if s["pause_columns"] else 1, "i8"),
        announced_us=np.full(k if s["keeps_rules"] else 1, NONE, "i8"),
        called_back=np.zeros(k if s["keeps_rules"] else 1, "u1"),
        next_visit=np.full(k if further else 1, NONE, "i8"),
        estimates=np.full((k if estimates else 1, 3), NONE, "i8"),
        expected=np.zeros(3, "i8"),
        dialled=dialled,
    )


def _column(values: npt.NDArray[Any], dtype: str) -> npt.NDArray[Any]:
    if len(values) and not any(values.strides):
        values = values[:1]
    return _read_only(np.ascontiguousarray(values, dtype))


def _read_only(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    view = values.view()
    view.flags.writeable = False  # like all tables, so that one compiled signature serves them all
    return view


def _longest_chain(calls: CallTable) -> int:
    """The largest number of queues that one call may find full in a row."""
    if not calls.uses("full_next"):
        return 0
    full_next = calls.full_next
    at, steps = np.flatnonzero(full_next != NONE), 0
    while len(at):
        at = full_next[at]
        at = np.unique(at[full_next[at] != NONE])
        steps += 1
    return steps


@lru_cache(maxsize=64)
def _queues(
    routing: RoutingTable,
    rules: tuple[QueueRule, ...],
    overflow_ranges: tuple[tuple[int, int], ...],
    estimates: bool,
) -> Structs:
    queues = np.zeros(len(rules), QUEUE)
    queues["priority"], queues["weight"] = routing.priority, routing.weight_per_s
    queues["by_system_time"] = [order == "time_in_system" for order in routing.order]
    steps = 0
    for q, (rule, (start, stop)) in enumerate(zip(rules, overflow_ranges, strict=True)):
        queues[q]["plain"] = rule == QueueRule() and not estimates
        queues[q]["capacity"], queues[q]["mean_handle"] = rule.capacity, rule.mean_handle_us
        queues[q]["announces"], queues[q]["estimator"] = rule.announces, ESTIMATORS.index(rule.estimator)
        queues[q]["callback_above"], queues[q]["callback_share"] = rule.callback_above_us, rule.callback_share
        queues[q]["attempts"], queues[q]["again"] = rule.callback_attempts, rule.callback_again_us
        queues[q]["told_from"], queues[q]["told_to"] = steps, steps + len(rule.told_us)
        queues[q]["after_from"], queues[q]["after_to"] = start, stop
        steps += len(rule.told_us)
    return queues


@lru_cache(maxsize=64)
def _told(rules: tuple[QueueRule, ...]) -> Structs:
    steps = [step for rule in rules for step in zip(rule.told_us, rule.balk_share, rule.patience_factor, strict=True)]
    return np.array([*steps, (0, 0.0, 1.0)], TOLD)


@lru_cache(maxsize=64)
def _overflows(routing: RoutingTable) -> tuple[npt.NDArray[np.int64], tuple[tuple[int, int], ...]]:
    """The distinct delays of all queues in one array, and each queue's range in it."""
    delays: list[int] = []
    ranges: list[tuple[int, int]] = []
    for row in routing.after_us:
        distinct = sorted({us for us in row if us})
        ranges.append((len(delays), len(delays) + len(distinct)))
        delays += distinct
    return np.array([*delays, 0], "i8"), tuple(ranges)


def _groups(calls: CallTable, staff: StaffTable, routing: RoutingTable) -> Structs:
    groups = np.zeros(len(staff.groups), GROUP)
    groups["first"] = groups["last"] = NONE
    groups["choice"] = [CHOICES.index(choice) for choice in routing.choice]
    groups["at_off"] = [AT_OFF.index(mode) for mode in staff.at_off]
    groups["talk_column"] = calls.talk_column or 0
    groups["pause_column"] = calls.pause_column or NONE
    groups["at_once"] = [chats.at_once if chats else 0 for chats in staff.chats]
    return groups


@lru_cache(maxsize=64)
def _pairs(routing: RoutingTable, rules: tuple[QueueRule, ...], chats: tuple[Chats | None, ...]) -> Structs:
    n_queues, n_groups = len(routing.queues), len(routing.groups)
    pairs = np.zeros((n_queues, n_groups), PAIR)
    pairs["by_rank"] = pairs["by_pull"] = NONE
    for q, (row, rule) in enumerate(zip(routing.rank, rules, strict=True)):
        ranks = {g: rank for g, rank in enumerate(row) if rank is not None}
        levels = sorted(set(ranks.values()))
        for g, rank in ranks.items():
            reserve = 0 if routing.own[q][g] else routing.keep_idle[g]
            pairs[q, g]["may"], pairs[q, g]["rank"], pairs[q, g]["reserve"] = 1, levels.index(rank), reserve
            pairs[q, g]["after"], pairs[q, g]["handle"] = routing.after_us[q][g], rule.handle_of(g, 1)
        pairs["by_rank"][q, : len(ranks)] = sorted(ranks, key=ranks.__getitem__)
    for g in range(n_groups):
        may = [q for q in range(n_queues) if routing.rank[q][g] is not None]
        pulls = sorted({routing.pull[q][g] for q in may})
        for q in may:
            pairs[q, g]["pull"] = pulls.index(routing.pull[q][g])
        pairs["by_pull"][: len(may), g] = sorted(may, key=[row[g] for row in routing.pull].__getitem__)
        if (of := chats[g]) is not None:
            pairs["shared"][:, g] = [CHATS if of.covers(queue) else ALONE for queue in routing.queues]
    return pairs


def _lanes(calls: CallTable, routing: RoutingTable) -> Structs:
    lanes = np.zeros(len(routing.queues) * len(calls.urgencies), LANE)
    lanes["first"] = lanes["last"] = NONE
    lanes["priority"] = [priority + urgency for priority in routing.priority for urgency in calls.urgencies]
    return lanes


def _slower(staff: StaffTable) -> tuple[npt.NDArray[np.float64], int]:
    """How much longer each chat takes, by group and number in hand in one array, and how many numbers a group has."""
    most = max((chats.at_once for chats in staff.chats if chats), default=0)
    slower = np.ones((len(staff.groups), max(most, 1)))
    for of, chats in zip(slower, staff.chats, strict=True):
        if chats:
            of[: chats.at_once] = chats.slower
    return _read_only(slower.reshape(-1)), most


def _staff(staff: StaffTable) -> tuple[Structs, Structs]:
    """The rows, each linked to its agent's next row, and the agents in order of id, their hands behind them."""
    rows = np.zeros(len(staff.agent), ROW)
    ids, of = np.unique(staff.agent, return_inverse=True)
    rows["group"], rows["on"], rows["off"], rows["speed"], rows["rest"], rows["to_break"] = (
        staff.group,
        staff.on_us,
        staff.off_us,
        staff.speed,
        staff.rest_us,
        staff.to_break,
    )
    rows["next"] = NONE
    hands = np.zeros(len(ids), int)
    np.maximum.at(hands, of, np.array([chats.at_once if chats else 0 for chats in staff.chats], int)[staff.group])
    head = np.arange(len(ids)) + np.cumsum(hands) - hands
    rows["agent"] = head[of]
    agents = np.zeros(len(ids) + int(hands.sum()), AGENT)
    agents["id"], agents["head"] = np.repeat(ids, 1 + hands), np.repeat(head, 1 + hands)
    agents["row"], agents["asker"], agents["coming"] = NONE, NONE, NONE
    order = np.lexsort((staff.on_us, staff.agent))
    same = staff.agent[order][1:] == staff.agent[order][:-1]
    rows["next"][order[:-1][same]] = order[1:][same]
    if len(order):
        agents["coming"][head] = order[np.r_[True, ~same]]
    return rows, agents


def _staff_events(rows: Structs, agents: Structs, *, closing_us: int | None) -> tuple[npt.NDArray[np.int64], int]:
    """The initial heap of shift and closing events; a sorted array is already a heap."""
    heads = np.flatnonzero(agents["coming"] != NONE)
    at, codes = rows["on"][agents["coming"][heads]], SHIFT_ON | heads
    if closing_us is not None:
        at, codes = np.append(at, closing_us), np.append(codes, CLOSING)
    order = np.lexsort((codes, at))
    events = np.zeros((2 * len(agents) + 2, 4), "i8")
    events[: len(order), 0], events[: len(order), 1] = at[order], codes[order]
    return events, len(order)
