"""Sums of one replication's records: same result as ``ivr.records.measures.sums``, compiled and in one pass.

A test compares the two cell by cell on every shipped scenario and on random tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ivr.records import measures
from ivr.records.count_records import counted, thresholds
from ivr.records.definitions.all_measures import COLUMNS
from ivr.records.definitions.measure_type import CALL_SUMS, CALLBACK_SUMS, TIME_SUMS, VISIT_SUMS
from ivr.records.in_hand import apart_from_chats, in_hand_spans, working
from ivr.records.measures import Sums, interval_edges
from ivr.records.outbound import outbound_counts
from ivr.records.schema import NONE, OUTCOMES, RESULTS
from ivr.records.tables import Records
from ivr.records.visits import conferences, of_colleagues
from simulation.engines.kernel.cached import add_calls, add_times, add_visits
from simulation.engines.kernel.measure_loops import BINS, N_CALLS, N_VISITS, OF_GROUP
from simulation.engines.kernel.plain_arrays import plain

__all__ = ["sums"]

_ENDED = tuple(f"ended_{name}" for name in OUTCOMES)
_RESULTS = tuple(f"ended_{name}" if name in OUTCOMES else "" for name in RESULTS)
_OUTBOUND, _PAUSED, _STAFFED = map(TIME_SUMS.index, ("outbound_us", "paused_us", "staffed_us"))
_LONGEST = VISIT_SUMS.index("longest_wait_us")
_REPLICATIONS, _HORIZON, _LONGEST_WAIT = map(COLUMNS.index, ("replications", "horizon_us", "longest_wait_us"))
# The columns each pass reads, in the order of its parameters.
_OF_CALLS = ("arrived_us", "menu_us", "outcome", "zero_out", "attempt", "repeat", "key_presses")
_OF_VISITS = (
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
Int64s = NDArray[np.int64]


def sums(
    records: Records,
    *,
    threshold_us: int = 20_000_000,
    interval_us: int | None = None,
    short_us: int = 5_000_000,
    callback_us: int = 1_800_000_000,
    from_us: int = 0,
    edges_us: NDArray[np.int64] | None = None,
    own_threshold_us: Mapping[str, int] | None = None,
) -> Sums:  # over 60 lines: most name what the passes read and add to
    """Reduce records to additive sums; parameters and result are those of ``ivr.records.measures.sums``.

    Records that hold several replications are left to that function.

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
            own_threshold_us=own_threshold_us,
        )
    queues, groups = records.names["queue"], records.names["group"]
    edges = plain(interval_edges(records.horizon_us, interval_us, from_us) if edges_us is None else edges_us)
    intervals = max(len(edges) - 1, 0)
    thresholds_us = thresholds(queues, threshold_us, own_threshold_us)
    added = _Added.of(max(intervals, 1), len(queues), len(groups))
    calls, visits, agents = (
        {name: plain(table[name]) for name in names}
        for table, names in (
            (records.calls, _OF_CALLS),
            (records.visits, (*_OF_VISITS, "answered_us")),
            (records.agents, ("group", "on_us", "off_us")),
        )
    )
    span = edges, from_us
    add_calls(added.calls, added.menu_times, *span, *(calls[name] for name in _OF_CALLS))
    add_visits(
        added.by_interval,
        added.by_queue,
        added.by_group,
        added.back_by_interval,
        added.back_by_queue,
        added.waits,
        *span,
        plain(np.array(thresholds_us, np.int64)),
        short_us,
        callback_us,
        calls["arrived_us"],
        calls["outcome"],
        *(visits[name] for name in _OF_VISITS),
    )
    add_times(
        added.times,
        added.times_by_group,
        *span,
        records.horizon_us,
        plain(np.where(apart_from_chats(visits, records.in_hand), visits["answered_us"], NONE))
        if len(records.in_hand["agent"])
        else visits["answered_us"],
        *(visits[name] for name in ("group", "talk_us", "acw_us")),
        *(agents[name] for name in ("group", "on_us", "off_us")),
    )
    if len(records.in_hand["agent"]):
        _add_in_hand(added, records, span)
    if len(records.pauses["agent"]):
        _add_pauses(added, records, span)
    if len(records.outbound["agent"]):
        _add_outbound_times(added, records, span)
    values = _rows(added, np.diff(edges), records.horizon_us - from_us)
    first_interval = 1 + len(queues) + len(groups)
    if len(records.outbound["agent"]):
        dialled_us, group, made = outbound_counts(records.outbound, from_us)
        _add_counts(values, edges, first_interval, 1 + len(queues) + group.astype(np.int64), dialled_us, made)
    if of_colleagues(records.visits).any():
        asked_us, queue, asked = conferences(counted(records, from_us)[1])
        _add_counts(values, edges, first_interval, 1 + queue.astype(np.int64), asked_us, asked)
    longest = values[: 1 + len(queues), _LONGEST_WAIT].copy()
    return Sums(
        values,
        added.waits,
        longest,
        added.menu_times,
        queues,
        groups,
        intervals,
        interval_us or 0,
        threshold_us,
        short_us,
        callback_us,
        thresholds_us,
    )


