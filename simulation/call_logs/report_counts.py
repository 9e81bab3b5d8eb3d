"""The counts and the agents of a report by intervals, with its holes filled."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable

import numpy as np

from simulation.arrays import Flags, Floats
from simulation.call_logs.log import IntervalReport, ReportRow
from simulation.clock.local_rows import mean_of_both

__all__ = ["report_agents", "report_counts"]

_HOLE_S = 4 * 3600
"""A longer stretch without rows is a time in which the line is closed, or an outage."""


def report_counts(report: IntervalReport) -> tuple[tuple[str, ...], tuple[dt.date, ...], Floats]:
    """Queues, dates, and f8[queues, days, intervals]: the calls offered.

    An interval that is missing between two others of a day, as K010 reports it, is not a quiet one: it has the mean of
    that interval on the other days of the same weekday, or of the two beside it if there are none.
    One that the clock shows twice has the mean of its two rows.

    Parameters
    ----------
    report : IntervalReport

    Examples
    --------
    A row is missing at 01:00 on the first of two Mondays; the second has 6 calls then.

    >>> from simulation.call_logs.log import ReportRow
    >>> rows = [(1, 0, 4), (1, 2, 4), (8, 0, 5), (8, 1, 6), (8, 2, 5)]
    >>> rows = tuple(ReportRow(dt.datetime(2026, 6, day, hour), "desk", calls) for day, hour, calls in rows)
    >>> report_counts(IntervalReport("desk", "interval_report", rows, 3600.0, "UTC"))[2][0, [0, 7], :4].tolist()
    [[4.0, 6.0, 4.0, 0.0], [5.0, 6.0, 5.0, 0.0]]
    """
    queues = tuple(dict.fromkeys(row.queue for row in report.rows))
    dates, counts = _filled(report, queues, lambda row: row.offered)
    return queues, dates, counts


def report_agents(report: IntervalReport) -> dict[str, Floats]:
    """The agents of each queue that says how many, f8[days, intervals]; in a hole as many as `report_counts` would say.

    Parameters
    ----------
    report : IntervalReport

    Examples
    --------
    >>> from simulation.call_logs.log import ReportRow
    >>> rows = [ReportRow(dt.datetime(2026, 6, 1, hour), "desk", 9, agents=2 + hour) for hour in (0, 2)]
    >>> report_agents(IntervalReport("desk", "interval_report", tuple(rows), 3600.0, "UTC"))["desk"][0, :4].tolist()
    [2.0, 3.0, 4.0, 0.0]
    """
    queues = tuple(dict.fromkeys(row.queue for row in report.rows if row.agents is not None))
    return dict(zip(queues, _filled(report, queues, lambda row: row.agents)[1], strict=True))


def _filled(
    report: IntervalReport, queues: tuple[str, ...], value: Callable[[ReportRow], float | None]
) -> tuple[tuple[dt.date, ...], Floats]:
    """Dates, and f8[queues, days, intervals] with the holes filled."""
    first, last = report.rows[0].begins.date(), report.rows[-1].begins.date()
    dates = tuple(first + dt.timedelta(days=day) for day in range((last - first).days + 1))
    counts = np.zeros((len(queues), len(dates), max(round(86_400 / report.interval_s), 1)))
    told = np.zeros(counts.shape, dtype=np.int64)
    for row in report.rows:
        number = value(row)
        if number is None:
            continue
        at = row.begins
        place = int((at.hour * 3600 + at.minute * 60) // report.interval_s)
        cell = queues.index(row.queue), (at.date() - first).days, place
        counts[cell] += number
        told[cell] += 1
    for of, rows in zip(counts, told, strict=True):
        of[:] = mean_of_both(of, rows, dates, report.interval_s, report.zone)
        _fill(of, rows > 0, round(_HOLE_S / report.interval_s))
    return dates, counts


def _fill(counts: Floats, told: Flags, most: int) -> None:
    """Fill the holes of a queue's days in place."""
    before = counts.copy()
    for day, known in enumerate(told):
        same = slice(day % 7, None, 7)
        for begin, end in itertools.pairwise(np.flatnonzero(known).tolist()):
            if not 1 < end - begin <= most:
                continue
            for place in range(begin + 1, end):
                others = before[same, place][told[same, place]]
                counts[day, place] = others.mean() if len(others) else before[day, [begin, end]].mean()
