"""Volumes from a report by intervals in place of those of a log: a switch keeps counts for longer than calls."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from flows.display.numbers import duration
from flows.source.finding import usage_error
from simulation.calibration.arrivals import estimate_arrivals
from simulation.calibration.calibration import Calibration
from simulation.calibration.outages import days_left_out
from simulation.calibration.volumes import Volumes
from simulation.call_logs.log import IntervalReport
from simulation.call_logs.report_counts import report_counts

__all__ = ["with_volumes"]


def with_volumes(
    of: Calibration, report: IntervalReport, *, until: dt.date | None = None, confidence: float = 0.95
) -> Calibration:
    """Estimate how many call, and when, from a report; everything else stays as the log tells it.

    Parameters
    ----------
    of : Calibration
    report : IntervalReport
        All its queues together.
    until : date, optional
        The last of its days to use.
    confidence : float

    Raises
    ------
    UsageError
        When its intervals do not make up those of the day, or it has no day up to `until`.
    """
    rows = tuple(row for row in report.rows if until is None or row.begins.date() <= until)
    if not rows:
        raise usage_error("X005", f"{report.name} has no day up to {until}", "give a later --to, or another report")
    many = of.days.interval_s / report.interval_s
    if many != round(many) or many < 1:
        raise usage_error(
            "X005",
            f"{report.name} counts by {duration(report.interval_s)}, and the day is cut into intervals of"
            f" {duration(of.days.interval_s)}",
            f"take --interval {report.interval_s / 60:g}m",
        )
    _, dates, by_queue = report_counts(replace(report, rows=rows))
    counts = by_queue.sum(axis=0)
    counts = counts.reshape(len(counts), -1, round(many)).sum(axis=2)
    kept, _ = days_left_out(dates, counts, of.days.interval_s)
    weekday = np.array([date.weekday() for date in dates])
    total, place = counts.sum(axis=1), {date: day for day, date in enumerate(dates)}
    both = [(place[date], day) for day, date in enumerate(of.days.dates) if date in place and of.kept[day]]
    volumes = Volumes(
        report.name,
        int(kept.sum()),
        round(total[kept].sum()),
        len(both),
        round(sum(total[day] for day, _ in both)),
        round(sum(of.counts[day].sum() for _, day in both)),
    )
    return replace(of, arrivals=estimate_arrivals(counts, weekday, kept, confidence=confidence), volumes=volumes)
