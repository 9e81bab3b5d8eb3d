"""The charts of a report: each answers one question and says the answer in its title.

A chart is data: an ECharts option in which ``"token:NAME"`` stands for a colour
of ``flows.display.theme`` and ``"format:NAME"`` for a way to write numbers (both filled
in by ``assets/report.js``), and the same figures as a table.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flows.display.numbers import count, duration, share
from flows.display.theme import MEANINGS, queue_dash, queue_hue
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import bounds, written
from simulation.report.chart_titles import (
    ENDS,
    menu_title,
    outcomes_title,
    reaches,
    service_title,
    staffing_title,
    stages_title,
    wait_title,
    waits_title,
)
from simulation.report.data import ReportData

__all__ = ["Chart", "charts"]


@dataclass(frozen=True)
class Chart:
    """One chart.

    Parameters
    ----------
    key : str
        Its id in the page.
    title : str
        The answer, a sentence.
    question : str
        What it answers, shown small above the title.
    option : dict
        The ECharts option.
    columns : tuple of str
        Heads of the table behind the chart.
    rows : tuple of tuple of str
    note : str
        How to read it.
    wide : bool
        Whether it takes the whole row.
    height_px : int
        Where it depends on what is drawn; 0 where the page decides.
    legend : tuple of (str, str, tuple of int)
        Name, colour role and dash of each line; drawn by the page, because an ECharts legend shows no dashes.
    """

    key: str
    title: str
    question: str
    option: dict[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    wide: bool = False
    height_px: int = 0
    legend: tuple[tuple[str, str, tuple[int, ...]], ...] = ()


def charts(data: ReportData) -> tuple[Chart, ...]:
    """Return the charts for which there are figures, in reading order.

    Parameters
    ----------
    data : ReportData

    Returns
    -------
    tuple of Chart
        Empty when nobody called.
    """
    made = (
        _service_level(data),
        _wait(data),
        _staffing(data),
        _outcomes(data),
        _stages(data),
        _waits(data),
        _menu(data),
    )
    return tuple(chart for chart in made if chart is not None)


# -- over the day ---------------------------------------------------------------------------------------------------


def _service_level(data: ReportData) -> Chart | None:
    points = _known(data, "service_level")
    if not points:
        return None
    within, target = duration(data.threshold_s), data.target_share
    option = _over_the_day(data, _line(data, "service_level", "Service level", colour="token:accent"), "share")
    option["yAxis"] |= {"min": 0, "max": 1}
    if target is not None:
        option["series"][-1]["markLine"] = _mark({"yAxis": target})
    return Chart(
        "service-level",
        service_title(points, _edges(data), target),
        "When are callers answered in time?",
        option,
        ("Interval", f"Service level within {within}", "Offered"),
        tuple((_label(data, i), written("service_level", e), _count_at(data, i, "offered")) for i, e in points),
        f"Handled within {within} / (offered − abandoned within {within}), by the interval of the offer."
        + _band_note(data, points),
        legend=(
            (("Service level", "accent", ()), (f"Target {share(target)}", "neutral", (5, 4)))
            if target is not None
            else ()
        ),
    )


def _wait(data: ReportData) -> Chart | None:
    points = _known(data, "asa_s")
    if not points:
        return None
    unanswered = [i for i, e in _known(data, "offered") if e.mean and not _at(data, i, "handled")]
    title = wait_title(points, _edges(data), unanswered)
    option = _over_the_day(data, _line(data, "asa_s", "ASA", colour="token:accent"), "duration")
    option["yAxis"]["min"] = 0
    return Chart(
        "wait",
        title,
        "When do callers wait?",
        option,
        ("Interval", "ASA", "Abandonment"),
        tuple((_label(data, i), written("asa_s", e), _share_at(data, i, "abandonment")) for i, e in points),
        "Mean wait of handled callers (ASA), by the interval of the offer." + _band_note(data, points),
    )


def _staffing(data: ReportData) -> Chart | None:
    aht = data.overall.get("aht_s")
    staffed = {i: e.mean for i, e in _known(data, "staffed_agents")}
    if not staffed or not any(staffed.values()) or aht is None:
        return None
    load = {
        i: (
            (_at(data, i, "offered") + _at(data, i, "callbacks_promised"))
            * data.by_interval[i].get("aht_s", aht).mean
            / _length_s(data, i)
        )
        for i in staffed
    }
    title = staffing_title(staffed, load, _edges(data))
    order = sorted(staffed)
    labels = [_label(data, i) for i in order]
    option = {
        "grid": _GRID,
        "tooltip": {"trigger": "axis"},
        "xAxis": _time_axis(labels),
        "yAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": "format:count"}},
        "series": [
            {
                "name": "Agents on duty",
                "type": "bar",
                "barCategoryGap": "0%",
                "data": _round(staffed[i] for i in order),
                "itemStyle": {"color": "token:staffed", "opacity": 0.3},
                "tooltip": {"valueFormatter": "format:count"},
            },
            _plain_line("Work that callers bring", "load", (), [load[i] for i in order]),
            _plain_line("Agents busy", "good", (2, 3), [_at(data, i, "busy_agents") for i in order]),
        ],
    }
    rows = tuple(
        (
            _label(data, i),
            f"{staffed[i]:.1f}",
            f"{load[i]:.1f}",
            f"{_at(data, i, 'busy_agents'):.1f}",
            _share_at(data, i, "occupancy"),
        )
        for i in order
    )
    return Chart(
        "staffing",
        title,
        "How does the work compare with the agents on duty?",
        option,
        ("Interval", "Agents on duty", "Work, in agents", "Agents busy", "Occupancy"),
        rows,
        "Work = (offered + promised callbacks) × AHT of the interval / its length: the agents it would keep busy. All"
        " groups together: whether those on duty have the skills that are asked for, and serve in time, this sum does"
        " not tell.",
        wide=True,
        legend=(
            ("Agents on duty", "staffed", ()),
            ("Work that callers bring", "load", ()),
            ("Agents busy", "good", (2, 3)),
        ),
    )


# -- over the calls -------------------------------------------------------------------------------------------------


def _outcomes(data: ReportData) -> Chart | None:
    everybody = sum(data.outcomes.values())
    if not everybody:
        return None
    ends = sorted(((name, calls) for name, calls in data.outcomes.items() if calls), key=lambda end: -end[1])
    bars = [
        {
            "value": calls / everybody,
            "itemStyle": {"color": f"token:{MEANINGS[name]}"},
            "label": {"formatter": f"{share(calls / everybody)}"},
        }
        for name, calls in ends
    ]
    option = _bars([ENDS[name][0] for name, _ in ends], bars)
    return Chart(
        "outcomes",
        outcomes_title(data.outcomes),
        "Where do calls end?",
        option,
        ("Calls that", "Share", "Calls"),
        tuple((ENDS[name][0], share(calls / everybody), count(calls)) for name, calls in ends),
        (
            "Vermillion marks calls that were abandoned, blocked, turned away or failed."
            if any(MEANINGS[name] == "harm" for name, _ in ends)
            else ""
        ),
        height_px=_BAR_PX * len(ends),
    )


def _stages(data: ReportData) -> Chart | None:
    offered = data.overall["offered"].mean
    if not offered:
        return None
    handled, within = data.overall["handled"].mean, duration(data.threshold_s)
    in_time = data.overall["service_level_of_offered"].mean * offered
    stages = [
        ("Offered to queues", offered),
        ("Handled by an agent", handled),
        (f"… within {within}", in_time),
        ("Abandoned while waiting", data.overall["abandoned"].mean),
    ]
    option = _bars(
        [name for name, _ in stages],
        [
            {
                "value": value / offered,
                "itemStyle": {"color": "token:harm" if name.startswith("Abandoned") else "token:accent"},
                "label": {"formatter": share(value / offered)},
            }
            for name, value in stages
        ],
    )
    return Chart(
        "stages",
        stages_title(offered, handled, in_time, within),
        "How far do callers in queues get?",
        option,
        ("Stage", "Share of offered", "Offers"),
        tuple((name, share(value / offered), count(value)) for name, value in stages),
        "Offered, handled and abandoned as the list of measures below defines them.",
        height_px=_BAR_PX * len(stages),
    )


def _waits(data: ReportData) -> Chart | None:
    if not data.waits.get(""):
        return None
    half, rare = data.overall["wait_p50_s"].mean, data.overall["wait_p95_s"].mean
    title = waits_title(1 - data.overall["wait_probability"].mean, half, rare)
    furthest = max(3 * data.threshold_s, reaches(data.waits[""], 0.985) or data.waits[""][-1][0], 1.0)
    named = [("", "All queues", "ink", ())] if len(data.by_queue) != 1 else []
    named += [(name, name, queue_hue(i), queue_dash(i)) for i, name in enumerate(data.by_queue)]
    named = [line for line in named if data.waits[line[0]]]
    series = []
    for key, name, colour, dash in named:
        points = [(0.0, 0.0), *(p for p in data.waits[key] if p[0] <= furthest)]
        points.append((furthest, points[-1][1]))
        line = _plain_line(name, colour, dash, [])
        series.append(
            line
            | {
                "step": "end",
                "data": [[x, round(y, 4)] for x, y in points],
                "tooltip": {"valueFormatter": "format:share"},
            }
        )
    series[0]["markLine"] = _mark({"xAxis": data.threshold_s}, duration(data.threshold_s))
    option = {
        "grid": _GRID | {"top": 26},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "value",
            "min": 0,
            "max": furthest,
            "axisLabel": {"formatter": "format:duration", "hideOverlap": True, "showMaxLabel": False},
            "splitLine": {"show": False},
        },
        "yAxis": {"type": "value", "min": 0, "max": 1, "axisLabel": {"formatter": "format:share"}},
        "series": series,
    }
    steps = [0.0, 5.0, 10.0, data.threshold_s, 30.0, 60.0, 120.0, 300.0, 600.0]
    rows = tuple(
        (duration(at), *(share(_share_by(data.waits[key], at)) for key, *_ in named))
        for at in sorted({at for at in steps if at <= max(furthest, data.threshold_s)})
    )
    return Chart(
        "waits",
        title,
        "How long do callers wait?",
        option,
        ("Waited at most", *(line[1] for line in named)),
        rows,
        "Share of all offered callers, those who hung up included, who waited at most so long.",
        legend=tuple(line[1:] for line in named),
    )


def _menu(data: ReportData) -> Chart | None:
    if not data.menu_times or data.menu_times[-1][0] == 0:
        return None
    most = reaches(data.menu_times, 0.995) or data.menu_times[-1][0]
    width = next(w for w in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600) if most / w <= 30)
    bins = range(max(math.ceil(most / width), 1))
    shares = [
        _share_by(data.menu_times, (i + 1) * width) - (_share_by(data.menu_times, i * width) if i else 0.0)
        for i in bins
    ]
    labels = [(f"over {duration(i * width)}, " if i else "") + f"up to {duration((i + 1) * width)}" for i in bins]
    option = {
        "grid": _GRID,
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {
            "type": "category",
            "data": labels,
            "axisLabel": {"formatter": "format:after-up-to", "hideOverlap": True},
        },
        "yAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": "format:share"}},
        "series": [
            {
                "name": "Callers",
                "type": "bar",
                "barCategoryGap": "12%",
                "data": _round(shares, 5),
                "itemStyle": {"color": "token:accent", "borderRadius": [2, 2, 0, 0]},
                "tooltip": {"valueFormatter": "format:share"},
            }
        ],
    }
    longer = 1 - sum(shares)
    return Chart(
        "menu",
        menu_title(data.overall["menu_s"].mean, reaches(data.menu_times, 0.9)),
        "How long does the menu take?",
        option,
        ("Time in the menu", "Share of callers"),
        tuple((label, share(value)) for label, value in zip(labels, shares)),
        "From the arrival to the end of the menu, of all callers who got a line."
        + (f" {share(longer)} take longer than the last bar shows." if longer > 5e-5 else ""),
    )


# -- pieces ---------------------------------------------------------------------------------------------------------

_BAR_PX = 44
"""A bar and the label above it."""
_GRID = {"left": 8, "right": 18, "top": 14, "bottom": 4, "outerBoundsMode": "same", "outerBoundsContain": "axisLabel"}


def _over_the_day(data: ReportData, series: list[dict[str, Any]], unit: str) -> dict[str, Any]:
    labels = [_label(data, i) for i in range(len(data.by_interval))]
    return {
        "grid": _GRID,
        "tooltip": {"trigger": "axis"},
        "xAxis": _time_axis(labels),
        "yAxis": {"type": "value", "axisLabel": {"formatter": f"format:{unit}"}},
        "series": [one | {"tooltip": one.get("tooltip", {}) | {"valueFormatter": f"format:{unit}"}} for one in series],
    }


def _line(data: ReportData, name: str, label: str, *, colour: str) -> list[dict[str, Any]]:
    """A line over the intervals, on a band of its confidence interval (a stack of two lines, the lower unseen)."""
    known = dict(_known(data, name))
    order = range(len(data.by_interval))
    line = {
        "name": label,
        "type": "line",
        "symbol": "circle",
        "symbolSize": 6,
        "z": 3,
        "data": [round(known[i].mean, 4) if i in known else None for i in order],
        "lineStyle": {"color": colour, "width": 2.5},
        "itemStyle": {"color": colour},
    }
    ends = {i: found for i, e in known.items() if (found := bounds(name, e)) is not None}
    if not _has_band(list(known.items())):
        return [line]
    band = {
        "type": "line",
        "stack": "interval",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
        "tooltip": {"show": False},
        "stackStrategy": "all",
    }
    return [
        band | {"data": [round(ends[i][0], 4) if i in ends else None for i in order]},
        band
        | {
            "data": [round(ends[i][1] - ends[i][0], 4) if i in ends else None for i in order],
            "areaStyle": {"color": colour, "opacity": 0.2},
        },
        line,
    ]


def _plain_line(name: str, colour: str, dash: tuple[int, ...], values: Sequence[float]) -> dict[str, Any]:
    return {
        "name": name,
        "type": "line",
        "symbol": "none",
        "data": _round(values),
        "lineStyle": {"color": f"token:{colour}", "width": 2.5, "type": list(dash) or "solid"},
        "itemStyle": {"color": f"token:{colour}"},
        "tooltip": {"valueFormatter": "format:count"},
    }


def _bars(labels: Sequence[str], bars: list[dict[str, Any]]) -> dict[str, Any]:
    """Horizontal bars, the first on top, the label of each above it so that it fits a phone."""
    return {
        "grid": {"left": 4, "right": 64, "top": 6, "bottom": 2},
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "value", "min": 0, "max": 1, "show": False},  # the track is 100 %
        "yAxis": [{"type": "category", "data": list(labels), "inverse": True, "show": False}],
        "series": [
            {
                "type": "bar",
                "barWidth": 16,
                "data": bars,
                "showBackground": True,
                "backgroundStyle": {"color": "token:raised", "borderRadius": 3},
                "itemStyle": {"borderRadius": 3},
                "label": {"show": True, "position": "right", "color": "token:ink", "fontWeight": 600},
                "labelLayout": {"hideOverlap": False},
                "tooltip": {"valueFormatter": "format:share"},
                "markPoint": {
                    "silent": True,
                    "symbol": "rect",
                    "symbolSize": 0.1,
                    "data": [
                        {
                            "coord": [0, i],
                            "value": label,
                            "label": {
                                "show": True,
                                "formatter": label,
                                "position": "right",
                                "align": "left",
                                "offset": [-4, -18],
                                "color": "token:ink-soft",
                                "fontSize": 12,
                            },
                        }
                        for i, label in enumerate(labels)
                    ],
                },
            }
        ],
    }


def _mark(place: dict[str, float], label: str = "") -> dict[str, Any]:
    return {
        "silent": True,
        "symbol": "none",
        "data": [place],
        "animation": False,
        "lineStyle": {"color": "token:neutral", "type": [5, 4], "width": 1.5},
        "label": {"show": bool(label), "formatter": label, "color": "token:ink-soft", "position": "end"},
    }


def _time_axis(labels: list[str]) -> dict[str, Any]:
    return {"type": "category", "data": labels, "axisLabel": {"hideOverlap": True}}


def _known(data: ReportData, name: str) -> list[tuple[int, Estimate]]:
    return [(i, estimates[name]) for i, estimates in enumerate(data.by_interval) if name in estimates]


def _at(data: ReportData, interval: int, name: str) -> float:
    found = data.by_interval[interval].get(name)
    return found.mean if found else 0.0


def _share_at(data: ReportData, interval: int, name: str) -> str:
    found = data.by_interval[interval].get(name)
    return written(name, found) if found else "–"


def _count_at(data: ReportData, interval: int, name: str) -> str:
    return count(_at(data, interval, name))


def _label(data: ReportData, interval: int) -> str:
    return data.labels[interval]


def _length_s(data: ReportData, interval: int) -> float:
    return data.lengths_s[interval]


def _edges(data: ReportData) -> list[str]:
    """When each interval begins, and when the last one ends."""
    return [_label(data, i) for i in range(len(data.by_interval) + 1)]


def _has_band(points: Sequence[tuple[int, Estimate]]) -> bool:
    """Whether a band can be seen: it spans neighbouring intervals, and has a width."""
    return any(j == i + 1 and (a.half_width or b.half_width) for (i, a), (j, b) in pairwise(points))


def _band_note(data: ReportData, points: Sequence[tuple[int, Estimate]]) -> str:
    return (
        f" The band is the {share(data.confidence)} interval of {data.replications} replications."
        if _has_band(points)
        else ""
    )


def _share_by(curve: Sequence[tuple[float, float]], at: float) -> float:
    return max((reached for bound, reached in curve if bound <= at), default=0.0)


def _round(values: Iterable[float], places: int = 2) -> list[float]:
    return [round(value, places) for value in values]