class _Added(NamedTuple):
    """The arrays the compiled passes add to; with no intervals there is one row for all calls."""

    calls: Int64s
    menu_times: Int64s
    by_interval: Int64s
    by_queue: Int64s
    by_group: Int64s
    back_by_interval: Int64s
    back_by_queue: Int64s
    waits: Int64s
    times: Int64s
    times_by_group: Int64s

    @classmethod
    def of(cls, cells: int, queues: int, groups: int) -> _Added:
        """Zeros."""

        def zeros(*shape: int) -> Int64s:
            return np.zeros(shape, np.int64)

        return cls(
            calls=zeros(cells, N_CALLS + len(OUTCOMES)),
            menu_times=zeros(BINS + 1),
            by_interval=zeros(cells, N_VISITS),
            by_queue=zeros(queues, N_VISITS + len(RESULTS)),
            by_group=zeros(groups, len(OF_GROUP)),
            back_by_interval=zeros(cells, len(CALLBACK_SUMS)),
            back_by_queue=zeros(queues, len(CALLBACK_SUMS)),
            waits=zeros(1 + queues, BINS + 1),
            times=zeros(cells, len(TIME_SUMS)),
            times_by_group=zeros(groups, len(TIME_SUMS)),
        )


def _rows(added: _Added, lengths_us: Int64s, length_us: int) -> Int64s:
    """The rows of ``Sums.values``: overall, by queue, by group, and by interval of these lengths."""
    queues, groups, intervals = len(added.by_queue), len(added.by_group), len(lengths_us)
    of_queues, of_groups = slice(1, 1 + queues), slice(1 + queues, 1 + queues + groups)
    first_interval = 1 + queues + groups
    values = np.zeros((first_interval + intervals, len(COLUMNS)), np.int64)
    values[:, _REPLICATIONS] = 1
    values[:, _HORIZON] = length_us
    if intervals:
        values[first_interval:, _HORIZON] = lengths_us
    for names, found in (
        ((*CALL_SUMS, *_ENDED), added.calls),
        (VISIT_SUMS, added.by_interval),
        (CALLBACK_SUMS, added.back_by_interval),
    ):
        at = _columns(names)
        values[0, at] = np.add.reduce(found, 0)
        if intervals:
            values[first_interval:, at] = found
    values[0, _LONGEST_WAIT] = added.by_interval[:, _LONGEST].max()
    for rows, names, found in (
        (of_queues, (*VISIT_SUMS, *_RESULTS), added.by_queue),
        (of_queues, CALLBACK_SUMS, added.back_by_queue),
        (of_groups, OF_GROUP, added.by_group),
        (of_groups, TIME_SUMS, added.times_by_group),
    ):
        values[rows, _columns(names)] = found if all(names) else found[:, _summed(names)]
    at = _columns(TIME_SUMS)
    values[0, at] = np.add.reduce(added.times_by_group, 0)
    if intervals:
        values[first_interval:, at] = added.times
    return values


