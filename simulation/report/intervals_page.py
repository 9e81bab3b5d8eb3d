"""The page of a report by intervals: its profile, and what is assumed."""

from __future__ import annotations

from flows.display.theme import queue_dash, queue_hue
from simulation.calibration.arrivals import weekday_names
from simulation.calibration.from_intervals import FromIntervals
from simulation.report.backtest_text import clock_label
from simulation.report.calibration_page import framed
from simulation.report.charts.chart import Chart
from simulation.report.charts.lines import Line, lines_chart
from simulation.report.page import assumed

__all__ = ["intervals_chart", "intervals_page"]


def intervals_chart(of: FromIntervals) -> Chart:
    """When callers call, by days of the week."""
    expected, interval_s = of.arrivals.expected, of.report.interval_s
    labels = [clock_label(i * interval_s) for i in range(expected.shape[1])]
    lines = [
        Line(weekday_names(group), queue_hue(i), expected[list(group)].mean(axis=0).tolist(), queue_dash(i))
        for i, group in enumerate(of.arrivals.groups)
    ]
    peak = int(expected.max(axis=0).argmax())
    return lines_chart(
        "profiles",
        f"Most calls come at {labels[peak]}",
        "When do callers call?",
        labels,
        lines,
        [[labels[i], *(f"{line.values[i] or 0:.1f}" for line in lines)] for i in range(len(labels))],
        unit="count",
        first="Interval",
        note="Expected calls in an interval.",
        wide=True,
    )


def intervals_page(of: FromIntervals) -> str:
    """Return one self-contained HTML page."""
    subtitle = f"{of.dates[0]:%a %d %b %Y} to {of.dates[-1]:%a %d %b %Y}"
    return framed(f"What {of.report.name} tells", subtitle, (intervals_chart(of),), [assumed(of.scenario.assumed)])
