"""Reduces records to additive sums: overall, and by queue, agent group and interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ivr.records.additive_sums import COLUMN_INDEX, Sums
from ivr.records.columns import ColumnArray, Columns
from ivr.records.definitions.all_measures import COLUMNS
from ivr.records.in_hand import apart_from_chats, in_hand_spans, working
from ivr.records.integer_sums import exact_sums, running
from ivr.records.outbound import Spans, outbound_counts, outbound_spans
from ivr.records.schema import NONE, OUTCOMES, RESULTS, UNANSWERED
from ivr.records.tables import Records
from ivr.records.visits import call_keys, calls_back, conferences, offers, on_the_line, visit_columns
from ivr.records.wait_bins import WAIT_BOUNDS_S, bins

__all__ = [
    "ENDED_AS_RESULT",
    "agent_spans",
    "counted",
    "group_columns",
    "handled_columns",
    "interval_edges",
    "line_visits",
    "sums",
    "thresholds",
]

_UNANSWERED, _BOOKED = [OUTCOMES.index(name) for name in UNANSWERED], OUTCOMES.index("callback")
ENDED_AS_RESULT = {result: f"ended_{result}" for result in RESULTS if result in OUTCOMES}


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
) -> Sums:
    """Reduce records to additive sums.

    Parameters
    ----------
    records : Records
        One replication, or several together after ``concatenate``.
    threshold_us : int
        Service-level threshold, microseconds; a wait of exactly this long is within it.
    interval_us : int, optional
        Length of an interval, microseconds; the last may be shorter. Needs a horizon.
    short_us : int
        A caller who abandons after a wait of at most this long, microseconds, is short-abandoned.
    callback_us : int
        A callback that is reached at most this long after the promise, microseconds, is in time.
    from_us : int
        The end of the warm-up, microseconds: earlier calls with their visits, and agents' earlier time, do not count,
        and the first interval begins here.
    edges_us : numpy.ndarray, optional
        Where intervals begin, and where the last one ends, microseconds, if they are not equally long (as on days when
        clocks change). The first is `from_us`, the last the horizon.
    own_threshold_us : mapping of str to int, optional
        Thresholds of queues that have their own, microseconds. A caller who goes from queue to queue is in time by that
        of the queue in which their wait ends.

    Returns
    -------
    Sums

    Examples
    --------
    >>> from ivr.records.tables import empty
    >>> sums(empty(horizon_us=3_600_000_000), interval_us=900_000_000).intervals
    4
    """
    edges = interval_edges(records.horizon_us, interval_us, from_us) if edges_us is None else edges_us
    table = _Table(records, edges)
    table.add_lengths(records, from_us)
    thresholds_us = thresholds(table.queues, threshold_us, own_threshold_us)
    calls, all_visits = counted(records, from_us)
    _add_calls(table, calls)
    _add_callbacks(table, all_visits, within_us=callback_us)
    _add_conferences(table, all_visits)
    visits = line_visits(calls, all_visits)
    _add_results(table, visits)
    waits, longest = _add_waits(table, visits, thresholds_us=thresholds_us, short_us=short_us)
    _add_agents(table, records, from_us)
    _add_outbound(table, records, from_us)
    menu_us = calls["menu_us"][~np.isin(calls["outcome"], _UNANSWERED)]
    return Sums(
        values=table.values,
        waits=waits,
        longest_wait_us=longest,
        menu_times=np.bincount(bins(menu_us), minlength=len(WAIT_BOUNDS_S) + 1),
        queues=table.queues,
        groups=table.groups,
        intervals=table.intervals,
        interval_us=interval_us or 0,
        threshold_us=threshold_us,
        short_us=short_us,
        callback_us=callback_us,
        thresholds_us=thresholds_us,
    )


def thresholds(queues: Sequence[str], threshold_us: int, own_us: Mapping[str, int] | None) -> tuple[int, ...]:
    """The threshold of each queue: its own, or that of all.

    >>> thresholds(("sales", "support"), 20, {"support": 60})
    (20, 60)
    """
    return tuple((own_us or {}).get(queue, threshold_us) for queue in queues)


class _Table:
    """Sums being collected, cells x COLUMNS: cell 0 is overall; then the queues, the groups and the intervals."""

    def __init__(self, records: Records, edges: NDArray[np.int64]) -> None:
        self.queues, self.groups = records.names["queue"], records.names["group"]
        self.edges, self.intervals = edges, max(len(edges) - 1, 0)
        self.replications = records.replications
        self.first_interval = 1 + len(self.queues) + len(self.groups)
        self.values = np.zeros((self.first_interval + self.intervals, len(COLUMNS)), dtype=np.int64)

    def of_queue(self, queue: ColumnArray) -> NDArray[np.int64]:
        """The cells of queues, given by code."""
        return 1 + queue.astype(np.int64)

    def of_group(self, group: ColumnArray) -> NDArray[np.int64]:
        """The cells of groups, given by code."""
        return 1 + len(self.queues) + group.astype(np.int64)

    def of_interval(self, at_us: ColumnArray) -> NDArray[np.int64]:
        """The cells of intervals; what happens on an edge belongs to the interval that begins there."""
        place = np.searchsorted(self.edges, at_us, side="right") - 1
        return self.first_interval + np.clip(place, 0, self.intervals - 1).astype(np.int64)

    def add_lengths(self, records: Records, from_us: int) -> None:
        """Add the replications, and the time that is observed in them."""
        runs, horizon_us = self.replications, COLUMN_INDEX["horizon_us"]
        self.values[:, COLUMN_INDEX["replications"]] += runs
        self.values[:, horizon_us] += runs * (records.horizon_us - from_us)
        if self.intervals:
            self.values[self.first_interval :, horizon_us] = runs * np.diff(self.edges)

    def add_overall(self, columns: Columns) -> None:
        for name, column in columns.items():
            self.values[0, COLUMN_INDEX[name]] += int(column.sum(dtype=np.int64))

    def add_rows(self, cells: NDArray[np.int64], columns: Columns) -> None:
        for name, column in columns.items():
            self.values[:, COLUMN_INDEX[name]] += exact_sums(cells, column, len(self.values))

    def add_by_time(self, at_us: ColumnArray, columns: Columns) -> None:
        """Add rows overall, and to the interval of their moment."""
        self.add_overall(columns)
        if self.intervals:
            self.add_rows(self.of_interval(at_us), columns)

    def add_longest(self, of: Columns, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Add the longest wait of the offered in each replication.

        Returns
        -------
        numpy.ndarray of int64, shape (cells,)
            The longest of all replications.
        """
        found = longest_waits(of, cells, self.replications, len(self.values))
        self.values[:, COLUMN_INDEX["longest_wait_us"]] += found.sum(axis=0)
        return np.asarray(found.max(axis=0, initial=0), np.int64)


