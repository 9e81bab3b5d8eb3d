"""The charts of a calibration: a picture of every estimate, against what was observed."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from flows.display.numbers import count, duration, share
from flows.display.theme import queue_dash, queue_hue
from simulation.arrays import Floats
from simulation.calibration.arrivals import weekday_names
from simulation.calibration.calibration import Calibration
from simulation.calibration.talk import TalkEstimate
from simulation.report.charts.chart import BAR_PX, Chart, bars_option
from simulation.report.charts.lines import Line, lines_chart
from simulation.sampling.distributions import Distribution

__all__ = ["calibration_charts"]

_MOST_QUEUES = 6
_POINTS = 60


def calibration_charts(of: Calibration) -> tuple[Chart, ...]:
    """The charts for which there is data, in reading order."""
    makers: tuple[Callable[[Calibration], Chart | None], ...] = (
        _profiles,
        _days,
        _types,
        _patience,
        _agents,
        _ready,
        _nodes,
    )
    found = [chart for make in makers if (chart := make(of)) is not None]
    largest = sorted(of.talk, key=lambda name: -of.talk[name].mean.count)[:_MOST_QUEUES]
    talk = [chart for name in largest if (chart := _talk(name, of.talk[name])) is not None]
    return (*found, *talk)


def _clock(interval: int, interval_s: float) -> str:
    at = int(interval * interval_s)
    return f"{at // 3600:02d}:{at % 3600 // 60:02d}"


def _profiles(of: Calibration) -> Chart | None:
    groups = of.arrivals.groups
    if not groups:
        return None
    profiles = {group: of.arrivals.expected[list(group)].mean(axis=0) for group in groups}
    used = np.flatnonzero(np.sum(list(profiles.values()), axis=0))
    first, last = int(used[0]), int(used[-1]) + 1
    labels = [_clock(i, of.days.interval_s) for i in range(first, last)]
    lines = [
        Line(weekday_names(group), queue_hue(i), profile[first:last].tolist(), queue_dash(i))
        for i, (group, profile) in enumerate(profiles.items())
    ]
    peak = max(profiles.values(), key=lambda profile: float(profile.max()))
    rows = [
        [labels[i], *(f"{line.values[i]:.1f}" for line in lines if line.values[i] is not None)]
        for i in range(len(labels))
    ]
    return lines_chart(
        "profiles",
        f"Most calls come at {_clock(int(np.argmax(peak)), of.days.interval_s)}: {peak.max():.0f} in an interval",
        "When do callers call?",
        labels,
        lines,
        rows,
        unit="count",
        first="Interval",
        note="Expected calls in an interval; days of the week that differ no more than by chance share a line.",
        wide=True,
    )


def _days(of: Calibration) -> Chart | None:
    if of.days.count < 2:
        return None
    totals = of.counts.sum(axis=1)
    expected = of.arrivals.expected.sum(axis=1)[of.days.weekday]
    gamma = of.arrivals.gamma
    spread = 2 * np.sqrt(expected + (expected**2 / gamma.value if gamma else 0.0))
    dates = [f"{date:%a %d %b}" for date in of.days.dates]
    real = [float(total) if kept else None for total, kept in zip(totals, of.kept, strict=True)]
    title = (
        f"Whole days are busier or quieter by {share(gamma.value**-0.5)}"
        if gamma
        else "Days of the same day of the week differ by chance alone"
    )
    lines = [
        Line("expected", "accent", expected.tolist(), (5, 4), np.maximum(expected - spread, 0).tolist(),
             (expected + spread).tolist()),
        Line("calls", "ink", real),
    ]  # fmt: skip
    rows = [
        [date, count(round(float(e))), count(round(r)) if r is not None else "left out"]
        for date, e, r in zip(dates, expected.tolist(), real, strict=True)
    ]
    return lines_chart(
        "days", title, "How much do days differ?", dates, lines, rows, unit="count", first="Day",
        note="The band holds 95 % of such days. Days that are left out have no point.", wide=True,
    )  # fmt: skip


def _types(of: Calibration) -> Chart | None:
    if len(of.types) < 2:
        return None
    order = sorted(of.types.items(), key=lambda item: -item[1].value)[:12]
    bars = [
        {
            "value": found.value,
            "itemStyle": {"color": "token:accent"},
            "label": {"formatter": f"{share(found.value)} ({share(found.low)} to {share(found.high)})"},
        }
        for _, found in order
    ]
    option = bars_option([name for name, _ in order], bars)
    option["grid"] = {"left": 4, "right": 190, "top": 6, "bottom": 2}
    return Chart(
        "types",
        f"{share(order[0][1].value)} want {order[0][0]}",
        "What do callers want?",
        option,
        ("Kind", "Share", "95 % interval"),
        tuple((name, share(f.value), f"{share(f.low)} to {share(f.high)}") for name, f in order),
        height_px=BAR_PX * len(order),
    )


def _patience(of: Calibration) -> Chart | None:
    if of.patience is None:
        return None
    found, curve = of.patience, of.patience.curve
    most = float(np.quantile(curve.at_s, 0.97))
    at = np.linspace(0, max(most, 1.0), _POINTS)
    rows_at = np.searchsorted(curve.at_s, at, side="right") - 1

    def step(values: Floats) -> list[float]:
        found_at: list[float] = np.where(rows_at >= 0, values[np.maximum(rows_at, 0)], 1.0).tolist()
        return found_at

    stated = (1 - _cdf(found.distribution, at)).tolist()
    half = float(found.distribution.quantile(np.array([0.5]))[0])
    labels = [duration(round(value)) for value in at.tolist()]
    lines = [
        Line("observed", "ink", step(curve.share), (), step(curve.low), step(curve.high)),
        Line("in the scenario", "orange", stated, (5, 4)),
    ]
    rows = [[labels[i], share(step(curve.share)[i]), share(stated[i])] for i in range(0, len(labels), 4)]
    return lines_chart(
        "patience",
        f"Half of the callers would wait {duration(half)} or longer",
        "How patient are callers?",
        labels,
        lines,
        rows,
        unit="share",
        first="Wait",
        most=1.0,
        note="Share of callers who would still wait (Kaplan-Meier): those who are answered would have waited longer.",
    )


def _cdf(of: Distribution, at: Floats) -> Floats:
    u = np.linspace(0.0005, 0.9995, 2000)
    return np.asarray(np.interp(at, of.quantile(u), u, left=0.0, right=1.0))


def _talk(name: str, of: TalkEstimate) -> Chart | None:
    if len(of.times_s) < 30:
        return None
    most = float(np.quantile(of.times_s, 0.98))
    width = next(w for w in (5, 10, 15, 20, 30, 60, 120, 300, 600) if most / w <= 40 or w == 600)
    edges = np.arange(0, max(most, width) + width, width)
    seen = np.histogram(of.times_s, edges)[0] / len(of.times_s)
    stated = np.diff(_cdf(of.distribution, edges))
    stated[0] += float(_cdf(of.distribution, np.array([0.0]))[0])
    labels = [duration(edge) for edge in edges[:-1].tolist()]
    family = of.fits[0].family if of.fits else "exponential"
    return lines_chart(
        "talk-" + "".join(c if c.isalnum() else "-" for c in name),
        f"Talk with {name} lasts {duration(of.mean.value)} on average, {family}",
        f"How long is talk with {name}?",
        labels,
        [Line("observed", "ink", seen.tolist()), Line("in the scenario", "orange", stated.tolist(), (5, 4))],
        [[labels[i], share(float(seen[i])), share(float(stated[i]))] for i in range(len(labels))],
        unit="share",
        first="From",
        note=f"Share of calls by length, in steps of {duration(width)}.",
    )


def _agents(of: Calibration) -> Chart | None:
    staff = of.staff
    if not staff.on_duty or not any(d.size and d.max() for d in staff.on_duty):
        return None
    whole = np.sum(staff.on_duty, axis=0)
    used = np.flatnonzero(whole.sum(axis=0))
    first, last = int(used[0]), int(used[-1]) + 1
    groups = of.arrivals.groups or ((0, 1, 2, 3, 4, 5, 6),)
    labels = [_clock(i, of.days.interval_s) for i in range(first, last)]
    lines = []
    for i, group in enumerate(groups):
        rows = of.kept & np.isin(of.days.weekday, group)
        if np.any(rows):
            mean = whole[rows].mean(axis=0)[first:last]
            lines.append(Line(weekday_names(group), queue_hue(i), mean.tolist(), queue_dash(i)))
    if not lines:
        return None
    table_rows = [[labels[i], *(f"{line.values[i] or 0:.1f}" for line in lines)] for i in range(len(labels))]
    most = max(value or 0.0 for line in lines for value in line.values)
    return lines_chart(
        "agents", f"Up to {most:.1f} agents are on duty", "How many agents are on duty?", labels, lines, table_rows,
        unit="count", first="Interval", note="Mean over the days that are used.", wide=True,
    )  # fmt: skip


def _ready(of: Calibration) -> Chart | None:
    pauses = of.staff.pauses
    if pauses is None:
        return None
    at = np.linspace(0, float(pauses.distribution.quantile(np.array([0.98]))[0]), _POINTS)
    left = (1 - _cdf(pauses.distribution, at)).tolist()
    labels = [duration(round(value)) for value in at.tolist()]
    title = f"Agents are ready again after {duration(pauses.mean.value)} on average"
    if pauses.told_apart and pauses.share and pauses.pause:
        title = f"After {share(pauses.share.value)} of calls agents pause for about {duration(pauses.pause.value)}"
    return lines_chart(
        "ready", title, "How soon are agents ready again?", labels, [Line("not ready yet", "accent", left)],
        [[labels[i], share(left[i])] for i in range(0, len(labels), 4)], unit="share", first="After the talk", most=1.0,
        note=f"From {pauses.known:,} times that are known, because a call waited, and {pauses.bounded:,} in bounds.",
    )  # fmt: skip


def _nodes(of: Calibration) -> Chart | None:
    found = [
        (f"{node}: {label}", one) for node, estimate in of.nodes.items() for label, one in estimate.shares.items()
    ][:24]
    if not found:
        return None
    bars = [
        {"value": one.value, "itemStyle": {"color": "token:accent"}, "label": {"formatter": share(one.value)}}
        for _, one in found
    ]
    return Chart(
        "nodes",
        "What callers do at each menu",
        "What do callers do in the menus?",
        bars_option([name for name, _ in found], bars),
        ("Node and outcome", "Share", "95 % interval"),
        tuple((name, share(one.value), f"{share(one.low)} to {share(one.high)}") for name, one in found),
        height_px=math.ceil(BAR_PX * len(found)),
    )
