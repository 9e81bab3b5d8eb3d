"""What a report by intervals tells, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flows.display.numbers import count, duration, share
from flows.display.tables import table
from flows.source.counted import counted
from simulation.calibration.from_intervals import FromIntervals
from simulation.clock.local_time import DAYS
from simulation.report.text_blocks import bullets

__all__ = ["intervals_json", "intervals_text"]


def intervals_text(of: FromIntervals) -> str:
    """Everything as text."""
    calls = sum(float(counts[of.kept].sum()) for counts in of.counts.values())
    lines = [
        f"{of.report.name}: an interval report, {duration(of.report.interval_s)} an interval",
        f"  {counted(len(of.report.rows), 'row')} · {counted(round(calls), 'call')}",
        f"  {of.dates[0]:%a %d %b %Y} to {of.dates[-1]:%a %d %b %Y}",
    ]
    if of.left_out:
        lines += ["", "Days left out", *bullets([f"{one.date:%a %d %b %Y}: {one.why}" for one in of.left_out])]
    lines += ["", "By queue", *table(
        [
            [queue, count(round(float(counts[of.kept].sum()))), _time(of.talk_s[queue]), _time(of.acw_s[queue])]
            for queue, counts in of.counts.items()
        ],
        head=["", "Calls", "Talk", "After-call work"],
    )]  # fmt: skip
    lines += ["", "Calls a day", *table(
        [
            [
                DAYS[w].capitalize(),
                count(round(level.value)),
                f"{level.low:,.0f} to {level.high:,.0f}",
                counted(level.count, "day"),
            ]
            for w, level in enumerate(of.arrivals.level)
            if level.value and level.count
        ]
    )]  # fmt: skip
    if of.abandonment is not None:
        patience = f"; callers are patient for {duration(of.patience_s)} on average" if of.patience_s else ""
        lines += ["", f"Abandoned: {share(of.abandonment)}{patience}"]
    lines += ["", "Assumed, because the report cannot tell", *bullets(list(of.scenario.assumed))]
    return "\n".join(lines)


def _time(value: float) -> str:
    return duration(value) if value else "–"


def intervals_json(of: FromIntervals, wrote: Sequence[str]) -> dict[str, Any]:
    """The stable schema of ``ivr calibrate --json`` on a report by intervals."""
    gamma = of.arrivals.gamma
    return {
        "log": of.report.name,
        "format": of.report.format,
        "interval_s": of.report.interval_s,
        "from": of.dates[0].isoformat(),
        "to": of.dates[-1].isoformat(),
        "left_out": [{"date": one.date.isoformat(), "why": one.why} for one in of.left_out],
        "findings": [finding.as_dict() for finding in of.report.findings],
        "queues": {
            queue: {"calls": float(counts[of.kept].sum()), "talk_s": of.talk_s[queue], "acw_s": of.acw_s[queue]}
            for queue, counts in of.counts.items()
        },
        "calls_a_day": {DAYS[w]: level.value for w, level in enumerate(of.arrivals.level)},
        "busyness_gamma": gamma.value if gamma else None,
        "abandonment": of.abandonment,
        "patience_s": of.patience_s,
        "assumed": list(of.scenario.assumed),
        "files": list(wrote),
    }