def longest_waits(of: Columns, cells: NDArray[np.int64], replications: int, size: int) -> NDArray[np.int64]:
    """The longest wait of the offered in each replication and cell, microseconds; shape (replications, size)."""
    offered = ~of["promised"]
    found = np.zeros((replications, size), np.int64)
    row = of["replication"][offered] if "replication" in of else np.zeros(int(offered.sum()), np.int64)
    np.maximum.at(found.reshape(-1), row * size + cells[offered], of["wait_us"][offered])
    return found


def interval_edges(horizon_us: int, interval_us: int | None, from_us: int = 0) -> NDArray[np.int64]:
    """Where intervals begin, and where the last one ends.

    Parameters
    ----------
    horizon_us, from_us : int
        Where the last interval ends and the first begins, microseconds.
    interval_us : int, optional
        Length of an interval, microseconds; the last may be shorter.

    Returns
    -------
    numpy.ndarray of int64, shape (intervals + 1,)
        Empty without intervals.


    Raises
    ------
    ValueError
        If the warm-up or the interval does not fit the horizon.

    Examples
    --------
    >>> interval_edges(10, 4).tolist()
    [0, 4, 8, 10]
    """
    if not 0 <= from_us <= horizon_us:
        raise ValueError(f"a warm-up of {from_us} us is not within a horizon of {horizon_us} us")
    if interval_us is None:
        return np.zeros(0, np.int64)
    if interval_us <= 0 or horizon_us <= 0:
        raise ValueError(f"an interval of {interval_us} us in a horizon of {horizon_us} us; both must be above 0")
    return np.append(np.arange(from_us, horizon_us, interval_us), horizon_us)


