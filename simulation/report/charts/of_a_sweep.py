"""The charts of a sweep: the frontier, what matters, and two places against each other."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivr.records.measures import MEASURES
from simulation.experiment.estimates import Estimate
from simulation.experiment.interval_within import interval_within
from simulation.report.charts.chart import GRID, Chart, mark_line
from simulation.report.sweep_text import effect_written, figure_title, figure_written
from simulation.sweeping.effects import Effect
from simulation.sweeping.frontier import OF_THE_ROSTER, Axes
from simulation.sweeping.plan import Place
from simulation.sweeping.result import SweepResult

__all__ = ["sweep_charts"]

_MOST_POINTS = 2000
_MOST_VALUES = 24
_ROW_PX = 52
_FAINT, _STRONG = 0.06, 0.6
"""Opacity of the smallest and the largest figure of a heat map: figures stay readable on both."""


def sweep_charts(found: SweepResult, figures: str, tornado: str) -> tuple[Chart, ...]:
    """In reading order; those for which there are figures."""
    axes = found.axes(figures)
    made = [_frontier(found, axes, figures), _tornado(found, tornado), _heat_map(found, tornado)]
    return tuple(chart for chart in made if chart is not None)


def _format(name: str) -> str:
    unit = MEASURES[name].unit if name in MEASURES else "count" if name in OF_THE_ROSTER else "s"
    return "format:" + {"share": "share", "s": "duration"}.get(unit, "count")


def _axis(name: str, values: list[float]) -> dict[str, Any]:
    low, high = min(values), max(values)
    room = 0.06 * (high - low) or abs(high) * 0.05 or 1.0
    most = 1.0 if name in MEASURES and MEASURES[name].unit == "share" else high + room
    return {
        "type": "value", "name": figure_title(name), "nameLocation": "middle", "nameGap": 30,
        "min": max(low - room, 0.0), "max": min(high + room, most),
        "axisLabel": {"formatter": _format(name), "hideOverlap": True, "showMinLabel": False, "showMaxLabel": False},
    }  # fmt: skip


def _frontier(found: SweepResult, axes: Axes, figures: str) -> Chart | None:
    best = found.frontier(figures)
    cells = [cell for cell, of in found.figures.items() if axes.x in of and axes.y in of]
    if not best:
        return None

    def point(cell: int) -> dict[str, Any]:
        of = found.figures[cell]
        x, y = figure_written(axes.x, of[axes.x]), figure_written(axes.y, of[axes.y])
        name = f"{found.name(cell)}: {figure_title(axes.x).lower()} {x}, {figure_title(axes.y).lower()} {y}"
        return {"name": name, "value": [round(of[axes.x].mean, 6), round(of[axes.y].mean, 6)]}

    others = [cell for cell in cells if cell not in best][:_MOST_POINTS]
    series: list[dict[str, Any]] = [
        _points([point(cell) for cell in others], "neutral", 8, 0.55),
        {
            "type": "line", "silent": True, "symbol": "none", "data": [point(cell)["value"] for cell in best],
            "lineStyle": {"color": "token:accent", "width": 1.5, "type": [5, 4]},
        },
        *(_interval(found, cell, axes) for cell in best),
        _points([point(cell) for cell in best], "accent", 12, 1.0),
    ]  # fmt: skip
    target = found.loaded.scenario.service_level.target if axes.y == "service_level" else None
    ys = [found.figures[cell][axes.y].mean for cell in cells] + ([target] if target is not None else [])
    ys += [end for cell in best for end in _ends(found.figures[cell][axes.y])]
    if target is not None:
        series[1]["markLine"] = mark_line({"yAxis": target}, "target")
        series[1]["markLine"]["label"]["position"] = "insideStartTop"
    option = {
        "grid": GRID | {"left": 44, "bottom": 30, "outerBoundsContain": "all"},
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "xAxis": _axis(axes.x, [found.figures[cell][axes.x].mean for cell in cells]),
        "yAxis": _axis(axes.y, ys) | {"nameGap": 48},
        "series": series,
    }
    rows = tuple(
        (
            found.name(cell),
            figure_written(axes.x, found.figures[cell][axes.x]),
            figure_written(axes.y, found.figures[cell][axes.y]),
        )
        for cell in best
    )
    of = f"{len(best)} of {len(cells)} cells are on the frontier"
    return Chart(
        "frontier", f"{of}: no other is better in both", f"What does {figure_title(axes.y).lower()} cost?"
        if axes.x == "cost" else f"What does {figure_title(axes.y).lower()} take in {figure_title(axes.x).lower()}?",
        option, ("Cell", figure_title(axes.x), figure_title(axes.y)), rows,
        note="Blue: the frontier, with intervals. Grey: cells that another one beats in both. Point at one for its"
        " values.",
        wide=True, height_px=360,
    )  # fmt: skip


def _points(data: list[dict[str, Any]], colour: str, size: int, opacity: float) -> dict[str, Any]:
    style = {"color": f"token:{colour}", "opacity": opacity}
    return {"type": "scatter", "symbolSize": size, "itemStyle": style, "data": data}


def _ends(value: Estimate) -> tuple[float, float]:
    return interval_within(value.mean, value.half_width, value.least, value.most) or (value.mean, value.mean)


def _interval(found: SweepResult, cell: int, axes: Axes) -> dict[str, Any]:
    of = found.figures[cell]
    x, y = of[axes.x].mean, of[axes.y]
    low, high = _ends(y)
    return {
        "type": "line", "silent": True, "symbol": "rect", "symbolSize": [12, 2],
        "data": [[round(x, 6), round(low, 6)], [round(x, 6), round(high, 6)]],
        "lineStyle": {"color": "token:accent", "width": 2}, "itemStyle": {"color": "token:accent"},
    }  # fmt: skip


def _tornado(found: SweepResult, figure: str) -> Chart | None:
    effects = found.effects(figure)
    if not effects:
        return None
    ends = [0.0]
    for one in effects:
        ends += [one.mean - (one.half_width or 0.0), one.mean + (one.half_width or 0.0)]
    low, high = min(ends), max(ends)
    room = 0.05 * (high - low) or 1.0
    series = [part for i, one in enumerate(effects) for part in _bar(figure, i, one, low - room)]
    option = {
        "grid": GRID | {"left": 12, "right": 24, "top": 22},
        "xAxis": {
            "type": "value", "min": low - room, "max": high + room,
            "axisLabel": {"formatter": _format(figure), "hideOverlap": True, "showMinLabel": False,
                          "showMaxLabel": False},
        },
        "yAxis": {"type": "value", "min": -0.7, "max": len(effects) - 0.5, "inverse": True, "show": False},
        "series": series,
    }  # fmt: skip
    first = effects[0]
    title = f"{first.path} matters most: {effect_written(figure, first)} from {first.low} to {first.high}"
    rows = tuple(
        (one.path, one.low, one.high, effect_written(figure, one), f"{100 * one.share:.1f} %") for one in effects
    )
    return Chart(
        "tornado", title, f"What matters for the {figure_title(figure).lower()}?", option,
        ("Place", "From", "To", "Effect", "Explains"), rows,
        note="The effect of each place by itself, with the other places as they are on average, and its interval over"
        " the same days in all cells. Explains: its share of the differences between cells.",
        wide=True, height_px=_ROW_PX * len(effects) + 50,
    )  # fmt: skip


def _bar(figure: str, row: int, one: Effect, left: float) -> list[dict[str, Any]]:
    half = one.half_width or 0.0
    return [
        {
            "type": "line", "silent": True, "symbol": "none", "data": [[0, row], [round(one.mean, 6), row]],
            "lineStyle": {"color": "token:accent", "width": 14, "cap": "butt", "opacity": 0.6},
        },
        {
            "type": "line", "silent": True, "symbol": "rect", "symbolSize": [2, 14],
            "data": [[round(one.mean - half, 6), row], [round(one.mean + half, 6), row]],
            "lineStyle": {"color": "token:ink", "width": 1.5}, "itemStyle": {"color": "token:ink"},
        },
        {
            "type": "scatter", "symbolSize": 0.1, "silent": True, "zlevel": 1, "data": [[left, row]],
            "label": {
                "show": True, "position": "right", "offset": [-6, -18], "color": "token:ink", "fontSize": 12.5,
                "backgroundColor": "token:surface", "padding": [2, 3],
                "formatter": f"{one.path}, {one.low} → {one.high}:  {effect_written(figure, one)}",
            },
        },
    ]  # fmt: skip


def _heat_map(found: SweepResult, figure: str) -> Chart | None:
    """Two places against each other, in a grid: those that matter most, averaged over the others."""
    order = [one.path for one in found.effects(figure)]
    places = sorted(found.plan.places, key=lambda place: order.index(place.path) if place.path in order else 99)[:2]
    if found.plan.is_sample or len(places) < 2 or any(p.values.count > _MOST_VALUES for p in places):
        return None
    (x, columns), (y, rows) = ((place, _values(place)) for place in sorted(places, key=lambda p: -p.values.count))
    means = _averages(found, figure, (x, y))
    known = [value for value in means.values() if value is not None]
    low, high = min(known), max(known)
    series = []
    for text in columns:
        data = []
        for row in rows:
            value = means[text, row]
            shade = _FAINT if value is None else _FAINT + (_STRONG - _FAINT) * (value - low) / ((high - low) or 1.0)
            said = "–" if value is None else figure_written(figure, Estimate(value), interval=False)
            data.append(
                {"value": 1, "name": f"{x.path}={text}, {y.path}={row}: {said}", "label": {"formatter": said},
                 "itemStyle": {"opacity": round(shade, 3)}}
            )  # fmt: skip
        series.append(
            {"type": "bar", "stack": "all", "barCategoryGap": "2%", "data": data,
             "itemStyle": {"color": "token:accent", "borderColor": "token:surface", "borderWidth": 2},
             "label": {"show": len(columns) <= 10, "position": "inside", "color": "token:ink", "opacity": 1},
             "labelLayout": {"hideOverlap": True}}
        )  # fmt: skip
    best = max(means, key=lambda at: -np.inf if means[at] is None else float(means[at] or 0.0))
    rest = "" if len(found.plan.places) == 2 else " Averaged over the other places."
    option = {
        "grid": GRID | {"bottom": 34, "outerBoundsContain": "all"},
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "xAxis": {
            "type": "value", "min": 0, "max": len(columns), "interval": 1, "name": _of(x, columns),
            "nameLocation": "middle", "nameGap": 12, "axisLabel": {"show": False}, "splitLine": {"show": False},
        },
        "yAxis": {"type": "category", "data": rows},
        "series": series,
    }  # fmt: skip
    return Chart(
        "heat-map", f"The largest {figure_title(figure).lower()} is at {x.path}={best[0]}, {y.path}={best[1]}",
        f"How do {x.path} and {y.path} work together?", option, (y.path, *(f"{x.path}={text}" for text in columns)),
        tuple(
            (row, *("–" if means[text, row] is None else figure_written(figure, Estimate(means[text, row] or 0.0))
                    for text in columns))
            for row in rows
        ),
        note=f"Darker is more.{rest}", wide=True, height_px=44 * len(rows) + 70,
    )  # fmt: skip


def _values(place: Place) -> list[str]:
    return [place.values.text(i) for i in range(place.values.count)]


def _of(place: Place, texts: list[str]) -> str:
    return f"{place.path}, from left to right: {', '.join(texts)}"


def _averages(found: SweepResult, figure: str, places: tuple[Place, Place]) -> dict[tuple[str, str], float | None]:
    """The mean figure of all cells with two values."""
    at = [found.plan.places.index(place) for place in places]
    met: dict[tuple[str, str], list[float]] = {(x, y): [] for x in _values(places[0]) for y in _values(places[1])}
    for cell, of in found.figures.items():
        if figure in of:
            met[found.plan.cells[cell][at[0]], found.plan.cells[cell][at[1]]].append(of[figure].mean)
    return {key: float(np.mean(values)) if values else None for key, values in met.items()}
