"""A report on records as text for a terminal: aligned, with units, at most 80 columns wide."""

from __future__ import annotations

from collections.abc import Mapping

from flows.display.numbers import count, share
from flows.display.tables import table
from ivr.records.measures import MEASURES
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import written
from simulation.experiment.verdict import against_target
from simulation.report.costs_table import costs_heading, costs_lines
from simulation.report.data import ReportData
from simulation.report.text_blocks import WIDTH, Paint, paragraph, queue_targets, time_table

__all__ = ["report_text"]

_OVERALL = (
    "arrived",
    "offered",
    "handled",
    "service_level",
    "asa_s",
    "mean_wait_s",
    "abandonment",
    "aht_s",
    "menu_s",
    "key_presses",
    "share_zero_out",
    "containment",
    "share_abandoned_in_menu",
)
_IF_ANY = (
    "full",
    "paused_agents",
    "handed_over",
    "handed_over_wait_s",
    "callbacks_promised",
    "promise_wait_s",
    "callback_reached_share",
    "callback_level",
    "callback_wait_s",
    "conferences_asked",
    "conferences_joined",
    "conference_wait_s",
    "concurrency",
    "slot_occupancy",
    "outbound_made",
    "outbound_reached",
    "outbound_occupancy",
)
_BY_QUEUE = ("offered", "service_level", "asa_s", "abandonment", "aht_s")


def report_text(shown: ReportData, *, full: bool = False, paint: Paint = str, width: int = WIDTH) -> str:
    """Return a report as text.

    Parameters
    ----------
    shown : ReportData
    full : bool
        Whether each interval has a line even over several days; if not, each day and each time of day has one.
    paint : callable
        Colours a verdict for a terminal.
    width : int
        Columns of the terminal.

    Examples
    --------
    >>> from ivr.records.measures import sums
    >>> from ivr.records.tables import empty
    >>> from simulation.report.data import report_data
    >>> print(report_text(report_data([sums(empty(horizon_us=10))], title="Monday", subtitle="0 calls", source="live")))
    Monday
    Live calls · 0 calls
    <BLANKLINE>
    No calls yet.
    """
    kind = "Simulated calls" if shown.source == "simulated" else "Live calls"
    about = " · ".join(part for part in (kind, shown.subtitle) if part)
    lines = [shown.title, *([about] if len(about) <= width else about.rsplit(" · ", 1)), ""]
    if not shown.overall["arrived"].mean:
        return "\n".join([*lines, "No calls yet."])
    names = [*_OVERALL, *(name for name in _IF_ANY if name in shown.overall and shown.overall[name].mean)]
    lines += table([[MEASURES[name].title, _cell(name, shown.overall)] for name in names if name in shown.overall])
    if shown.by_queue:
        rows = [[queue, *(_cell(name, of) for name in _BY_QUEUE)] for queue, of in shown.by_queue.items()]
        lines += ["", "By queue", *table(rows, head=["", *(MEASURES[name].title for name in _BY_QUEUE)])]
    lines += costs_lines(shown.overall, costs_heading(shown.currency, shown.replications), width)
    for note in shown.cost_notes:
        lines += paragraph(note, min(width, WIDTH))
    lines += _over_time(shown, full=full, width=width)
    lines += [
        "",
        "How calls end",
        *table([[name.replace("_", " "), count(calls)] for name, calls in shown.outcomes.items() if calls]),
    ]
    lines += ["", f"Service level: handled within {shown.within}, of all who did not hang up by then."]
    if shown.target_share is not None and "service_level" in shown.overall:
        met = against_target(shown.overall["service_level"], shown.target_share)
        lines.append(f"The target of {share(shown.target_share)} is {paint(met)}.")
    lines += [line.strip() for line in queue_targets(shown.queue_levels, paint, width)]
    return "\n".join(lines)


def _over_time(shown: ReportData, *, full: bool, width: int) -> list[str]:
    """A line per interval; over several days, a line per day and per time of day unless `full`."""
    if full or not shown.by_day:
        return (
            ["", "By interval", *time_table(list(zip(shown.labels[:-1], shown.by_interval, strict=True)), width=width)]
            if len(shown.by_interval) > 1
            else []
        )
    days = [(f"{date:%a %d %b %Y}", values) for date, values in shown.by_day]
    times = [(f"{one.time:%H:%M}", one.measures) for one in shown.by_time]
    return [
        "",
        "By day",
        *time_table(days, width=width),
        "",
        "By time of day: mean calls per day, shares over all days",
        *time_table(times, places=1, width=width),
        f"  --full prints all {len(shown.by_interval)} intervals",
    ]


def _cell(name: str, values: Mapping[str, Estimate]) -> str:
    return written(name, values[name], interval=False) if name in values else "–"