def counted(records: Records, from_us: int) -> tuple[Columns, Columns]:
    """The calls that arrived after the warm-up of `from_us` microseconds, and their visits."""
    calls, visits = records.calls, records.visits
    if from_us <= 0:
        return calls, visits
    late = calls["arrived_us"] >= from_us
    kept = np.isin(call_keys(visits), call_keys(calls)[late])
    return {name: column[late] for name, column in calls.items()}, {
        name: column[kept] for name, column in visits.items()
    }


def line_visits(calls: Columns, visits: Columns) -> dict[str, ColumnArray]:
    """The visits of callers on the line, with ``booked``: whether the call ended with a callback booked."""
    found = on_the_line(visits)
    found["booked"] = np.isin(call_keys(found), call_keys(calls)[calls["outcome"] == _BOOKED])
    return found


def group_columns(visits: Columns) -> tuple[NDArray[np.bool_], dict[str, ColumnArray]]:
    """Which visits an agent group worked on, and the time that they took."""
    worked = visits["group"] != NONE
    return worked, {name: visits[name][worked] for name in ("talk_us", "acw_us")}


def handled_columns(waits: Columns, own: Columns) -> tuple[NDArray[np.bool_], dict[str, ColumnArray]]:
    """Which waits an agent group ended, and what each counts for the group."""
    grouped = waits["group"] != NONE
    return grouped, {name: own[name][grouped] for name in ("handled", "handled_wait_us")}


def _add_calls(table: _Table, calls: Columns) -> None:
    entered, key_presses = ~np.isin(calls["outcome"], _UNANSWERED), calls["key_presses"]
    known = entered & (key_presses >= 0)
    columns = {
        "arrived": np.ones(len(entered), bool),
        "entered": entered,
        "menu_us": np.where(entered, calls["menu_us"], 0),
        "zero_outs": calls["zero_out"],
        "retries": (calls["attempt"] > 1) & ~calls["repeat"],
        "repeats": calls["repeat"],
        "keyed_calls": known,
        "key_presses": np.where(known, key_presses, 0),
        **{f"ended_{name}": calls["outcome"] == code for code, name in enumerate(OUTCOMES)},
    }
    table.add_by_time(calls["arrived_us"], columns)


def _add_callbacks(table: _Table, visits: Columns, *, within_us: int) -> None:
    """Places kept for callers who are called back, in the queue and the interval of the promise."""
    if not visits["called_back"].any():
        return
    promised_us, queue, kept = calls_back(visits, within_us=within_us)
    table.add_rows(table.of_queue(queue), kept)
    table.add_by_time(promised_us, kept)


def _add_conferences(table: _Table, visits: Columns) -> None:
    """Colleagues who were asked into talks, in their queue and in the interval in which they were asked."""
    asked_us, queue, columns = conferences(visits)
    table.add_rows(table.of_queue(queue), columns)
    table.add_by_time(asked_us, columns)


def _add_results(table: _Table, visits: Columns) -> None:
    """How visits ended, by queue, and the time that agents worked on them, by group."""
    for result, column in ENDED_AS_RESULT.items():
        table.add_rows(table.of_queue(visits["queue"]), {column: visits["result"] == RESULTS.index(result)})
    worked, times = group_columns(visits)
    table.add_rows(table.of_group(visits["group"][worked]), times)


