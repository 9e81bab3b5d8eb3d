"""A new menu beside the old one on a page: a waterfall of the difference, and its causes in a table."""

from __future__ import annotations

from html import escape
from typing import Any

from ivr.records.measures import MEASURES
from simulation.experiment.day_spread import SPREAD, DaySpread
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import without_interval, written
from simulation.experiment.verdict import verdict
from simulation.flow_comparison.result import CAUSES, FlowComparison
from simulation.report.charts.chart import GRID, Chart, bare_axis
from simulation.report.charts.of_a_comparison import label_above
from simulation.report.data import Comparison
from simulation.report.flows_text import agents_sentence, change_written, seconds_sentence
from simulation.report.page import half_width, prose, sheet, table

__all__ = ["days_sheet", "flow_sheet", "waterfalls"]

_SHOWN = ("menu_and_wait_s", "containment", "service_level", "asa_s", "cost", "net_value")
_DRAWN = ("cost", "net_value", "menu_and_wait_s", "service_level")
_QUESTIONS = {
    "cost": "Why does it cost more or less?",
    "net_value": "Why is it worth more or less?",
    "menu_and_wait_s": "Why do callers take more or less time?",
    "service_level": "Why is the service better or worse?",
}
_UNITS = {"share": "share", "s": "duration"}


def flow_sheet(found: FlowComparison, currency: str) -> str:
    """Return what a new menu saves, and the causes as a table."""
    title = f"The menus of {found.new} instead of those of {found.old}"
    if found.refused:
        return sheet(title, f"<p>{prose(f'Not taken apart: {found.refused}. {found.hint}')}</p>")
    names = [name for name in _SHOWN if name in found.before and name in found.after]
    ends = {
        name: [half_width(written(m, of[m])) for m in names]
        for name, of in ((found.old, found.before), (found.new, found.after))
    }
    rows = [[escape(found.old), *ends[found.old]]]
    for cause, of in found.causes.items():
        cells = [half_width(change_written(m, of[m])) if m in of else "–" for m in names]
        rows.append([escape(CAUSES[cause].capitalize()), *cells])
    rows.append([escape(found.new), *ends[found.new]])
    note = (
        f"{agents_sentence(found, currency)} {seconds_sentence(found)} Each cause is what it adds on the same callers,"
        " averaged over all orders of change; together they are the whole difference."
    )
    return sheet(title, table(("", *(MEASURES[name].title for name in names)), rows), note=note)


def days_sheet(report: Comparison) -> str:
    """Return how the days of each scenario differ; empty for a single day."""
    names = [name for name in SPREAD if all(name in v.days and v.days[name].days > 1 for v in report.variants)]
    if not names:
        return ""

    def cell(name: str, of: DaySpread) -> str:
        return " / ".join(escape(written(name, Estimate(at), interval=False)) for at in (of.p10, of.p50, of.p90))

    rows = [[escape(v.name), *(cell(name, v.days[name]) for name in names)] for v in report.variants]
    note = "A tenth / half / nine tenths of the days are at most this."
    return sheet("How the days differ", table(("Scenario", *(MEASURES[name].title for name in names)), rows), note=note)


def waterfalls(found: FlowComparison) -> list[Chart]:
    """Return the waterfalls of what differs: from the old value, cause by cause, to the new."""
    if found.refused:
        return []
    names = [
        name
        for name in _DRAWN
        if name in found.before and name in found.after and all(name in of for of in found.causes.values())
    ]
    drawn = [name for name in names if any(_tells(name, of[name]) for of in found.causes.values())]
    return [_waterfall(found, name) for name in drawn]


def _tells(name: str, value: Estimate) -> bool:
    """Whether a cause adds something that is not chance, as far as one can tell."""
    return abs(value.mean) > 1e-9 and verdict(name, value) != "no clear difference"


def _waterfall(found: FlowComparison, name: str) -> Chart:
    level = found.before[name].mean
    steps: list[tuple[str, float, float, str, str]] = [
        (found.old, level, level, "neutral", written(name, found.before[name], interval=False))
    ]
    for cause, of in found.causes.items():
        begin, level = level, level + of[name].mean
        word = verdict(name, of[name])
        colour = {"better": "good", "worse": "harm"}.get(word, "accent")
        steps.append((CAUSES[cause], begin, level, colour, without_interval(change_written(name, of[name]))))
    last = found.after[name].mean
    steps.append((found.new, last, last, "neutral", written(name, found.after[name], interval=False)))
    ends = [end for _, begin, until, _, _ in steps for end in (begin, until)]
    room = 0.08 * (max(ends) - min(ends)) or 0.01
    left, right = min(ends) - room, max(ends) + room
    series: list[dict[str, Any]] = []
    for i, (label, begin, until, colour, text) in enumerate(steps):
        series += _step(i, begin, until, colour)
        series.append(label_above(i, f"{label}:  {text}", left))
        if i:
            series.append(_link(i, begin))
    unit = _UNITS.get(MEASURES[name].unit, "count")
    option = {
        "grid": GRID | {"left": 12, "right": 24, "top": 26},
        "xAxis": bare_axis(left, right, unit),
        "yAxis": {"type": "value", "min": -0.8, "max": len(steps) - 0.6, "inverse": True, "show": False},
        "series": series,
    }
    rows = [(label, text) for label, _, _, _, text in steps]
    return Chart(
        f"waterfall-{name.replace('_', '-')}-{found.new}",
        f"{MEASURES[name].title}: {rows[0][1]} with {found.old}, {rows[-1][1]} with {found.new}",
        _QUESTIONS[name],
        option,
        ("Step", MEASURES[name].title),
        tuple(rows),
        "Bars begin where the one above ends. The axis need not begin at 0.",
        height_px=48 * len(steps) + 64,
    )


def _step(row: int, begin: float, until: float, colour: str) -> list[dict[str, Any]]:
    """A bar from one value to another, or a point where both are one."""
    style = {"color": f"token:{colour}"}
    if begin == until:
        return [
            {
                "type": "scatter",
                "symbol": "diamond",
                "symbolSize": 13,
                "silent": True,
                "data": [[until, row]],
                "itemStyle": style | {"opacity": 1},
            }
        ]
    return [
        {
            "type": "line",
            "silent": True,
            "symbol": "none",
            "data": [[begin, row], [until, row]],
            "lineStyle": style | {"width": 14, "cap": "butt"},
            "itemStyle": style,
        }
    ]


def _link(row: int, at: float) -> dict[str, Any]:
    """A thin line from the step above to this one."""
    return {
        "type": "line",
        "silent": True,
        "symbol": "none",
        "data": [[at, row - 1], [at, row]],
        "lineStyle": {"color": "token:neutral", "width": 1, "type": [3, 3]},
    }
