"""Measures over records, live or simulated: additive sums first, ratios derived from them.

``sums`` reduces records to counts and sums of time, overall and by queue,
agent group and interval. Sums of several replications are added, and
``measures`` derives every ratio from them. Names, formulas and sources are
data in ``ivr.records.definitions``.

Conventions
-----------
* A wait of exactly the threshold is within it.
* Measures of calls (arrived, blocked, contained, menu ...) belong to the
  interval of the arrival; measures of waits (offered, handled, waits ...) to
  the interval in which the caller was offered first; agents' time to the
  intervals in which it passes, and to none after the horizon. What is offered
  after the horizon counts in the last interval, so that intervals add up to the
  whole.
* A caller counts once until an agent has handled the call: overall and by
  interval, visits that overflowed, found the queue full or were handed over are
  one with what followed, with the waits of all; by queue, those handed over.
* A wait ends when the first agent answers. What a caller waits after a
  hand-over has a measure of its own; who then hangs up has waited all of it.
* Who is promised a callback is not offered. The place kept for them is no visit
  of a caller on the line: it is in none of the measures of offers, waits and
  handling, and has its own. Agents' time counts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
from numpy.typing import NDArray

from ivr.records.definitions import COLUMNS, MEASURES, QUANTILES, Measure
from ivr.records.integer_sums import exact_sums, running
from ivr.records.schema import NONE, OUTCOMES, RESULTS
from ivr.records.tables import Records
from ivr.records.visits import call_keys, calls_back, offers, on_the_line, visit_columns
from ivr.records.wait_bins import WAIT_BOUNDS_S, bins

__all__ = [
    "MEASURES",
    "QUANTILES",
    "WAIT_BOUNDS_S",
    "Measure",
    "Sums",
    "interval_edges",
    "measures",
    "ratio",
    "sums",
    "total",
]

_COLUMN = {name: i for i, name in enumerate(COLUMNS)}
_BOOKED = OUTCOMES.index("callback")
_ENDED_AS_RESULT = {r: f"ended_{r}" for r in RESULTS if r in OUTCOMES}


@dataclass(frozen=True)
class Sums:
    """Counts and sums of records, which can be added over replications.

    Parameters
    ----------
    values : numpy.ndarray of int64, shape (cells, len(COLUMNS))
        Cell 0 is overall; then the queues, the groups and the intervals.
    waits : numpy.ndarray of int64, shape (1 + queues, len(WAIT_BOUNDS_S) + 1)
        How many of the offered waited so long, overall and by queue.
    longest_wait_us : numpy.ndarray of int64, shape (1 + queues,)
        Of all replications.
    menu_times : numpy.ndarray of int64, shape (len(WAIT_BOUNDS_S) + 1,)
        How many calls that got a line spent so long in the menu, in the same bins.
    queues, groups : tuple of str
    intervals : int
        0 when no interval was asked for.
    interval_us, threshold_us, short_us, callback_us : int

    Examples
    --------
    >>> from ivr.records.tables import empty
    >>> both = sums(empty(horizon_us=10)) + sums(empty(horizon_us=10))
    >>> measures(both)["arrived"], both.column("replications")
    (0.0, 2)
    """

    values: NDArray[np.int64]
    waits: NDArray[np.int64]
    longest_wait_us: NDArray[np.int64]
    menu_times: NDArray[np.int64]
    queues: tuple[str, ...]
    groups: tuple[str, ...]
    intervals: int
    interval_us: int
    threshold_us: int
    short_us: int
    callback_us: int

    def __add__(self, other: Sums) -> Sums:
        shape = ("queues", "groups", "intervals", "interval_us", "threshold_us", "short_us", "callback_us")
        different = [name for name in shape if getattr(self, name) != getattr(other, name)]
        if different:
            raise ValueError(f"sums that differ in {', '.join(different)} cannot be added")
        return Sums(
            self.values + other.values,
            self.waits + other.waits,
            np.maximum(self.longest_wait_us, other.longest_wait_us),
            self.menu_times + other.menu_times,
            *(getattr(self, name) for name in shape),
        )

    def cell(self, *, queue: str | None = None, group: str | None = None, interval: int | None = None) -> int:
        """Return the row of ``values`` for a queue, a group or an interval; 0 without any.

        Raises
        ------
        ValueError
            If more than one is given, or if the name or number is unknown.
        """
        if sum(part is not None for part in (queue, group, interval)) > 1:
            raise ValueError("give a queue, a group or an interval, not several")
        if queue is not None:
            return 1 + self.queues.index(queue)
        if group is not None:
            return 1 + len(self.queues) + self.groups.index(group)
        if interval is None:
            return 0
        if not 0 <= interval < self.intervals:
            raise ValueError(f"interval {interval} is not one of 0..{self.intervals - 1}")
        return 1 + len(self.queues) + len(self.groups) + interval

    def column(self, name: str, cell: int = 0) -> int:
        """Return one sum, for example ``column("offered")``."""
        return int(self.values[cell, _COLUMN[name]])


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
        Who abandons after a wait of at most this is short-abandoned.
    callback_us : int
        A callback that is reached so soon after the promise, or sooner, is in time.
    from_us : int
        The end of the warm-up: calls that arrived before, with their visits, and agents' time before do not count, and
        the first interval begins here.
    edges_us : numpy.ndarray, optional
        Where intervals begin and, as the last, where the last ends, when they are not equally long (on the days on
        which clocks change); the first is `from_us`, the last the horizon.

    Returns
    -------
    Sums

    Examples
    --------
    >>> from ivr.records.tables import empty
    >>> sums(empty(horizon_us=3_600_000_000), interval_us=900_000_000).intervals
    4
    """
    queues, groups = records.names["queue"], records.names["group"]
    edges = interval_edges(records.horizon_us, interval_us, from_us) if edges_us is None else edges_us
    intervals = max(len(edges) - 1, 0)
    first_interval = 1 + len(queues) + len(groups)
    table = _Table(1 + len(queues) + len(groups) + intervals)

    runs = _replications(records)
    table.add_to_all("replications", runs)
    table.add_to_all("horizon_us", runs * (records.horizon_us - from_us))
    for i in range(intervals):
        table.values[first_interval + i, _COLUMN["horizon_us"]] = runs * (edges[i + 1] - edges[i])

    def interval_cells(at_us: NDArray[np.int64]) -> NDArray[np.int64]:
        # what happens on an edge belongs to the interval that begins there
        return first_interval + np.clip(np.searchsorted(edges, at_us, side="right") - 1, 0, intervals - 1)

    calls, counted = _counted(records, from_us)
    _add_calls(table, calls, interval_cells if intervals else None)

    if counted["called_back"].any():
        promised_us, queue, kept = calls_back(counted, within_us=callback_us)
        table.add_overall(kept)
        table.add_rows(1 + queue.astype("i8"), kept)
        if intervals:
            table.add_rows(interval_cells(promised_us), kept)
    visits = on_the_line(counted)
    visits["booked"] = np.isin(call_keys(visits), call_keys(calls)[calls["outcome"] == _BOOKED])
    for result, column in _ENDED_AS_RESULT.items():
        ended = visits["result"] == RESULTS.index(result)
        table.add_rows(1 + visits["queue"].astype("i8"), {column: ended})
    worked = visits["group"] != NONE
    table.add_rows(
        (1 + len(queues) + visits["group"].astype("i8"))[worked],
        {name: visits[name][worked] for name in ("talk_us", "acw_us")},
    )

    of_queues = offers(visits, through_queues=False)
    own = visit_columns(of_queues, threshold_us=threshold_us, short_us=short_us)
    table.add_rows(1 + of_queues["queue"].astype("i8"), own)
    has_group = of_queues["group"] != NONE
    table.add_rows(
        (1 + len(queues) + of_queues["group"].astype("i8"))[has_group],
        {name: own[name][has_group] for name in ("handled", "handled_wait_us")},
    )
    of_calls = offers(visits, through_queues=True)
    whole = visit_columns(of_calls, threshold_us=threshold_us, short_us=short_us)
    table.add_overall(whole)
    of_queue, overall = 1 + of_queues["queue"].astype("i8"), np.zeros(len(of_calls["queue"]), "i8")
    longest = table.add_longest(runs, of_queues, of_queue) + table.add_longest(runs, of_calls, overall)
    waits = _wait_counts(of_queues, of_queue, len(queues)) + _wait_counts(of_calls, overall, len(queues))
    if intervals:
        table.add_rows(interval_cells(of_calls["offered_us"]), whole)
        table.add_longest(runs, of_calls, interval_cells(of_calls["offered_us"]))

    _add_agents(table, records, edges, first_interval, from_us)
    menu_us = calls["menu_us"][calls["outcome"] != OUTCOMES.index("blocked")]
    menu_times = np.bincount(bins(menu_us), minlength=len(WAIT_BOUNDS_S) + 1)
    return Sums(
        table.values,
        waits,
        longest[: 1 + len(queues)],
        menu_times,
        queues,
        groups,
        intervals,
        interval_us or 0,
        threshold_us,
        short_us,
        callback_us,
    )


