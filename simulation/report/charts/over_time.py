"""The charts over the intervals of the horizon: service level, wait, staffing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from flows.display.numbers import count, share
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import bounds, written
from simulation.report.charts.chart import GRID, Chart, mark_line, plain_line, rounded, time_axis
from simulation.report.charts.titles import service_title, staffing_title, wait_title
from simulation.report.data import ReportData

__all__ = ["service_level_chart", "staffing_chart", "wait_chart"]


def service_level_chart(data: ReportData) -> Chart | None:
    """The service level by interval; None if it is unknown."""
    points = _known(data, "service_level")
    if not points:
        return None
    within, target = data.within, data.target_share
    option = _over_the_day(data, _line(data, "service_level", "Service level", colour="token:accent"), "share")
    option["yAxis"] |= {"min": 0, "max": 1}
    if target is not None:
        option["series"][-1]["markLine"] = mark_line({"yAxis": target})
    return Chart(
        "service-level",
        service_title(points, _edges(data), target),
        "When are callers answered in time?",
        option,
        ("Interval", f"Service level within {within}", "Offered"),
        tuple((data.labels[i], written("service_level", e), _count_at(data, i, "offered")) for i, e in points),
        f"Handled within {within} / (offered − abandoned within {within}), by the interval of joining the queue."
        + _band_note(data, points),
        legend=(
            (("Service level", "accent", ()), (f"Target {share(target)}", "neutral", (5, 4)))
            if target is not None
            else ()
        ),
    )


def wait_chart(data: ReportData) -> Chart | None:
    """The mean wait by interval; None if nobody was handled."""
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
        tuple((data.labels[i], written("asa_s", e), _share_at(data, i, "abandonment")) for i, e in points),
        "Mean wait of handled callers (ASA), by the interval of joining the queue." + _band_note(data, points),
    )


_STAFFED_BARS = {
    "name": "Agents on duty",
    "type": "bar",
    "barCategoryGap": "0%",
    "itemStyle": {"color": "token:staffed", "opacity": 0.3},
    "tooltip": {"valueFormatter": "format:count"},
}


def staffing_chart(data: ReportData) -> Chart | None:
    """Workload and agents by interval; None if there are no agents."""
    aht = data.overall.get("aht_s")
    staffed = {i: e.mean for i, e in _known(data, "staffed_agents")}
    if not staffed or not any(staffed.values()) or aht is None:
        return None
    load = {
        i: (
            (_at(data, i, "offered") + _at(data, i, "callbacks_promised"))
            * data.by_interval[i].get("aht_s", aht).mean
            / data.lengths_s[i]
        )
        for i in staffed
    }
    title = staffing_title(staffed, load, _edges(data))
    order = sorted(staffed)
    labels = [data.labels[i] for i in order]
    option = {
        "grid": GRID,
        "tooltip": {"trigger": "axis"},
        "xAxis": time_axis(labels),
        "yAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": "format:count"}},
        "series": [
            _STAFFED_BARS | {"data": rounded(staffed[i] for i in order)},
            plain_line("Workload", "load", (), [load[i] for i in order]),
            plain_line("Agents busy", "good", (2, 3), [_at(data, i, "busy_agents") for i in order]),
        ],
    }
    rows = tuple(
        (
            data.labels[i],
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
        "How does the workload compare with the agents on duty?",
        option,
        ("Interval", "Agents on duty", "Workload, in agents", "Agents busy", "Occupancy"),
        rows,
        "Workload = (offered + promised callbacks) × AHT of the interval / its length: the number of agents it keeps"
        " busy. It is summed over all groups, so it does not show whether those on duty have the right skills, or"
        " answer in time.",
        wide=True,
        legend=(
            ("Agents on duty", "staffed", ()),
            ("Workload", "load", ()),
            ("Agents busy", "good", (2, 3)),
        ),
    )


def _over_the_day(data: ReportData, series: list[dict[str, Any]], unit: str) -> dict[str, Any]:
    labels = [data.labels[i] for i in range(len(data.by_interval))]
    return {
        "grid": GRID,
        "tooltip": {"trigger": "axis"},
        "xAxis": time_axis(labels),
        "yAxis": {"type": "value", "axisLabel": {"formatter": f"format:{unit}"}},
        "series": [one | {"tooltip": one.get("tooltip", {}) | {"valueFormatter": f"format:{unit}"}} for one in series],
    }


def _line(data: ReportData, name: str, label: str, *, colour: str) -> list[dict[str, Any]]:
    """A line over its band of confidence intervals, which is two stacked lines, the lower one invisible."""
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


def _edges(data: ReportData) -> list[str]:
    """Start of each interval, and end of the last."""
    return [data.labels[i] for i in range(len(data.by_interval) + 1)]


def _has_band(points: Sequence[tuple[int, Estimate]]) -> bool:
    """Whether the band is visible: it spans adjacent intervals and has a width."""
    return any(j == i + 1 and (a.half_width or b.half_width) for (i, a), (j, b) in pairwise(points))


def _band_note(data: ReportData, points: Sequence[tuple[int, Estimate]]) -> str:
    return (
        f" The band is the {share(data.confidence)} interval of {data.replications} replications."
        if _has_band(points)
        else ""
    )
