"""The initial arrays of a run, built from the tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.records.schema import NEVER, NONE, outcome_code
from ivr.routing import RoutingTable
from simulation.engines.kernel.build_floor import Asked, floor_of
from simulation.engines.kernel.numbers import first_numbers
from simulation.engines.kernel.plain_arrays import plain
from simulation.engines.kernel.state import NODE, RUN, World
from simulation.tables.call_table import OFFERED, CallTable
from simulation.tables.queue_rules import QueueRule
from simulation.tables.staff_table import StaffTable

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
    columns["arrived_us"] = plain(calls.arrived_us)
    for name in ("talk_us", "pause_us", "u"):
        columns[name] = plain(np.ascontiguousarray(getattr(calls, name)).reshape(-1))
    s: dict[str, Any] = dict.fromkeys(RUN.names or (), 0)
    offered = int(np.count_nonzero(calls.ending[:first] == OFFERED))
    calls_back = any(rule.callback_above_us < NEVER for rule in rules)
    further = (
        calls_back
        or "hand_over" in staff.at_off
        or any(calls.uses(name) for name in ("limit_next", "full_next", "talk_next", "confer_next"))
    )
    slots = offered + n - first
    capacity = slots + (1024 if further else 0)
    closing_us = horizon_us if at_end == "clear" else None
    floor = floor_of(
        Asked(staff, routing, rules, calls.urgencies, calls.talk_column, calls.pause_column, estimates, closing_us)
    ).copied()
    bits = max(1, int(len(floor.agents) - 1).bit_length())
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
    s["new_waits"], s["n_staff"] = 1 + floor.most_overflows, floor.n_staff
    s["pending"], s["last"], s["dials"] = offered, horizon_us, any(staff.outbound)
    s["visits"], s["free_node"] = slots, NONE
    s["confers"], s["asker"] = calls.uses("confer_next"), NONE
    s["chats"], s["more"] = floor.at_once, NONE
    numbers, dialled = first_numbers(staff, floor.groups)
    is_pending = (calls.ending == OFFERED).view("u1").copy()
    is_pending[first:] = 0
    k = capacity
    return World(
        **columns,
        run=np.array([tuple(s.values())], RUN),
        slower=floor.slower,
        told=floor.told,
        overflows=floor.overflows,
        queues=floor.queues,
        groups=floor.groups,
        pairs=floor.pairs,
        lanes=floor.lanes,
        rows=floor.rows,
        agents=floor.agents,
        nodes=np.zeros(64, NODE),
        numbers=numbers,
        due=np.full(2 << bits, np.iinfo("i8").max),
        staff_events=floor.staff_events,
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
    if values.strides == (0,) and len(values):
        values = values[:1]
    return plain(values.astype(dtype, copy=False))


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
