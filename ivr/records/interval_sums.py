"""Sums of each queue, or of each group, in each interval; ``ivr.records.count_records`` has those of the whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ivr.records.additive_sums import COLUMN_INDEX, Sums
from ivr.records.columns import Columns
from ivr.records.count_records import (
    ENDED_AS_RESULT,
    agent_spans,
    counted,
    group_columns,
    handled_columns,
    line_visits,
    longest_waits,
)
from ivr.records.definitions.all_measures import COLUMNS
from ivr.records.integer_sums import exact_sums, running
from ivr.records.outbound import outbound_counts
from ivr.records.schema import RESULTS
from ivr.records.tables import Records
from ivr.records.visits import calls_back, conferences, offers, visit_columns
from ivr.records.wait_bins import WAIT_BOUNDS_S

__all__ = ["group_intervals", "queue_intervals"]


def queue_intervals(records: Records, like: Sums, edges_us: NDArray[np.int64], from_us: int = 0) -> dict[str, Sums]:
    """Return, for each queue, the sums of its waits by the interval of the offer.

    Parameters
    ----------
    records : Records
    like : Sums
        Of the same records; thresholds are taken from it.
    edges_us : numpy.ndarray of int64, shape (intervals + 1,)
        Where intervals begin, and where the last one ends.
    from_us : int
        The end of the warm-up, microseconds.

    Returns
    -------
    dict of str to Sums
        By queue, with intervals only. Over the intervals, each column adds up to that of the queue in `like`.

    Examples
    --------
    >>> from ivr.records.count_records import interval_edges, sums
    >>> from ivr.records.tables import empty
    >>> records, edges = empty(horizon_us=10, names={"queue": ("billing",)}), interval_edges(10, 5)
    >>> found = queue_intervals(records, sums(records), edges)
    >>> [found["billing"].column("offered", found["billing"].cell(interval=i)) for i in (0, 1)]
    [0, 0]
    """
    cells = _Cells(records, like, edges_us, records.names["queue"])
    calls, visits = counted(records, from_us)
    if visits["called_back"].any():
        promised_us, queue, kept = calls_back(visits, within_us=like.callback_us)
        cells.add(queue, promised_us, kept)
    asked_us, of_queue, asked = conferences(visits)
    cells.add(of_queue, asked_us, asked)
    visits = line_visits(calls, visits)
    for result, column in ENDED_AS_RESULT.items():
        cells.add(visits["queue"], visits["offered_us"], {column: visits["result"] == RESULTS.index(result)})
    waits = offers(visits, through_queues=False)
    own = visit_columns(waits, thresholds_us=like.thresholds_us, short_us=like.short_us)
    cells.add(waits["queue"], waits["offered_us"], own)
    cells.add_longest(waits, like)
    return cells.sums()


def group_intervals(records: Records, like: Sums, edges_us: NDArray[np.int64], from_us: int = 0) -> dict[str, Sums]:
    """Return, for each agent group, its agents' time by the interval in which it passes, and what they handled by that
    of the offer.

    Parameters and what is returned are as in ``queue_intervals``.

    Examples
    --------
    >>> from ivr.records.count_records import interval_edges, sums
    >>> from ivr.records.tables import empty
    >>> records, edges = empty(horizon_us=10, names={"group": ("desk",)}), interval_edges(10, 5)
    >>> group_intervals(records, sums(records), edges)["desk"].intervals
    2
    """
    cells = _Cells(records, like, edges_us, records.names["group"])
    for name, (begin, end, group) in agent_spans(records).items():
        begin, end = np.clip(begin, from_us, records.horizon_us), np.clip(end, from_us, records.horizon_us)
        for code in range(len(records.names["group"])):
            of = group == code
            run_by_edge = running(begin[of], edges_us) - running(end[of], edges_us)
            cells.values[code, :, COLUMN_INDEX[name]] = np.diff(run_by_edge)
    dialled_us, group, made = outbound_counts(records.outbound, from_us)
    cells.add(group, dialled_us, made)
    visits = line_visits(*counted(records, from_us))
    worked, times = group_columns(visits)
    cells.add(visits["group"][worked], visits["offered_us"][worked], times)
    waits = offers(visits, through_queues=False)
    own = visit_columns(waits, thresholds_us=like.thresholds_us, short_us=like.short_us)
    grouped, handled = handled_columns(waits, own)
    cells.add(waits["group"][grouped], waits["offered_us"][grouped], handled)
    return cells.sums()


class _Cells:
    """Sums by name and interval that are being collected, shape (names, intervals, len(COLUMNS))."""

    def __init__(self, records: Records, like: Sums, edges_us: NDArray[np.int64], names: Sequence[str]) -> None:
        self.like, self.edges_us, self.names = like, edges_us, tuple(names)
        self.intervals = len(edges_us) - 1
        self.longest_us = [0] * len(names)
        self.values = np.zeros((len(names), self.intervals, len(COLUMNS)), np.int64)
        self.values[:, :, COLUMN_INDEX["replications"]] = records.replications
        self.values[:, :, COLUMN_INDEX["horizon_us"]] = records.replications * np.diff(edges_us)

    def of(self, code: NDArray[np.int64], at_us: NDArray[np.int64]) -> NDArray[np.int64]:
        """The cell of each row, counted over all names and intervals."""
        place = np.clip(np.searchsorted(self.edges_us, at_us, side="right") - 1, 0, self.intervals - 1)
        return np.asarray(code.astype(np.int64) * self.intervals + place, np.int64)

    def add(self, code: NDArray[np.int64], at_us: NDArray[np.int64], columns: Columns) -> None:
        """Add rows to the cell of their name and moment."""
        cell = self.of(code, at_us)
        flat = self.values.reshape(-1, len(COLUMNS))
        for name, column in columns.items():
            flat[:, COLUMN_INDEX[name]] += exact_sums(cell, column, len(flat))

    def add_longest(self, waits: Columns, like: Sums) -> None:
        """Add the longest waits of each queue in each interval, and take those of the whole from `like`."""
        column = COLUMN_INDEX["longest_wait_us"]
        flat = self.values.reshape(-1, len(COLUMNS))
        replications = int(flat[0, COLUMN_INDEX["replications"]])
        cells = self.of(waits["queue"], waits["offered_us"])
        flat[:, column] = longest_waits(waits, cells, replications, len(flat)).sum(axis=0)
        self.longest_us = [like.column("longest_wait_us", like.cell(queue=name)) for name in self.names]

    def sums(self) -> dict[str, Sums]:
        """One for each name, its intervals added up in the first row."""
        each = zip(self.names, self.values, self.longest_us, strict=True)
        return {name: self._sums(values, longest_us) for name, values, longest_us in each}

    def _sums(self, values: NDArray[np.int64], longest_us: int) -> Sums:
        together = values.sum(axis=0)
        together[COLUMN_INDEX["longest_wait_us"]] = longest_us
        together[COLUMN_INDEX["replications"]] = values[0, COLUMN_INDEX["replications"]]
        no_waits = np.zeros((1, len(WAIT_BOUNDS_S) + 1), np.int64)
        return Sums(
            values=np.vstack([together, values]),
            waits=no_waits,
            longest_wait_us=np.zeros(1, np.int64),
            menu_times=no_waits[0],
            queues=(),
            groups=(),
            intervals=self.intervals,
            interval_us=self.like.interval_us,
            threshold_us=self.like.threshold_us,
            short_us=self.like.short_us,
            callback_us=self.like.callback_us,
            thresholds_us=self.like.thresholds_us,
        )
