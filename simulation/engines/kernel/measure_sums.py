"""Sums of the records of one replication, compiled: what ``ivr.records.measures.sums`` comes to, in one pass over calls and
visits.

Held to it, cell for cell, by a test on every shipped scenario and on random tables. Conventions and names are explained
there; here each call and each visit is looked at once, instead of each column.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from flows.values.units import US_PER_S
from ivr.records import measures
from ivr.records.definitions import COLUMNS
from ivr.records.measures import WAIT_BOUNDS_S, Sums, interval_edges
from ivr.records.schema import NONE, OUTCOMES, RESULTS, outcome_code, result_code
from ivr.records.tables import Records

__all__ = ["sums"]

_CALLS = ("arrived", "entered", "menu_us", "zero_outs", "retries", "keyed_calls", "key_presses")
_ENDED = tuple(f"ended_{name}" for name in OUTCOMES)
_VISITS = (
    "offered",
    "waited",
    "handled",
    "handled_within",
    "abandoned",
    "abandoned_within",
    "short_abandoned",
    "overflowed",
    "wait_us",
    "handled_wait_us",
    "abandoned_wait_us",
    "full",
    "balked",
    "talk_us",
    "acw_us",
    "handed_over",
    "handed_over_wait_us",
    "promised",
    "promised_wait_us",
    "longest_wait_us",
)
_RESULTS = tuple(f"ended_{name}" if name in OUTCOMES else "" for name in RESULTS)
_BACK = ("callbacks_kept", "callback_attempts", "callbacks_reached", "callbacks_within", "callback_wait_us")
_TIMES = ("staffed_us", "busy_us", "wrap_us")
_OF_GROUP = ("handled", "handled_wait_us", "talk_us", "acw_us")
_N_CALLS, _N_VISITS, _LONGEST = len(_CALLS), len(_VISITS), _VISITS.index("longest_wait_us")
_BLOCKED, _BOOKED = outcome_code("blocked"), outcome_code("callback")
_HANDLED, _ABANDONED, _OVERFLOWED, _CALLBACK, _FULL, _HANDED_OVER = (
    result_code(name) for name in ("handled", "abandoned", "overflowed", "callback", "full", "handed_over")
)
_FINE_S = int(np.flatnonzero(np.diff(WAIT_BOUNDS_S) > 1)[0])
_COARSE_S = int(WAIT_BOUNDS_S[-1] - WAIT_BOUNDS_S[-2])
_BINS = len(WAIT_BOUNDS_S)


def sums(
    records: Records,
    *,
    threshold_us: int = 20_000_000,
    interval_us: int | None = None,
    short_us: int = 5_000_000,
    callback_us: int = 1_800_000_000,
    from_us: int = 0,
    edges_us: NDArray[np.int64] | None = None,
) -> Sums:
    """Reduce records to additive sums; parameters and result as of ``ivr.records.measures.sums``, which adds up other records.

    Examples
    --------
    >>> from ivr.records.tables import empty
    >>> sums(empty(horizon_us=3_600_000_000), interval_us=900_000_000).intervals
    4
    """
    if "replication" in records.calls:
        return measures.sums(
            records,
            threshold_us=threshold_us,
            interval_us=interval_us,
            short_us=short_us,
            callback_us=callback_us,
            from_us=from_us,
            edges_us=edges_us,
        )
    queues, groups = records.names["queue"], records.names["group"]
    edges = _plain(interval_edges(records.horizon_us, interval_us, from_us) if edges_us is None else edges_us)
    intervals = max(len(edges) - 1, 0)
    first_interval, cells = 1 + len(queues) + len(groups), max(intervals, 1)
    calls, visits, agents = (
        {name: _plain(values) for name, values in table.items()}
        for table in (records.calls, records.visits, records.agents)
    )

    call_sums = np.zeros((cells, _N_CALLS + len(OUTCOMES)), np.int64)
    menu_times = np.zeros(_BINS + 1, np.int64)
    by_interval, by_queue = (
        np.zeros((cells, _N_VISITS), np.int64),
        np.zeros((len(queues), _N_VISITS + len(RESULTS)), np.int64),
    )
    by_group = np.zeros((len(groups), len(_OF_GROUP)), np.int64)
    back_by_interval, back_by_queue = (
        np.zeros((cells, len(_BACK)), np.int64),
        np.zeros((len(queues), len(_BACK)), np.int64),
    )
    waits = np.zeros((1 + len(queues), _BINS + 1), np.int64)
    _add_calls(
        call_sums,
        menu_times,
        edges,
        from_us,
        interval_us or 0,
        calls["arrived_us"],
        calls["menu_us"],
        calls["outcome"],
        calls["zero_out"],
        calls["attempt"],
        calls["key_presses"],
    )
    _add_visits(
        by_interval,
        by_queue,
        by_group,
        back_by_interval,
        back_by_queue,
        waits,
        edges,
        from_us,
        interval_us or 0,
        threshold_us,
        short_us,
        callback_us,
        calls["arrived_us"],
        calls["outcome"],
        *(
            visits[name]
            for name in (
                "call_id",
                "queue",
                "offered_us",
                "left_us",
                "result",
                "agent",
                "group",
                "talk_us",
                "acw_us",
                "announced_wait_us",
                "called_back",
            )
        ),
    )
    times, times_by_group = np.zeros((cells, len(_TIMES)), np.int64), np.zeros((len(groups), len(_TIMES)), np.int64)
    _add_times(
        times,
        times_by_group,
        edges,
        from_us,
        records.horizon_us,
        interval_us or 0,
        *(visits[name] for name in ("answered_us", "group", "talk_us", "acw_us")),
        *(agents[name] for name in ("group", "on_us", "off_us")),
    )

    values = np.zeros((first_interval + intervals, len(COLUMNS)), np.int64)
    values[:, COLUMNS.index("replications")] = 1
    values[:, COLUMNS.index("horizon_us")] = records.horizon_us - from_us
    if intervals:
        values[first_interval:, COLUMNS.index("horizon_us")] = np.diff(edges)
    for names, found in (((*_CALLS, *_ENDED), call_sums), (_VISITS, by_interval), (_BACK, back_by_interval)):
        at = [COLUMNS.index(name) for name in names]
        values[0, at] += found.sum(axis=0)
        if intervals:
            values[first_interval:, at] += found
    values[0, COLUMNS.index("longest_wait_us")] = by_interval[:, _LONGEST].max()
    for rows, names, found in (
        (slice(1, 1 + len(queues)), (*_VISITS, *_RESULTS), by_queue),
        (slice(1, 1 + len(queues)), _BACK, back_by_queue),
        (slice(1 + len(queues), first_interval), _OF_GROUP, by_group),
        (slice(1 + len(queues), first_interval), _TIMES, times_by_group),
    ):
        kept = [i for i, name in enumerate(names) if name]
        values[rows, [COLUMNS.index(names[i]) for i in kept]] += found[:, kept]
    at = [COLUMNS.index(name) for name in _TIMES]
    values[0, at] = times_by_group.sum(axis=0)
    if intervals:
        values[first_interval:, at] = times
    longest = values[: 1 + len(queues), COLUMNS.index("longest_wait_us")].copy()
    return Sums(
        values,
        waits,
        longest,
        menu_times,
        queues,
        groups,
        intervals,
        interval_us or 0,
        threshold_us,
        short_us,
        callback_us,
    )


def _plain(values: np.ndarray) -> np.ndarray:
    """Contiguous and read-only, as all are, so that one compiled form serves all."""
    view = np.ascontiguousarray(values).view()
    view.flags.writeable = False
    return view


@njit(nogil=True, cache=True)
def _interval(at_us, edges, from_us, interval_us):  # pragma: no cover - compiled
    """The interval in which a moment counts: what is before the first in the first, what is after the last in the
    last.
    """
    last = len(edges) - 2
    if last <= 0:
        return 0
    # Where it would be if all were equally long, and from there on: intervals differ on two days of the year.
    k = min(max((at_us - from_us) // interval_us, 0), last)
    while k > 0 and edges[k] > at_us:
        k -= 1
    while k < last and edges[k + 1] <= at_us:
        k += 1
    return k


@njit(nogil=True, cache=True)
def _bin(time_us):  # pragma: no cover - compiled
    seconds = -(-time_us // US_PER_S)
    if seconds > _FINE_S:
        seconds = _FINE_S - (_FINE_S - seconds) // _COARSE_S
    return min(seconds, _BINS)


@njit(nogil=True, cache=True)
def _add_calls(
    found,
    menu_times,
    edges,
    from_us,
    interval_us,
    arrived_us,
    menu_us,
    outcome,
    zero_out,
    attempt,
    key_presses,
):  # pragma: no cover - compiled
    for i in range(len(arrived_us)):
        if arrived_us[i] < from_us:
            continue
        of = found[_interval(arrived_us[i], edges, from_us, interval_us)]
        of[0] += 1
        if outcome[i] != _BLOCKED:
            of[1] += 1
            of[2] += menu_us[i]
            menu_times[_bin(menu_us[i])] += 1
            if key_presses[i] >= 0:
                of[5] += 1
                of[6] += key_presses[i]
        of[3] += zero_out[i]
        of[4] += attempt[i] > 1
        of[_N_CALLS + outcome[i]] += 1


@njit(nogil=True, cache=True)
def _add_one_visit(of, result, talk_us, acw_us):  # pragma: no cover - compiled
    """What each visit adds to the row of the wait that it is part of."""
    if result == _OVERFLOWED:
        of[7] += 1
    elif result == _FULL:
        of[11] += 1
    elif result == _HANDED_OVER:
        of[15] += 1
    of[13] += talk_us
    of[14] += acw_us


@njit(nogil=True, cache=True)
def _add_wait(
    of, wait, later_wait, last_wait, result, announced_us, threshold_us, short_us
):  # pragma: no cover - compiled
    """What a wait that is over adds to its row of sums: until the first answer, after a hand-over, and in the last
    visit.
    """
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


@njit(nogil=True, cache=True)
def _add_visits(
    by_interval,
    by_queue,
    by_group,
    back_by_interval,
    back_by_queue,
    waits,
    edges,
    from_us,
    interval_us,
    threshold_us,
    short_us,
    callback_us,
    arrived_us,
    outcome,
    call_id,
    queue,
    offered_us,
    left_us,
    result,
    agent,
    group,
    talk_us,
    acw_us,
    announced_us,
    called_back,
):  # pragma: no cover - compiled
    """The visits of calls that count, in order of call: those that are one wait are one."""
    promised_us, promised_call = np.int64(0), np.int64(NONE)
    cell, wait, later, answered = NONE, 0, 0, False  # of the caller's wait for an agent
    in_queue, wait_here, later_here, answered_here = False, 0, 0, False  # and of that in this queue
    for i in range(len(call_id)):
        call = call_id[i]
        if arrived_us[call] < from_us:
            continue
        if called_back[i]:
            first = call != promised_call
            if first:
                promised_call, promised_us = call, offered_us[i]
            in_interval = back_by_interval[_interval(promised_us, edges, from_us, interval_us)]
            for of in (in_interval, back_by_queue[queue[i]]):
                of[0] += first
                of[1] += agent[i] != NONE
                if result[i] == _HANDLED:
                    of[2] += 1
                    of[3] += left_us[i] - promised_us <= callback_us
                    of[4] += left_us[i] - promised_us
            continue
        how, own, q = result[i], left_us[i] - offered_us[i], queue[i]
        if cell == NONE:
            cell, wait, later, answered = _interval(offered_us[i], edges, from_us, interval_us), 0, 0, False
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
        by_queue[q, _N_VISITS + how] += 1
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
                how = np.int8(_CALLBACK)  # answered by nobody, and promised a callback in the end
        if goes_on and how == _HANDED_OVER:
            answered = answered_here = True
            continue
        _add_wait(by_queue[q], wait_here, later_here, own, how, announced_us[i], threshold_us, short_us)
        if how != _CALLBACK:
            waits[1 + q, _bin(wait_here)] += 1
        in_queue = False
        if goes_on:
            continue
        _add_wait(by_interval[cell], wait, later, own, how, announced_us[i], threshold_us, short_us)
        if how != _CALLBACK:
            waits[0, _bin(wait)] += 1
        cell = NONE


@njit(nogil=True, cache=True)
def _add_span(found, column, begin, end, edges, from_us, interval_us):  # pragma: no cover - compiled
    """Add a stretch of time to the intervals in which it passes."""
    k = _interval(begin, edges, from_us, interval_us)
    while k < len(edges) - 1 and edges[k] < end:
        found[k, column] += max(min(end, edges[k + 1]) - max(begin, edges[k]), 0)
        k += 1


@njit(nogil=True, cache=True)
def _add_times(
    found,
    by_group,
    edges,
    from_us,
    horizon_us,
    interval_us,
    answered_us,
    group,
    talk_us,
    acw_us,
    of,
    on_us,
    off_us,
):  # pragma: no cover - compiled
    """Agents' time on duty, in talk and in after-call work, between the warm-up and the horizon."""
    for i in range(len(of)):
        begin, end = min(max(on_us[i], from_us), horizon_us), min(max(off_us[i], from_us), horizon_us)
        by_group[of[i], 0] += end - begin
        if len(edges):
            _add_span(found, 0, begin, end, edges, from_us, interval_us)
    for i in range(len(answered_us)):
        if answered_us[i] == NONE:
            continue
        talked_us = answered_us[i] + talk_us[i]
        begin, between = min(max(answered_us[i], from_us), horizon_us), min(max(talked_us, from_us), horizon_us)
        end = min(max(talked_us + acw_us[i], from_us), horizon_us)
        by_group[group[i], 1] += between - begin
        by_group[group[i], 2] += end - between
        if len(edges):
            _add_span(found, 1, begin, between, edges, from_us, interval_us)
            _add_span(found, 2, between, end, edges, from_us, interval_us)
