"""Results as tables: a row for each queue, group, interval, day or replication, a column for each measure."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ivr.records.interval_sums import group_intervals, queue_intervals
from ivr.records.measures import MEASURES, Sums, measures
from ivr.records.selection import of_replication
from ivr.records.tables import Records
from simulation.experiment.daily_measures import by_day
from simulation.experiment.estimates import Estimate, estimate

__all__ = ["TABLES", "Row", "result_rows"]

Row = dict[str, object]
"""One row of a table; a measure that cannot be given is missing."""

TABLES = {
    "total": "all calls; one row",
    "queues": "each queue",
    "groups": "each agent group",
    "intervals": "each interval",
    "days": "each date",
    "queue_intervals": "each queue in each interval: waits by the interval of the offer",
    "group_intervals": "each agent group in each interval: agents' time where it passes",
    "replications": "each replication by itself",
    "replication_queues": "each queue in each replication",
}
"""The tables, and what a row of each stands for."""


def result_rows(
    parts: Sequence[Sums],
    *,
    moments: Sequence[dt.datetime] = (),
    edges_us: NDArray[np.int64] | None = None,
    records: Records | None = None,
    confidence: float = 0.95,
) -> dict[str, list[Row]]:
    """Return results as rows, by table as in ``TABLES``.

    A measure that cannot be given for a row (the AHT where nobody was handled) is missing. With several replications,
    each measure has three more columns: ``..._half_width``, Student's t times the standard error, and ``..._low`` and
    ``..._high``, the ends of its confidence interval, which stay within what the measure can be.

    Parameters
    ----------
    parts : sequence of Sums
        One for each replication.
    moments : sequence of datetime, optional
        Clock time at the edges of the intervals, one more than there are intervals; without them there are no tables
        of intervals and days.
    edges_us : numpy.ndarray of int64, shape (intervals + 1,), optional
        The same edges, in microseconds from the beginning of the records.
    records : Records, optional
        The calls of all replications; without them, there are no tables of queues and groups in intervals.
    confidence : float
        Confidence level of the half-widths.

    Returns
    -------
    dict of str to list of Row

    Examples
    --------
    >>> from ivr.records.measures import sums
    >>> from ivr.records.tables import empty
    >>> found = result_rows([sums(empty(names={"queue": ("billing",)}))])
    >>> found["queues"][0]["queue"], found["total"][0]["arrived"]
    ('billing', 0.0)
    """
    queues, groups = parts[0].queues, parts[0].groups
    rows: dict[str, list[Row]] = {
        "total": [_row({}, estimate(parts, confidence=confidence))],
        "queues": [_row({"queue": q}, estimate(parts, queue=q, confidence=confidence)) for q in queues],
        "groups": [_row({"group": g}, estimate(parts, group=g, confidence=confidence)) for g in groups],
    }
    spans = [{"start": a.isoformat(), "end": b.isoformat()} for a, b in itertools.pairwise(moments)]
    if spans:
        rows["intervals"] = [
            _row(span, estimate(parts, interval=i, confidence=confidence)) for i, span in enumerate(spans)
        ]
        dates = [moment.date() for moment in moments[:-1]]
        rows["days"] = [
            _row({"date": date.isoformat()}, found) for date, found in by_day(parts, dates, confidence=confidence)
        ]
    if spans and records is not None and edges_us is not None:
        crossed = _crossed(parts, records, edges_us)
        for table, name in (("queue_intervals", "queue"), ("group_intervals", "group")):
            rows[table] = [
                _row({name: one, **span}, _within(name, estimate(of, interval=i, confidence=confidence)))
                for one, of in crossed[name].items()
                for i, span in enumerate(spans)
            ]
    if len(parts) > 1:
        rows["replications"] = [_plain({"replication": i}, measures(part)) for i, part in enumerate(parts)]
        rows["replication_queues"] = [
            _plain({"replication": i, "queue": q}, measures(part, queue=q))
            for i, part in enumerate(parts)
            for q in queues
        ]
    return {name: rows[name] for name in TABLES if rows.get(name)}


def _crossed(parts: Sequence[Sums], records: Records, edges_us: NDArray[np.int64]) -> dict[str, dict[str, list[Sums]]]:
    """The sums of each queue and group by interval, a list over replications."""
    found: dict[str, dict[str, list[Sums]]] = {"queue": {}, "group": {}}
    from_us = int(edges_us[0])
    for i, part in enumerate(parts):
        own = of_replication(records, i) if len(parts) > 1 else records
        for name, of in (("queue", queue_intervals), ("group", group_intervals)):
            for one, sums in of(own, part, edges_us, from_us).items():
                found[name].setdefault(one, []).append(sums)
    return found


def _within(scope: str, found: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """The measures that a queue, or a group, has."""
    return {name: value for name, value in found.items() if scope in MEASURES[name].scopes}


def _row(keys: Mapping[str, object], found: Mapping[str, Estimate]) -> Row:
    row: Row = dict(keys)
    for name, value in found.items():
        row[name] = value.mean
        if value.half_width is not None:
            row |= {f"{name}_half_width": value.half_width, f"{name}_low": value.low, f"{name}_high": value.high}
    return row


def _plain(keys: Mapping[str, object], found: Mapping[str, float]) -> Row:
    return {**keys, **found}
