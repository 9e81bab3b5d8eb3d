"""The charts over all calls: how calls end, what happens in queues, waits, time in the menu."""

from __future__ import annotations

import math
from collections.abc import Sequence

from flows.display.numbers import count, duration, share
from flows.display.theme import MEANINGS, queue_dash, queue_hue
from simulation.report.charts.chart import BAR_PX, GRID, Chart, bars_option, mark_line, plain_line, rounded
from simulation.report.charts.titles import ENDS, menu_title, outcomes_title, reaches, stages_title, waits_title
from simulation.report.data import ReportData

__all__ = ["menu_chart", "outcomes_chart", "stages_chart", "waits_chart"]


def outcomes_chart(data: ReportData) -> Chart | None:
    """How calls end; None if there are no calls."""
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
    option = bars_option([ENDS[name][0] for name, _ in ends], bars)
    return Chart(
        "outcomes",
        outcomes_title(data.outcomes),
        "How do calls end?",
        option,
        ("Calls that", "Share", "Calls"),
        tuple((ENDS[name][0], share(calls / everybody), count(calls)) for name, calls in ends),
        (
            "Vermillion marks calls that were abandoned, blocked, turned away or failed."
            if any(MEANINGS[name] == "harm" for name, _ in ends)
            else ""
        ),
        height_px=BAR_PX * len(ends),
    )


def stages_chart(data: ReportData) -> Chart | None:
    """What happens to callers in queues; None if there are none."""
    offered = data.overall["offered"].mean
    if not offered:
        return None
    handled, within = data.overall["handled"].mean, data.within
    in_time = data.overall["service_level_of_offered"].mean * offered
    stages = [
        ("Offered to queues", offered),
        ("Handled by an agent", handled),
        (f"… within {within}", in_time),
        ("Abandoned while waiting", data.overall["abandoned"].mean),
    ]
    option = bars_option(
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
        "What happens to callers in queues?",
        option,
        ("Stage", "Share of offered", "Offers"),
        tuple((name, share(value / offered), count(value)) for name, value in stages),
        "Offered, handled and abandoned are defined in the list of measures below.",
        height_px=BAR_PX * len(stages),
    )


def waits_chart(data: ReportData) -> Chart | None:
    """How long callers wait, by queue; None if nobody joined one."""
    if not data.waits.get(""):
        return None
    half, rare = data.overall["wait_p50_s"].mean, data.overall["wait_p95_s"].mean
    title = waits_title(1 - data.overall["wait_probability"].mean, half, rare)
    furthest = max(3 * data.threshold_s, reaches(data.waits[""], 0.985) or data.waits[""][-1][0], 1.0)
    named: list[tuple[str, str, str, tuple[int, ...]]]
    named = [("", "All queues", "ink", ())] if len(data.by_queue) != 1 else []
    named += [(name, name, queue_hue(i), queue_dash(i)) for i, name in enumerate(data.by_queue)]
    named = [line for line in named if data.waits[line[0]]]
    series = []
    for key, name, colour, dash in named:
        points = [(0.0, 0.0), *(p for p in data.waits[key] if p[0] <= furthest)]
        points.append((furthest, points[-1][1]))
        line = plain_line(name, colour, dash, [])
        series.append(
            line
            | {
                "step": "end",
                "data": [[x, round(y, 4)] for x, y in points],
                "tooltip": {"valueFormatter": "format:share"},
            }
        )
    series[0]["markLine"] = mark_line({"xAxis": data.threshold_s}, duration(data.threshold_s))
    option = {
        "grid": GRID | {"top": 26},
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
        "Share of all offered callers, including those who hung up, who waited at most this long.",
        legend=tuple(line[1:] for line in named),
    )


def menu_chart(data: ReportData) -> Chart | None:
    """How long the menu takes; None if there is no menu."""
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
        "grid": GRID,
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
                "data": rounded(shares, 5),
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
        tuple((label, share(value)) for label, value in zip(labels, shares, strict=True)),
        "From arrival to the end of the menu, for all callers who got a line."
        + (f" {share(longer)} take longer than the last bar shows." if longer > 5e-5 else ""),
    )


def _share_by(curve: Sequence[tuple[float, float]], at: float) -> float:
    return max((reached for bound, reached in curve if bound <= at), default=0.0)
