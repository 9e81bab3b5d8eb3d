"""The charts of a comparison: a point and its interval for each scenario, and a title that names the best."""

from __future__ import annotations

from typing import Any

from flows.display.numbers import share
from flows.display.theme import queue_hue
from ivr.records.measures import MEASURES
from simulation.experiment.format_estimate import bounds, without_interval, written
from simulation.experiment.verdict import verdict
from simulation.report.charts.chart import GRID, Chart, bare_axis, mark_line
from simulation.report.data import Comparison, Variant

__all__ = ["QUESTIONS", "comparison_chart", "label_above"]

QUESTIONS = {
    "service_level": "Who answers in time?",
    "asa_s": "Where do answered callers wait least?",
    "abandonment": "Where do fewest hang up?",
    "occupancy": "How busy are the agents?",
}
_PRAISE = {
    "service_level": "highest service level",
    "asa_s": "shortest wait of answered callers",
    "abandonment": "fewest callers hang up",
}


def comparison_chart(report: Comparison, name: str) -> Chart:
    """Return the chart of one measure: all scenarios on one scale.

    Parameters
    ----------
    report : Comparison
    name : str
        A measure that every scenario has; one of `QUESTIONS`.
    """
    values = [variant.overall[name] for variant in report.variants]
    unit = {"share": "share", "s": "duration"}.get(MEASURES[name].unit, "count")
    ends = [bounds(name, value) or (value.mean, value.mean) for value in values]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    room = 0.06 * (high - low) or 0.01
    left, right = max(low - room, 0.0), min(high + room, 1.0) if unit == "share" else high + room
    series: list[dict[str, Any]] = []
    for i, (variant, value, interval) in enumerate(zip(report.variants, values, ends, strict=True)):
        series += _marks(i, variant.name, value.mean, interval)
        series.append(label_above(i, f"{variant.name}:  {written(name, value)}", left))
    target = report.target_share if name == "service_level" else None
    if target is not None and left <= target <= right:
        line = mark_line({"xAxis": target}, f"target {share(target)}")
        line["label"]["position"] = "start"
        series[0]["markLine"] = line  # in a series drawn below the names, which the line may cross
    option = {
        "grid": GRID | {"left": 12, "right": 24, "top": 26},
        "xAxis": bare_axis(left, right, unit),
        "yAxis": {"type": "value", "min": -0.8, "max": len(values) - 0.6, "inverse": True, "show": False},
        "series": series,
    }
    return Chart(
        name.replace("_", "-"),
        _title(report, name),
        QUESTIONS[name],
        option,
        ("Scenario", MEASURES[name].title),
        tuple((variant.name, written(name, variant.overall[name])) for variant in report.variants),
        height_px=max(48 * len(values) + 64, 208),
    )


def _marks(row: int, name: str, mean: float, interval: tuple[float, float]) -> list[dict[str, Any]]:
    """A scenario's interval as a bar, and its mean as a point."""
    colour = f"token:{queue_hue(row)}"
    return [
        {
            "type": "line",
            "silent": True,
            "symbol": "rect",
            "symbolSize": [2, 14],
            "data": [[end, row] for end in interval],
            "lineStyle": {"color": colour, "width": 2},
            "itemStyle": {"color": colour},
        },
        {
            "name": name,
            "type": "scatter",
            "symbolSize": 12,
            "silent": True,
            "data": [[mean, row]],
            "itemStyle": {"color": colour, "opacity": 1},
        },
    ]


def label_above(row: int, text: str, left: float) -> dict[str, Any]:
    """The option of a name and its value, above the bar of a row."""
    return {
        "type": "scatter",
        "symbolSize": 0.1,
        "silent": True,
        "zlevel": 1,
        "itemStyle": {"opacity": 1},
        "data": [[left, row]],
        "label": {
            "show": True,
            "position": "right",
            "offset": [-6, -18],
            "color": "token:ink",
            "fontSize": 12.5,
            "backgroundColor": "token:surface",
            "padding": [2, 3],
            "formatter": text,
        },
    }


def _title(report: Comparison, name: str) -> str:
    """Name the best scenario, but only if it differs clearly from the baseline."""
    measure, baseline = MEASURES[name], report.variants[0]
    if len(report.variants) == 1:
        return f"{measure.title}: {_said(name, baseline)}"
    ordered = sorted(
        report.variants, key=lambda variant: variant.overall[name].mean, reverse=measure.better == "higher"
    )
    if not measure.better:  # occupancy: neither high nor low is better in itself
        low, high = _said(name, ordered[0]), _said(name, ordered[-1])
        if low == high:
            return f"Agents are busy {low} of their time"
        return f"Agents are busy {low} to {high} of their time, depending on the scenario"
    verdicts = [verdict(name, variant.difference[name]) for variant in ordered if variant.difference]
    clear = [
        variant for variant in ordered if variant.difference and verdict(name, variant.difference[name]) == "better"
    ]
    if set(verdicts) == {"worse"}:
        return f"{baseline.name}: {_PRAISE[name]}, {_said(name, baseline)}"
    if not clear:
        return f"{measure.title}: " + (
            "one replication cannot tell the scenarios apart"
            if set(verdicts) == {"cannot tell"}
            else f"no scenario is clearly better than {baseline.name}"
        )
    if clear[0] is ordered[0]:
        return f"{clear[0].name}: {_PRAISE[name]}, {_said(name, clear[0])}"
    return f"{measure.title}: {' and '.join(variant.name for variant in clear)} clearly better than {baseline.name}"


def _said(name: str, variant: Variant) -> str:
    return without_interval(written(name, variant.overall[name]))