def _add_pauses(added: _Added, records: Records, span: tuple[Int64s, int]) -> None:
    """Pauses are stretches as those on duty are, in a column of their own."""
    pauses = records.pauses
    _add_stretches(added, records, span, _PAUSED, (pauses["began_us"], pauses["ended_us"], pauses["group"]))


def _add_stretches(
    added: _Added,
    records: Records,
    span: tuple[Int64s, int],
    column: int,
    stretches: tuple[NDArray[Any], NDArray[Any], NDArray[Any]],
) -> None:
    """Add stretches, given by begin, end and group, to a column."""
    times, by_group = np.zeros_like(added.times), np.zeros_like(added.times_by_group)
    nothing = {name: plain(values[:0]) for name, values in records.visits.items()}
    began_us, ended_us, group = map(plain, stretches)
    add_times(
        times,
        by_group,
        *span,
        records.horizon_us,
        *(nothing[name] for name in ("answered_us", "group", "talk_us", "acw_us")),
        group,
        began_us,
        ended_us,
    )
    added.times[:, column] += times[:, _STAFFED]
    added.times_by_group[:, column] += by_group[:, _STAFFED]


def _add_in_hand(added: _Added, records: Records, span: tuple[Int64s, int]) -> None:
    """Stretches of agents who chat are busy time and wrap-up, and what they add besides is there so many times."""
    of = {name: plain(values) for name, values in working(records.in_hand).items()}
    nobody = {name: plain(values[:0]) for name, values in records.agents.items()}
    add_times(
        added.times,
        added.times_by_group,
        *span,
        records.horizon_us,
        *(of[name] for name in ("answered_us", "group", "talk_us", "acw_us")),
        *(nobody[name] for name in ("group", "on_us", "off_us")),
    )
    for name, spans in in_hand_spans(records.in_hand).items():
        _add_stretches(added, records, span, TIME_SUMS.index(name), spans)


def _add_outbound_times(added: _Added, records: Records, span: tuple[Int64s, int]) -> None:
    """Outbound calls are busy time and wrap-up, and both again in a column of their own."""
    of = {name: plain(values) for name, values in records.outbound.items()}
    times, by_group = np.zeros_like(added.times), np.zeros_like(added.times_by_group)
    nobody = {name: plain(values[:0]) for name, values in records.agents.items()}
    add_times(
        times,
        by_group,
        *span,
        records.horizon_us,
        of["dialled_us"],
        of["group"],
        plain(of["ring_us"] + of["talk_us"]),
        of["acw_us"],
        *(nobody[name] for name in ("group", "on_us", "off_us")),
    )
    for to, found in ((added.times, times), (added.times_by_group, by_group)):
        to += found
        to[:, _OUTBOUND] += found.sum(axis=1)


def _add_counts(
    values: Int64s, edges: Int64s, first_interval: int, cell: Int64s, at_us: Int64s, columns: Mapping[str, NDArray[Any]]
) -> None:
    """Add rows overall, to a cell each, and to the interval of their moment."""
    intervals = len(edges) - 1
    for name, column in columns.items():
        of = values[:, COLUMNS.index(name)]
        of[0] += int(column.sum())
        np.add.at(of, cell, column)
        if intervals > 0:
            place = np.clip(np.searchsorted(edges, at_us, side="right") - 1, 0, intervals - 1)
            np.add.at(of, first_interval + place, column)


@cache
def _columns(names: tuple[str, ...]) -> Int64s | slice:
    """Where the sums of these names stand in ``COLUMNS``; what has no name has no sum."""
    at = [COLUMNS.index(name) for name in names if name]
    one_run = at == list(range(at[0], at[0] + len(at)))
    return slice(at[0], at[0] + len(at)) if one_run else np.array(at)


@cache
def _summed(names: tuple[str, ...]) -> Int64s:
    """The places of those that have a name."""
    return np.flatnonzero(names)