def total(parts: Sequence[Sums]) -> Sums:
    """Add the sums of several replications; at least one."""
    return reduce(add, parts)


def ratio(measure: Measure, values: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a measure's numerator and denominator, scaled, over the last axis of sums.

    >>> from ivr.records.tables import empty
    >>> numerator, denominator = ratio(MEASURES["arrived"], sums(empty()).values[0])
    >>> float(numerator), float(denominator)
    (0.0, 1.0)
    """
    numerator = sum(sign * values[..., _COLUMN[name]] for name, sign in measure.numerator) * measure.scale
    denominator = sum(sign * values[..., _COLUMN[name]] for name, sign in measure.denominator)
    return np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)


def measures(
    of: Sums, *, queue: str | None = None, group: str | None = None, interval: int | None = None
) -> dict[str, float]:
    """Return every measure that applies and whose denominator is not 0.

    Parameters
    ----------
    of : Sums
        Of one replication, or of several added.
    queue, group, interval
        At most one; overall without any.

    Returns
    -------
    dict of str to float
        By name, in the order of ``MEASURES``; counts are per replication,
        shares 0..1, times in seconds.
    """
    cell = of.cell(queue=queue, group=group, interval=interval)
    scope = (
        "queue"
        if queue is not None
        else "group"
        if group is not None
        else "interval"
        if interval is not None
        else "overall"
    )
    found = {}
    for measure in MEASURES.values():
        if scope in measure.scopes:
            numerator, denominator = ratio(measure, of.values[cell])
            if denominator:
                found[measure.name] = float(numerator / denominator)
    if scope in ("overall", "queue") and of.waits[cell].any():
        found |= {name: _quantile(of, cell, share) for name, share in QUANTILES.items()}
    return found


def _quantile(of: Sums, cell: int, share: float) -> float:
    reached = np.cumsum(of.waits[cell])
    at = int(np.searchsorted(reached, share * reached[-1], side="left"))
    longest_s = float(of.longest_wait_us[cell]) * 1e-6
    return min(float(WAIT_BOUNDS_S[at]), longest_s) if at < len(WAIT_BOUNDS_S) else longest_s


class _Table:
    """Sums being collected: cells x COLUMNS."""

    def __init__(self, cells: int) -> None:
        self.values = np.zeros((cells, len(COLUMNS)), dtype=np.int64)

    def add_to_all(self, name: str, amount: int) -> None:
        self.values[:, _COLUMN[name]] += amount

    def add_overall(self, columns: dict[str, NDArray]) -> None:
        for name, column in columns.items():
            self.values[0, _COLUMN[name]] += int(column.sum(dtype=np.int64))

    def add_rows(self, cells: NDArray[np.int64], columns: dict[str, NDArray]) -> None:
        for name, column in columns.items():
            self.values[:, _COLUMN[name]] += exact_sums(cells, column, len(self.values))

    def add_longest(self, runs: int, of: dict[str, NDArray], cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Add the longest wait of the offered in each replication; returns the longest of all of them, by cell."""
        offered = ~of["promised"]
        found = np.zeros((runs, len(self.values)), np.int64)
        np.maximum.at(
            found, (of["replication"][offered] if "replication" in of else 0, cells[offered]), of["wait_us"][offered]
        )
        self.values[:, _COLUMN["longest_wait_us"]] += found.sum(axis=0)
        return found.max(axis=0, initial=0)


def interval_edges(horizon_us: int, interval_us: int | None, from_us: int = 0) -> NDArray[np.int64]:
    """Where intervals begin and, as the last edge, where the last ends; empty without intervals.

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


def _counted(records: Records, from_us: int) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
    """The calls that count, and their visits."""
    calls, visits = dict(records.calls), dict(records.visits)
    if from_us <= 0:
        return calls, visits
    late = calls["arrived_us"] >= from_us
    kept = np.isin(call_keys(visits), call_keys(calls)[late])
    return {name: column[late] for name, column in calls.items()}, {
        name: column[kept] for name, column in visits.items()
    }


def _replications(records: Records) -> int:
    tables = (records.calls, records.visits, records.agents)
    seen = [int(t["replication"].max()) + 1 for t in tables if "replication" in t and len(t["replication"])]
    return max(seen, default=1)


def _add_calls(table: _Table, calls: dict[str, NDArray], interval_cells) -> None:
    entered, key_presses = calls["outcome"] != OUTCOMES.index("blocked"), calls["key_presses"]
    known = entered & (key_presses >= 0)
    columns = {
        "arrived": np.ones(len(entered), bool),
        "entered": entered,
        "menu_us": np.where(entered, calls["menu_us"], 0),
        "zero_outs": calls["zero_out"],
        "retries": calls["attempt"] > 1,
        "keyed_calls": known,
        "key_presses": np.where(known, key_presses, 0),
        **{f"ended_{name}": calls["outcome"] == code for code, name in enumerate(OUTCOMES)},
    }
    table.add_overall(columns)
    if interval_cells is not None:
        table.add_rows(interval_cells(calls["arrived_us"]), columns)


def _wait_counts(of: dict[str, NDArray], cells: NDArray[np.int64], queues: int) -> NDArray[np.int64]:
    """How many of the offered waited how long, in bins."""
    offered = ~of["promised"]
    shape = 1 + queues, len(WAIT_BOUNDS_S) + 1
    return np.bincount(cells[offered] * shape[1] + bins(of["wait_us"][offered]), minlength=shape[0] * shape[1]).reshape(
        shape
    )


def _add_agents(table: _Table, records: Records, edges: NDArray[np.int64], first_interval: int, from_us: int) -> None:
    """Time between the warm-up and the horizon, wherever it is counted."""
    agents, visits = records.agents, records.visits
    first_group = 1 + len(records.names["queue"])
    answered = visits["answered_us"] != NONE
    talk_from = visits["answered_us"][answered]
    wrap_from = talk_from + visits["talk_us"][answered]
    of_visits = visits["group"][answered]
    spans = {
        "staffed_us": (agents["on_us"], agents["off_us"], agents["group"]),
        "busy_us": (talk_from, wrap_from, of_visits),
        "wrap_us": (wrap_from, wrap_from + visits["acw_us"][answered], of_visits),
    }
    for name, (begin, end, group) in spans.items():
        begin, end = np.clip(begin, from_us, records.horizon_us), np.clip(end, from_us, records.horizon_us)
        known = group != NONE
        table.add_overall({name: end - begin})
        table.add_rows(first_group + group[known].astype("i8"), {name: (end - begin)[known]})
        if len(edges):
            # a span has run min(edge, end) - begin by an edge: what began runs on, less what runs on after its end
            run_by_edge = running(begin, edges) - running(end, edges)
            table.values[first_interval:, _COLUMN[name]] = np.diff(run_by_edge)
