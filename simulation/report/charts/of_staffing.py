"""The chart of a staffing: agents of each group over the day, and the scenario's own agents beside them."""

from __future__ import annotations

from typing import Any

from flows.display.theme import queue_hue
from flows.source.counted import counted
from simulation.report.charts.chart import GRID, Chart, Legend, time_axis
from simulation.staffing.result import StaffingResult

__all__ = ["plan_chart"]

_HUES = 5
"""The bars of groups beyond so many are hollow, as their colours repeat."""


def plan_chart(found: StaffingResult, *, rostered: bool = False) -> Chart:
    """Agents by interval, one group upon the other.

    Parameters
    ----------
    found : StaffingResult
    rostered : bool
        Whether these are the agents of a roster.
    """
    some = {name: levels for name, levels in found.by_group.items() if any(levels)}
    groups = dict(sorted(some.items(), key=lambda group: -sum(group[1])))  # the largest at the bottom
    order = {name: i for i, name in enumerate(groups)}
    together, own = found.levels.sum(axis=0).tolist(), found.own_levels.sum(axis=0).tolist()
    bars = [
        {
            "name": name,
            "type": "bar",
            "stack": "agents",
            "barCategoryGap": "12%",
            "itemStyle": _style(order[name]),
            "tooltip": {"valueFormatter": "format:count"},
            "data": levels,
        }
        for name, levels in groups.items()
    ]
    today = {
        "name": "Today, all groups",
        "type": "line",
        "step": "middle",
        "symbol": "none",
        "lineStyle": {"color": "token:ink", "width": 1.5, "type": [4, 3]},
        "itemStyle": {"color": "token:ink"},
        "tooltip": {"valueFormatter": "format:count"},
        "data": own,
    }
    option = {
        "grid": GRID,
        "tooltip": {"trigger": "axis"},
        "xAxis": time_axis(list(found.starts)),
        "yAxis": {"type": "value", "min": 0, "minInterval": 1, "axisLabel": {"formatter": "format:count"}},
        "series": [*bars, today],
    }
    legend: Legend = (
        *((name, queue_hue(order[name]), (4, 2) if order[name] >= _HUES else ()) for name in groups),
        ("Today, all groups", "ink", (4, 3)),
    )
    rows = tuple(
        (start, *(str(levels[i]) for levels in groups.values()), str(together[i]), str(own[i]))
        for i, start in enumerate(found.starts)
    )
    return Chart(
        "plan",
        _title(found, together),
        "How many agents, and when?",
        option,
        ("From", *groups, "All", "Today"),
        rows,
        "Agents of the roster who take calls all through each interval, without those on a break."
        if rostered
        else "Agents on duty in each interval; those on a break count.",
        wide=True,
        legend=legend,
    )


def _style(index: int) -> dict[str, Any]:
    hue = f"token:{queue_hue(index)}"
    if index < _HUES:
        return {"color": hue}
    return {"color": "token:raised", "borderColor": hue, "borderWidth": 1.5}


def _title(found: StaffingResult, together: list[int]) -> str:
    some = [i for i in range(len(together)) if i not in found.closed] or [0]
    at, low = max(some, key=lambda i: together[i]), min(some, key=lambda i: together[i])
    most, least = together[at], together[low]
    if most == least:
        return f"{counted(most, 'agent')} all the time"
    said = f"{counted(most, 'agent')} at the most, from {found.starts[at]}"
    return (
        f"{said}; nobody from {found.starts[low]}"
        if not least
        else f"{said}; {least} at the least, from {found.starts[low]}"
    )
