"""The page of a back-test: the verdict, and real beside simulated day by day and over the day."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from flows.source.counted import counted
from simulation.backtesting.backtest import Backtest
from simulation.backtesting.figures import FIGURES
from simulation.backtesting.judged import Judged
from simulation.backtesting.spread import Spread
from simulation.backtesting.verdict import verdict
from simulation.report.backtest_text import clock_label
from simulation.report.calibration_page import framed
from simulation.report.calibration_text import figure_text
from simulation.report.charts.chart import Chart
from simulation.report.charts.lines import Line, lines_chart
from simulation.report.page import prose, sheet, table

__all__ = ["backtest_charts", "backtest_page"]

_DRAWN = {
    "offered": ("How many callers join a queue?", "count"),
    "abandonment": ("How many give up?", "share"),
    "mean_wait_s": ("How long do they wait?", "duration"),
    "no_wait": ("How many do not wait?", "share"),
}


def backtest_charts(of: Backtest) -> tuple[Chart, ...]:
    """Real and simulated by day, then over the day."""
    days = [i for i, kept in enumerate(of.kept) if kept and of.real.by_day[i].get("offered")]
    times = [i for i, real in enumerate(of.real.by_time) if real.get("offered")]
    return (
        *_charts(of, "day", [f"{of.dates[i]:%a %d %b}" for i in days], [of.real.by_day[i] for i in days],
                 [of.chosen.by_day[i] for i in days]),
        *_charts(of, "time", [clock_label(i * of.interval_s) for i in times], [of.real.by_time[i] for i in times],
                 [of.chosen.by_time[i] for i in times]),
    )  # fmt: skip


def backtest_page(of: Backtest) -> str:
    """Return one self-contained HTML page."""
    charts = backtest_charts(of)
    sentences = "".join(f"<li>{prose(sentence)}</li>" for sentence in verdict(of)[1:])
    first = [_whole(of)]
    if sentences:
        first.insert(0, sheet("What explains it", f"<ul>{sentences}</ul>"))
    parts = [_changes(of)]
    if of.left_out:
        items = "".join(f"<li>{prose(f'{one.date:%a %d %b %Y}: {one.why}')}</li>" for one in of.left_out)
        parts.append(sheet("Days left out", f"<ul>{items}</ul>"))
    subtitle = f"{of.dates[0]:%a %d %b %Y} to {of.dates[-1]:%a %d %b %Y} · {counted(of.replications, 'replication')}"
    return framed(f"{of.name}: simulated and real", subtitle, charts, parts, lead=verdict(of)[0], first=first)


def _charts(
    of: Backtest,
    by: str,
    labels: Sequence[str],
    real: Sequence[Mapping[str, float]],
    said: Sequence[Mapping[str, Spread]],
) -> list[Chart]:
    charts = []
    for name, (question, unit) in _DRAWN.items():
        spreads = [spread.get(name, Spread(0.0, 0.0, 0.0)) for spread in said]
        values = [found.get(name) for found in real]
        inside = sum(
            value is not None and spread.low <= value <= spread.high
            for value, spread in zip(values, spreads, strict=True)
        )
        title = f"{inside} of {len(labels)} {'days' if by == 'day' else 'intervals'} lie where 95 % should"
        rows = [
            [label, figure_text(name, value) if value is not None else "–", figure_text(name, spread.mean)]
            for label, value, spread in zip(labels, values, spreads, strict=True)
        ]
        lines = [
            Line("real", "ink", values),
            Line("simulated", "accent", [s.mean for s in spreads], (5, 4), [s.low for s in spreads],
                 [s.high for s in spreads]),
        ]  # fmt: skip
        charts.append(
            lines_chart(f"{by}-{name}", f"{FIGURES[name].title}: {title}", question, labels, lines, rows, unit=unit,
                        first=by.capitalize(), note="The band holds 95 % of simulated days.")
        )  # fmt: skip
    return charts


def _whole(of: Backtest) -> str:
    cells = []
    for one in of.judged:
        said = f"{figure_text(one.name, one.said.mean)} ({figure_text(one.name, one.said.low)} to"
        said += f" {figure_text(one.name, one.said.high)})"
        forecast = of.forecast.whole.get(one.name)
        row = [escape(FIGURES[one.name].title), figure_text(one.name, one.real)]
        row += [figure_text(one.name, forecast.mean) if forecast else "–"] if of.use else []
        cells.append([*row, escape(said), escape(str(one.limit)), _mark(one)])
    own = f"With their {' and '.join(of.use)}" if of.use else "Forecast"
    return sheet(
        "All days together", table(("", "Real", *(["Forecast"] if of.use else []), own, "May be off by", ""), cells)
    )


def _mark(one: Judged) -> str:
    if math.isinf(one.limit.most):
        return escape(one.mark)
    if one.fits:
        return f'<span class="met">✓ fits</span> ({escape(one.off)})'
    if one.inside:
        return f"{escape(one.mark)} ({escape(one.off)})"
    return f'<span class="missed">✗ {escape(one.words)}</span>'


def _changes(of: Backtest) -> str:
    if not of.changes:
        return ""
    names = ("offered", "abandonment", "no_wait", "wait_p80_s", "wait_p95_s")
    shown = [("Real", of.real.whole), ("Forecast", _means(of.forecast.whole))]
    shown += [(f"Their {change.name}", _means(change.figures)) for change in of.changes]
    shown += [("All of them", _means(of.all_own))] if of.all_own else []
    shown += [(f"Their {' and '.join([*of.use, change.name])}", _means(change.figures)) for change in of.further]
    cells = [
        [escape(title), *(figure_text(name, found[name]) if name in found else "–" for name in names)]
        for title, found in shown
    ]
    return sheet("One input of these days at a time", table(("", *(FIGURES[name].title for name in names)), cells))


def _means(found: Mapping[str, Spread]) -> dict[str, float]:
    return {name: spread.mean for name, spread in found.items()}
