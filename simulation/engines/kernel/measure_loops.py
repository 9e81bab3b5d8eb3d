"""One pass over the calls, visits and agents of a replication, adding up what ``measure_sums`` needs. Compiled.

Conventions and names are those of ``ivr.records.measures.sums``, which works column by column.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from flows.values.units import US_PER_S
from ivr.records.definitions.measure_type import CALL_SUMS, VISIT_SUMS
from ivr.records.measures import WAIT_BOUNDS_S
from ivr.records.schema import NONE, UNANSWERED, outcome_code, result_code
from simulation.engines.kernel.jit import part

__all__ = ["BINS", "OF_GROUP", "add_calls", "add_span", "add_times", "add_visits", "interval_of"]

Ints = npt.NDArray[np.integer[Any]]
Int64s = npt.NDArray[np.int64]

OF_GROUP = ("handled", "handled_wait_us", "talk_us", "acw_us")
N_CALLS, N_VISITS = len(CALL_SUMS), len(VISIT_SUMS)
_BLOCKED, _REJECTED, _BOOKED = map(outcome_code, (*UNANSWERED, "callback"))
_HANDLED, _ABANDONED, _OVERFLOWED, _CALLBACK, _FULL, _HANDED_OVER = (
    result_code(name) for name in ("handled", "abandoned", "overflowed", "callback", "full", "handed_over")
)
_JOINED, _UNJOINED = result_code("joined"), result_code("unjoined")
_FINE_S = int(np.flatnonzero(np.diff(WAIT_BOUNDS_S) > 1)[0])
_COARSE_S = int(WAIT_BOUNDS_S[-1] - WAIT_BOUNDS_S[-2])
BINS = len(WAIT_BOUNDS_S)


@part
def interval_of(at_us: int, edges: Int64s, near: int) -> int:  # pragma: no cover - compiled
    """The interval a moment counts in, looked for from one near it on; before the first counts in the first, and after
    the last in the last.
    """
    last, k = len(edges) - 2, near
    while k > 0 and edges[k] > at_us:
        k -= 1
    while k < last and edges[k + 1] <= at_us:
        k += 1
    return k


@part
def _bin(time_us: int) -> int:  # pragma: no cover - compiled
    seconds = -(-time_us // US_PER_S)
    if seconds > _FINE_S:
        seconds = _FINE_S - (_FINE_S - seconds) // _COARSE_S
    return min(seconds, BINS)


@part
def add_calls(
    found: Int64s,
    menu_times: Int64s,
    edges: Int64s,
    from_us: int,
    arrived_us: Int64s,
    menu_us: Int64s,
    outcome: npt.NDArray[np.int8],
    zero_out: npt.NDArray[np.bool_],
    attempt: Ints,
    repeat: npt.NDArray[np.bool_],
    key_presses: Ints,
) -> None:  # pragma: no cover - compiled
    """Add the calls to their intervals: ``CALL_SUMS``, then a count by outcome."""
    k = 0
    for i in range(len(arrived_us)):
        if arrived_us[i] < from_us:
            continue
        k = interval_of(arrived_us[i], edges, k)
        of = found[k]
        of[0] += 1
        if outcome[i] != _BLOCKED and outcome[i] != _REJECTED:
            of[1] += 1
            of[2] += menu_us[i]
            menu_times[_bin(menu_us[i])] += 1
            if key_presses[i] >= 0:
                of[5] += 1
                of[6] += key_presses[i]
        of[3] += zero_out[i]
        of[4] += attempt[i] > 1 and not repeat[i]
        of[7] += repeat[i]
        of[N_CALLS + outcome[i]] += 1


@part
def _add_one_visit(of: Int64s, result: int, talk_us: int, acw_us: int) -> None:  # pragma: no cover - compiled
    """Add a visit to the sums of the wait it is part of."""
    if result == _OVERFLOWED:
        of[7] += 1
    elif result == _FULL:
        of[11] += 1
    elif result == _HANDED_OVER:
        of[15] += 1
    of[13] += talk_us
    of[14] += acw_us


@part
def _add_wait(
    of: Int64s,
    wait: int,
    later_wait: int,
    last_wait: int,
    result: int,
    announced_us: int,
    threshold_us: int,
    short_us: int,
) -> None:  # pragma: no cover - compiled
    """Add a finished wait to its row of sums: until the first answer, after a handover, and in the last visit."""
    of[16] += later_wait
    if result == _CALLBACK:
        of[17] += 1
        of[18] += wait
        return
    of[0] += 1
    of[1] += wait > 0
    of[8] += wait
    of[19] = max(of[19], wait)
    if result == _HANDLED:
        of[2] += 1
        of[3] += wait <= threshold_us
        of[9] += wait
    elif result == _ABANDONED:
        of[4] += 1
        of[5] += wait + later_wait <= threshold_us
        of[6] += wait + later_wait <= short_us
        of[10] += wait + later_wait
        of[12] += last_wait == 0 and announced_us != NONE


@part
def add_visits(  # noqa: C901 - one pass carries a wait from visit to visit
    by_interval: Int64s,
    by_queue: Int64s,
    by_group: Int64s,
    back_by_interval: Int64s,
    back_by_queue: Int64s,
    waits: Int64s,
    edges: Int64s,
    from_us: int,
    thresholds_us: Int64s,
    short_us: int,
    callback_us: int,
    arrived_us: Int64s,
    outcome: npt.NDArray[np.int8],
    call_id: Int64s,
    queue: Ints,
    offered_us: Int64s,
    left_us: Int64s,
    result: npt.NDArray[np.int8],
    agent: Ints,
    group: Ints,
    talk_us: Int64s,
    acw_us: Int64s,
    announced_us: Int64s,
    called_back: npt.NDArray[np.bool_],
) -> None:  # pragma: no cover - compiled
    """Add the visits of the calls that count, in order of call; visits that make up one wait count once."""
    promised_us: Any = np.int64(0)  # as wide as the times that follow
    promised_call: Any = np.int64(NONE)
    cell, wait, later, answered = NONE, 0, 0, False  # the caller's wait for an agent
    in_queue, wait_here, later_here, answered_here = False, 0, 0, False  # their wait in this queue
    k = 0
    for i in range(len(call_id)):
        call = call_id[i]
        if arrived_us[call] < from_us:
            continue
        if result[i] == _JOINED or result[i] == _UNJOINED:
            continue
        if called_back[i]:
            first = call != promised_call
            if first:
                promised_call, promised_us = call, offered_us[i]
            k = interval_of(promised_us, edges, k)
            for of in (back_by_interval[k], back_by_queue[queue[i]]):
                of[0] += first
                of[1] += agent[i] != NONE
                if result[i] == _HANDLED:
                    of[2] += 1
                    of[3] += left_us[i] - promised_us <= callback_us
                    of[4] += left_us[i] - promised_us
            continue
        how, own, q = result[i], left_us[i] - offered_us[i], queue[i]
        if cell == NONE:
            k = interval_of(offered_us[i], edges, k)
            cell, wait, later, answered = k, 0, 0, False
        if not in_queue:
            in_queue, wait_here, later_here, answered_here = True, 0, 0, False
        if answered:
            later += own
        else:
            wait += own
        if answered_here:
            later_here += own
        else:
            wait_here += own
        _add_one_visit(by_interval[cell], how, talk_us[i], acw_us[i])
        _add_one_visit(by_queue[q], how, talk_us[i], acw_us[i])
        by_queue[q, N_VISITS + how] += 1
        if group[i] != NONE:
            of = by_group[group[i]]
            if how == _HANDLED:
                of[0] += 1
                of[1] += wait_here
            of[2] += talk_us[i]
            of[3] += acw_us[i]
        goes_on = False
        if how != _HANDLED:
            following = i + 1
            while following < len(call_id) and call_id[following] == call and called_back[following]:
                following += 1
            goes_on = following < len(call_id) and call_id[following] == call
            if not goes_on and outcome[call] == _BOOKED:
                how = np.int8(_CALLBACK)  # not answered, but promised a callback in the end
        if goes_on and how == _HANDED_OVER:
            answered = answered_here = True
            continue
        _add_wait(by_queue[q], wait_here, later_here, own, how, announced_us[i], thresholds_us[q], short_us)
        if how != _CALLBACK:
            waits[1 + q, _bin(wait_here)] += 1
        in_queue = False
        if goes_on:
            continue
        _add_wait(by_interval[cell], wait, later, own, how, announced_us[i], thresholds_us[q], short_us)
        if how != _CALLBACK:
            waits[0, _bin(wait)] += 1
        cell = NONE


@part
def add_span(
    found: Int64s, column: int, begin: int, end: int, edges: Int64s, near: int
) -> int:  # pragma: no cover - compiled
    """Add a period to the intervals it spans; the interval in which it begins, looked for near another."""
    first = k = interval_of(begin, edges, near)
    while k < len(edges) - 1 and edges[k] < end:
        found[k, column] += max(min(end, edges[k + 1]) - max(begin, edges[k]), 0)
        k += 1
    return first


@part
def add_times(
    found: Int64s,
    by_group: Int64s,
    edges: Int64s,
    from_us: int,
    horizon_us: int,
    answered_us: Int64s,
    group: Ints,
    talk_us: Int64s,
    acw_us: Int64s,
    of: Ints,
    on_us: Int64s,
    off_us: Int64s,
) -> None:  # pragma: no cover - compiled
    """Add the agents' time on duty, in talk and in after-call work between warm-up and horizon."""
    k = 0
    for i in range(len(of)):
        begin, end = min(max(on_us[i], from_us), horizon_us), min(max(off_us[i], from_us), horizon_us)
        by_group[of[i], 0] += end - begin
        if len(edges):
            k = add_span(found, 0, begin, end, edges, k)
    for i in range(len(answered_us)):
        if answered_us[i] == NONE:
            continue
        talked_us = answered_us[i] + talk_us[i]
        begin, between = min(max(answered_us[i], from_us), horizon_us), min(max(talked_us, from_us), horizon_us)
        end = min(max(talked_us + acw_us[i], from_us), horizon_us)
        by_group[group[i], 1] += between - begin
        by_group[group[i], 2] += end - between
        if len(edges):
            k = add_span(found, 1, begin, between, edges, k)
            if end > between:
                add_span(found, 2, between, end, edges, k)