def _add_waits(
    table: _Table, visits: Columns, *, thresholds_us: Sequence[int], short_us: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Waits for agents: by queue and group as each queue sees them, overall and by interval as callers do.

    Returns
    -------
    waits : numpy.ndarray of int64, shape (1 + queues, len(WAIT_BOUNDS_S) + 1)
    longest_us : numpy.ndarray of int64, shape (1 + queues,)
    """
    number = len(table.queues)
    by_queue = offers(visits, through_queues=False)
    own, queue_cells = (
        visit_columns(by_queue, thresholds_us=thresholds_us, short_us=short_us),
        table.of_queue(by_queue["queue"]),
    )
    table.add_rows(queue_cells, own)
    grouped, handled = handled_columns(by_queue, own)
    table.add_rows(table.of_group(by_queue["group"][grouped]), handled)

    by_caller = offers(visits, through_queues=True)
    whole, overall = (
        visit_columns(by_caller, thresholds_us=thresholds_us, short_us=short_us),
        np.zeros(len(by_caller["queue"]), np.int64),
    )
    table.add_by_time(by_caller["offered_us"], whole)
    longest = table.add_longest(by_queue, queue_cells) + table.add_longest(by_caller, overall)
    if table.intervals:
        table.add_longest(by_caller, table.of_interval(by_caller["offered_us"]))
    waits = _wait_counts(by_queue, queue_cells, number) + _wait_counts(by_caller, overall, number)
    return waits, longest[: 1 + number]


def _wait_counts(of: Columns, cells: NDArray[np.int64], queues: int) -> NDArray[np.int64]:
    """How many of the offered waited how long, in bins."""
    offered = ~of["promised"]
    shape = 1 + queues, len(WAIT_BOUNDS_S) + 1
    return np.bincount(cells[offered] * shape[1] + bins(of["wait_us"][offered]), minlength=shape[0] * shape[1]).reshape(
        shape
    )


def agent_spans(records: Records) -> Spans:
    """When agents were on duty, talked, did after-call work and paused, and when they were busy with outbound calls.

    Returns
    -------
    dict of str to (begin, end, group)
        By column of the sums: begin and end in microseconds, and the code of the group; each of shape (spans,).
    """
    agents, visits, pauses = records.agents, records.visits, records.pauses
    answered = apart_from_chats(visits, records.in_hand)
    work = {name: visits[name][answered] for name in ("answered_us", "talk_us", "acw_us", "group")}
    wrap_from = work["answered_us"] + work["talk_us"]
    spans: Spans = {
        "staffed_us": (agents["on_us"], agents["off_us"], agents["group"]),
        "busy_us": (work["answered_us"], wrap_from, work["group"]),
        "wrap_us": (wrap_from, wrap_from + work["acw_us"], work["group"]),
        "paused_us": (pauses["began_us"], pauses["ended_us"], pauses["group"]),
    }
    further = []
    if len(records.in_hand["agent"]):
        chats = working(records.in_hand)
        talked = chats["answered_us"] + chats["talk_us"]
        further.append(in_hand_spans(records.in_hand))
        further.append(
            {
                "busy_us": (chats["answered_us"], talked, chats["group"]),
                "wrap_us": (talked, talked + chats["acw_us"], chats["group"]),
            }
        )
    if len(records.outbound["agent"]):
        further.append(outbound_spans(records.outbound))
    for more in further:
        for name, of in more.items():
            parts = [spans[name], of] if name in spans else [of]
            begin, end, group = (np.concatenate([part[i] for part in parts]) for i in range(3))
            spans[name] = begin, end, group
    return spans


def _add_agents(table: _Table, records: Records, from_us: int) -> None:
    """Agents' time between the warm-up and the horizon, overall, by group and by interval."""
    for name, (begin, end, group) in agent_spans(records).items():
        begin, end = np.clip(begin, from_us, records.horizon_us), np.clip(end, from_us, records.horizon_us)
        known = group != NONE
        table.add_overall({name: end - begin})
        table.add_rows(table.of_group(group[known]), {name: (end - begin)[known]})
        if table.intervals:
            # Up to an edge, a span runs for min(edge, end) - begin: the time since it began less that since it ended.
            run_by_edge = running(begin, table.edges) - running(end, table.edges)
            table.values[table.first_interval :, COLUMN_INDEX[name]] = np.diff(run_by_edge)


def _add_outbound(table: _Table, records: Records, from_us: int) -> None:
    """Calls that agents made themselves, by group, and in the interval in which they dialled."""
    dialled_us, group, columns = outbound_counts(records.outbound, from_us)
    table.add_rows(table.of_group(group), columns)
    table.add_by_time(dialled_us, columns)
