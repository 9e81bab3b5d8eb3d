"""The charts of a report: each answers one question and says the answer in its title.

A chart is data: an ECharts option in which ``"token:NAME"`` stands for a colour
of ``flows.look`` and ``"format:NAME"`` for a way to write numbers (both filled
in by ``assets/report.js``), and the same figures as a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flows.figures import count, duration, share
from flows.look import MEANINGS, queue_dash, queue_hue
from simulation.estimates import Estimate
from simulation.report_data import ReportData

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
    made = (_service_level(data), _wait(data), _staffing(data), _outcomes(data), _stages(data), _waits(data), _menu(data))
    return tuple(chart for chart in made if chart is not None)


# -- over the day ---------------------------------------------------------------------------------------------------

def _service_level(data: ReportData) -> Chart | None:
    points = _known(data, "service_level")
    if not points:
        return None
    lowest_at, lowest = min(points, key=lambda point: point[1].mean)
    within, target = duration(data.threshold_s), data.target_share
    weak = f"lowest at {_label(data, lowest_at)} with {_brief(share(lowest.mean, lowest.half_width))}"
    below = [i for i, e in points if target is not None and e.mean < target]
    runs = _runs(below)
    if target is None:
        title = f"The service level is {weak}"
    elif not below:
        title = f"The service level keeps to {share(target)} all day; it is {weak}"
    elif len(runs) > 2:
        title = f"The service level is below {share(target)} in {len(below)} of {len(points)} intervals; {weak}"
    else:
        spans = [f"from {_label(data, first)} to {_label(data, last + 1)}" for first, last in runs]
        title = f"The service level is below {share(target)} {' and '.join(spans)}; {weak}"
    option = _over_the_day(data, _line(data, "service_level", "Service level", colour="token:accent"), "share")
    option["yAxis"] |= {"min": 0, "max": 1}
    if target is not None:
        option["series"][-1]["markLine"] = _mark({"yAxis": target})
    return Chart("service-level", title, "When are callers answered in time?", option,
                 ("Interval", f"Service level within {within}", "Offered"),
                 tuple((_label(data, i), share(e.mean, e.half_width), _count_at(data, i, "offered")) for i, e in points),
                 f"Handled within {within} / (offered − abandoned within {within}), by the interval of the offer."
                 + _band_note(data),
                 legend=(("Service level", "accent", ()), (f"Target {share(target)}", "neutral", (5, 4))) if target else ())


def _wait(data: ReportData) -> Chart | None:
    points = _known(data, "asa_s")
    if not points:
        return None
    at, peak = max(points, key=lambda point: point[1].mean)
    title = (f"The wait peaks at {_label(data, at)} with {_brief(duration(peak.mean, peak.half_width))}" if peak.mean >= 0.5
             else "Nobody waits noticeably at any time")
    option = _over_the_day(data, _line(data, "asa_s", "ASA", colour="token:accent"), "duration")
    option["yAxis"]["min"] = 0
    return Chart("wait", title, "When do callers wait?", option, ("Interval", "ASA", "Abandonment"),
                 tuple((_label(data, i), duration(e.mean, e.half_width), _share_at(data, i, "abandonment"))
                       for i, e in points),
                 "Mean wait of handled callers (ASA), by the interval of the offer." + _band_note(data))


def _staffing(data: ReportData) -> Chart | None:
    aht = data.overall.get("aht_s")
    staffed = {i: e.mean for i, e in _known(data, "staffed_agents")}
    if not staffed or not any(staffed.values()) or aht is None:
        return None
    load = {i: _at(data, i, "offered") * aht.mean / _length_s(data, i) for i in staffed}
    short = _runs([i for i in staffed if load[i] > staffed[i]])
    if short:
        longest = max(short, key=lambda run: run[1] - run[0])
        title = (f"From {_label(data, longest[0])} to {_label(data, longest[1] + 1)} callers bring more work than the "
                 "agents on duty can do")
    else:
        tight = max((i for i in staffed if staffed[i]), key=lambda i: load[i] / staffed[i])
        title = (f"The agents on duty can do the work all day; it is tightest at {_label(data, tight)}, with "
                 f"{load[tight]:.1f} of {staffed[tight]:.1f} agents needed")
    order = sorted(staffed)
    labels = [_label(data, i) for i in order]
    option = {
        "grid": _GRID, "tooltip": {"trigger": "axis"}, "xAxis": _time_axis(labels),
        "yAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": "format:count"}},
        "series": [
            {"name": "Agents on duty", "type": "bar", "barCategoryGap": "0%", "data": _round(staffed[i] for i in order),
             "itemStyle": {"color": "token:staffed", "opacity": 0.3}, "tooltip": {"valueFormatter": "format:count"}},
            _plain_line("Work that callers bring", "load", (), [load[i] for i in order]),
            _plain_line("Agents busy", "good", (2, 3), [_at(data, i, "busy_agents") for i in order])]}
    rows = tuple((_label(data, i), f"{staffed[i]:.1f}", f"{load[i]:.1f}", f"{_at(data, i, 'busy_agents'):.1f}",
                  _share_at(data, i, "occupancy")) for i in order)
    return Chart("staffing", title, "Are enough agents there when callers come?", option,
                 ("Interval", "Agents on duty", "Work, in agents", "Agents busy", "Occupancy"), rows,
                 "Work = offered calls × AHT / length of the interval: the agents needed if none were ever idle.", wide=True,
                 legend=(("Agents on duty", "staffed", ()), ("Work that callers bring", "load", ()),
                         ("Agents busy", "good", (2, 3))))


# -- over the calls -------------------------------------------------------------------------------------------------

_ENDS = {  # outcome: (label, plural verb phrase, singular verb phrase)
    "handled": ("Handled by an agent", "speak to an agent", "speaks to an agent"),
    "contained": ("Served by the menu", "are served by the menu", "is served by the menu"),
    "voicemail": ("Left a message", "leave a message", "leaves a message"),
    "callback": ("Booked a callback", "book a callback", "books a callback"),
    "transferred_out": ("Put through elsewhere", "are put through elsewhere", "is put through elsewhere"),
    "closed": ("Told that the line is closed", "are told that the line is closed", "is told that the line is closed"),
    "abandoned": ("Hung up while waiting", "hang up while waiting", "hangs up while waiting"),
    "abandoned_in_menu": ("Hung up in the menu", "hang up in the menu", "hangs up in the menu"),
    "blocked": ("Found all lines busy", "find all lines busy", "finds all lines busy"),
    "failed": ("Cut off by a failure", "are cut off by a failure", "is cut off by a failure"),
    "turned_away": ("Turned away before an answer", "are turned away before anybody answers", "is turned away before anybody answers"),
}


def _outcomes(data: ReportData) -> Chart | None:
    everybody = sum(data.outcomes.values())
    if not everybody:
        return None
    ends = sorted(((name, calls) for name, calls in data.outcomes.items() if calls), key=lambda end: -end[1])
    said = [_of_hundred(100 * calls / everybody, *_ENDS[name][1:]) for name, calls in ends[:3]]
    bars = [{"value": calls / everybody, "itemStyle": {"color": f"token:{MEANINGS[name]}"},
             "label": {"formatter": f"{share(calls / everybody)}"}} for name, calls in ends]
    option = _bars([_ENDS[name][0] for name, _ in ends], bars)
    return Chart("outcomes", f"Of 100 callers {_listed(said)}", "Where do callers end?", option,
                 ("Callers", "Share", "Calls"),
                 tuple((_ENDS[name][0], share(calls / everybody), count(round(calls, 1))) for name, calls in ends),
                 "Vermillion marks callers who got nothing.")


def _stages(data: ReportData) -> Chart | None:
    arrived = data.overall["arrived"].mean
    offered, handled = data.overall["offered"].mean, data.overall["handled"].mean
    queued = offered + data.overall["callbacks_promised"].mean
    if not arrived or not offered:
        return None
    in_time = data.overall["service_level_of_offered"].mean * offered
    within = duration(data.threshold_s)
    stages = [("Arrived", arrived), ("Got a line", arrived - data.overall["blocked"].mean), ("Reached a queue", queued),
              ("Reached an agent", handled), (f"… within {within}", in_time)]
    reach, agent, fast = (round(100 * value / arrived) for value in (queued, handled, in_time))
    option = _bars([name for name, _ in stages], [
        {"value": value / arrived, "itemStyle": {"color": "token:accent"},
         "label": {"formatter": share(value / arrived)}} for name, value in stages])
    return Chart("stages", f"Of 100 callers {reach} reach a queue, {agent} an agent, and {fast} within {within}",
                 "How far do callers get?", option, ("Stage", "Share of arrived", "Calls"),
                 tuple((name, share(value / arrived), count(round(value, 1))) for name, value in stages),
                 "A caller who is transferred reaches a queue twice.")


def _waits(data: ReportData) -> Chart | None:
    if not data.waits.get(""):
        return None
    half, rare = data.overall["wait_p50_s"].mean, data.overall["wait_p95_s"].mean
    title = (f"Half of the callers {'do not wait at all' if half == 0 else 'wait at most ' + duration(half)}; "
             f"one in twenty waits {duration(rare)} or more") if rare else "Hardly anybody waits: 19 in 20 callers do not wait at all"
    furthest = max(3 * data.threshold_s, _reaches(data.waits[""], 0.985))
    named = [("", "All queues", "ink", ())] if len(data.by_queue) != 1 else []
    named += [(name, name, queue_hue(i), queue_dash(i)) for i, name in enumerate(data.by_queue)]
    named = [line for line in named if data.waits[line[0]]]
    series = []
    for key, name, colour, dash in named:
        points = [(0.0, 0.0), *(p for p in data.waits[key] if p[0] <= furthest)]
        points.append((furthest, points[-1][1]))
        line = _plain_line(name, colour, dash, [])
        series.append(line | {"step": "end", "data": [[x, round(y, 4)] for x, y in points],
                              "tooltip": {"valueFormatter": "format:share"}})
    series[0]["markLine"] = _mark({"xAxis": data.threshold_s}, duration(data.threshold_s))
    option = {"grid": _GRID | {"top": 26}, "tooltip": {"trigger": "axis"},
              "xAxis": {"type": "value", "min": 0, "max": furthest, "axisLabel": {"formatter": "format:duration", "hideOverlap": True},
                        "splitLine": {"show": False}},
              "yAxis": {"type": "value", "min": 0, "max": 1, "axisLabel": {"formatter": "format:share"}}, "series": series}
    steps = [0.0, 5.0, 10.0, data.threshold_s, 30.0, 60.0, 120.0, 300.0, 600.0]
    rows = tuple((duration(at), *(share(_share_by(data.waits[key], at)) for key, *_ in named))
                 for at in sorted({at for at in steps if at <= max(furthest, data.threshold_s)}))
    return Chart("waits", title, "How long do callers wait?", option,
                 ("Waited at most", *(line[1] for line in named)), rows,
                 "Share of all offered callers, those who hung up included, who waited at most so long.",
                 legend=tuple(line[1:] for line in named))


def _menu(data: ReportData) -> Chart | None:
    if not data.menu_times or data.menu_times[-1][0] == 0:
        return None
    mean, slow = data.overall["menu_s"], _reaches(data.menu_times, 0.9)
    width = next(w for w in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600) if _reaches(data.menu_times, 0.995) / w <= 30)
    bins = range(int(_reaches(data.menu_times, 0.995) // width) + 1)
    shares = [_share_by(data.menu_times, (i + 1) * width) - (_share_by(data.menu_times, i * width) if i else 0.0) for i in bins]
    labels = [f"up to {duration((i + 1) * width)}" for i in bins]
    option = {"grid": _GRID, "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
              "xAxis": {"type": "category", "data": labels, "axisLabel": {"formatter": "format:after-up-to", "hideOverlap": True}},
              "yAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": "format:share"}},
              "series": [{"name": "Callers", "type": "bar", "barCategoryGap": "12%", "data": _round(shares, 5),
                          "itemStyle": {"color": "token:accent", "borderRadius": [2, 2, 0, 0]},
                          "tooltip": {"valueFormatter": "format:share"}}]}
    return Chart("menu", f"Callers spend {duration(mean.mean)} in the menu; one in ten spends {duration(slow)} or more",
                 "How long does the menu take?", option, ("Time in the menu", "Share of callers"),
                 tuple((label, share(value)) for label, value in zip(labels, shares)),
                 "From the arrival to the end of the menu, of all callers who got a line.")


# -- pieces ---------------------------------------------------------------------------------------------------------

_GRID = {"left": 8, "right": 18, "top": 14, "bottom": 4, "outerBoundsMode": "same", "outerBoundsContain": "axisLabel"}


def _over_the_day(data: ReportData, series: list[dict[str, Any]], unit: str) -> dict[str, Any]:
    labels = [_label(data, i) for i in range(len(data.by_interval))]
    return {"grid": _GRID, "tooltip": {"trigger": "axis"}, "xAxis": _time_axis(labels),
            "yAxis": {"type": "value", "axisLabel": {"formatter": f"format:{unit}"}},
            "series": [one | {"tooltip": one.get("tooltip", {}) | {"valueFormatter": f"format:{unit}"}} for one in series]}


def _line(data: ReportData, name: str, label: str, *, colour: str) -> list[dict[str, Any]]:
    """A line over the intervals, on a band of its confidence interval (a stack of two lines, the lower unseen)."""
    known = dict(_known(data, name))
    order = range(len(data.by_interval))
    line = {"name": label, "type": "line", "symbol": "circle", "symbolSize": 6, "z": 3,
            "data": [round(known[i].mean, 4) if i in known else None for i in order],
            "lineStyle": {"color": colour, "width": 2.5}, "itemStyle": {"color": colour}}
    if data.replications < 2:
        return [line]
    top = 1.0 if name == "service_level" else float("inf")
    bounds = {i: (max(e.mean - (e.half_width or 0.0), 0.0), min(e.mean + (e.half_width or 0.0), top)) for i, e in known.items()}
    band = {"type": "line", "stack": "interval", "symbol": "none", "silent": True, "lineStyle": {"opacity": 0},
            "tooltip": {"show": False}, "stackStrategy": "all"}
    return [band | {"data": [round(bounds[i][0], 4) if i in bounds else None for i in order]},
            band | {"data": [round(bounds[i][1] - bounds[i][0], 4) if i in bounds else None for i in order],
                    "areaStyle": {"color": colour, "opacity": 0.2}}, line]


def _plain_line(name: str, colour: str, dash: tuple[int, ...], values: Sequence[float]) -> dict[str, Any]:
    return {"name": name, "type": "line", "symbol": "none", "data": _round(values),
            "lineStyle": {"color": f"token:{colour}", "width": 2.5, "type": list(dash) or "solid"},
            "itemStyle": {"color": f"token:{colour}"}, "tooltip": {"valueFormatter": "format:count"}}


def _bars(labels: Sequence[str], bars: list[dict[str, Any]]) -> dict[str, Any]:
    """Horizontal bars, the first on top, the label of each above it so that it fits a phone."""
    return {"grid": {"left": 4, "right": 64, "top": 4, "bottom": 4}, "tooltip": {"trigger": "item"},
            "xAxis": {"type": "value", "min": 0, "max": max(bar["value"] for bar in bars), "show": False},
            "yAxis": [{"type": "category", "data": list(labels), "inverse": True, "show": False}],
            "series": [{"type": "bar", "barWidth": 16, "data": bars, "showBackground": True,
                        "backgroundStyle": {"color": "token:raised", "borderRadius": 3},
                        "itemStyle": {"borderRadius": 3}, "label": {"show": True, "position": "right", "color": "token:ink", "fontWeight": 600},
                        "labelLayout": {"hideOverlap": False}, "tooltip": {"valueFormatter": "format:share"},
                        "markPoint": {"silent": True, "symbol": "rect", "symbolSize": 0.1, "data": [
                            {"coord": [0, i], "value": label, "label": {
                                "show": True, "formatter": label, "position": "right", "align": "left", "offset": [-4, -18],
                                "color": "token:ink-soft", "fontSize": 12}} for i, label in enumerate(labels)]}}]}


def _mark(place: dict[str, float], label: str = "") -> dict[str, Any]:
    return {"silent": True, "symbol": "none", "data": [place], "animation": False,
            "lineStyle": {"color": "token:neutral", "type": [5, 4], "width": 1.5},
            "label": {"show": bool(label), "formatter": label, "color": "token:ink-soft", "position": "end"}}


def _time_axis(labels: list[str]) -> dict[str, Any]:
    return {"type": "category", "data": labels, "axisLabel": {"hideOverlap": True}}


def _known(data: ReportData, name: str) -> list[tuple[int, Estimate]]:
    return [(i, estimates[name]) for i, estimates in enumerate(data.by_interval) if name in estimates]


def _at(data: ReportData, interval: int, name: str) -> float:
    found = data.by_interval[interval].get(name)
    return found.mean if found else 0.0


def _share_at(data: ReportData, interval: int, name: str) -> str:
    found = data.by_interval[interval].get(name)
    return share(found.mean, found.half_width) if found else "–"


def _count_at(data: ReportData, interval: int, name: str) -> str:
    return count(round(_at(data, interval, name), 1))


def _label(data: ReportData, interval: int) -> str:
    return data.labels[interval]


def _length_s(data: ReportData, interval: int) -> float:
    return data.lengths_s[interval]


def _brief(text: str) -> str:
    """The figure without its half-width, which has decided its digits."""
    return text.partition(" ± ")[0]


def _band_note(data: ReportData) -> str:
    return f" The band is the {share(data.confidence)} interval of {data.replications} replications." if data.replications > 1 else ""


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Consecutive numbers as (first, last)."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _reaches(curve: Sequence[tuple[float, float]], wanted: float) -> float:
    return next((at for at, reached in curve if reached >= wanted - 1e-12), curve[-1][0])


def _share_by(curve: Sequence[tuple[float, float]], at: float) -> float:
    return max((reached for bound, reached in curve if bound <= at), default=0.0)


def _of_hundred(number: float, plural: str, singular: str) -> str:
    whole = round(number)
    if whole == 0:
        return f"fewer than 1 {singular}"
    return f"{whole} {singular if whole == 1 else plural}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _round(values: Iterable[float], places: int = 2) -> list[float]:
    return [round(value, places) for value in values]

