"""The report of a comparison: several scenarios on the same callers, side by side."""

from __future__ import annotations

from html import escape
from typing import Any

from flows.display.numbers import share
from flows.display.theme import queue_hue
from ivr.records.measures import MEASURES
from simulation.experiment.advice import Plan, advice, hours
from simulation.experiment.format_estimate import bounds, without_interval, written
from simulation.experiment.verdict import signed, verdict
from simulation.report.charts import Chart
from simulation.report.data import Comparison, Variant, comparison
from simulation.report.page import assumed, confidence_note, figure, half_width, page, prose, sheet, table, terms

__all__ = ["Comparison", "comparison", "render_comparison"]

_IF_ANY = ("blocking", "callbacks_promised", "callback_reached_share", "callback_level", "callback_wait_s")
_SHOWN = ("service_level", "asa_s", "abandonment", "occupancy", "menu_s", "share_zero_out", *_IF_ANY)
_HOW_TO_READ = (
    "Points are means, bars their intervals. Scenarios whose intervals overlap may still differ clearly, "
    "because they are simulated with the same random draws: see the differences below."
)
_PRAISE = {
    "service_level": "highest service level",
    "asa_s": "shortest wait of those answered",
    "abandonment": "smallest share hangs up",
}
_PAIRED = " Differences are taken replication by replication, on the same random draws."
_QUESTIONS = {
    "service_level": "Who answers in time?",
    "asa_s": "Where do callers who are answered wait least?",
    "abandonment": "Where do fewest hang up?",
    "occupancy": "How busy are the agents?",
}


def render_comparison(report: Comparison) -> str:
    """Return one self-contained HTML page that compares scenarios.

    Parameters
    ----------
    report : Comparison
        Made by ``comparison``; its first scenario is the baseline.

    Returns
    -------
    str

    Examples
    --------
    >>> from ivr.records.measures import sums
    >>> from ivr.records.tables import empty
    >>> html = render_comparison(comparison({"plan": [sums(empty(horizon_us=10))]}, title="Plans"))
    >>> "Plans" in html
    True
    """
    charts = [
        _chart(report, name)
        for name in _QUESTIONS
        if all(name in v.overall for v in report.variants) and (name == "service_level" or _differs(report, name))
    ]
    subtitle = " · ".join(part for part in (_how_many(report), report.subtitle) if part)
    parts = [
        (
            f'<header><div><h1>{escape(report.title)}</h1><p class="subtitle">{escape(subtitle)}</p></div>'
            '<button id="theme" type="button" hidden>Dark colours</button></header>'
        ),
        f'<p class="lead">{prose(_lead(report))}</p>',
        _changes(report),
        f'<h2>The scenarios in charts</h2><div class="charts">{"".join(map(figure, charts))}</div>' if charts else "",
        f'<p class="note">{_HOW_TO_READ}</p>' if charts and report.replications > 1 else "",
        _figures(report),
        _differences(report),
    ]
    background = [sheet("What was simulated", terms(report.inputs))] if report.inputs else []
    if report.assumptions:
        background.append(assumed(report.assumptions))
    parts.append(f'<div class="two">{"".join(background)}</div>' if background else "")
    parts.append(
        f"<footer>{escape(confidence_note(report.replications, report.confidence))}{_PAIRED if len(report.variants) > 1 else ''}</footer>"
    )
    return page(title=report.title, body="\n".join(part for part in parts if part), charts=charts)


def _how_many(report: Comparison) -> str:
    many = len(report.variants)
    if many == 1:
        return "1 scenario"
    return (
        f"{many} scenarios on the same callers" if report.same_callers else f"{many} scenarios, some with other callers"
    )


def _lead(report: Comparison) -> str:
    return advice(
        [Plan(v.name, v.overall.get("service_level"), v.threshold_s, v.agent_hours) for v in report.variants],
        target=report.target_share,
    )


def _said(name: str, variant: Variant) -> str:
    return without_interval(written(name, variant.overall[name]))


def _chart(report: Comparison, name: str) -> Chart:
    """A point and its interval for each scenario, on one scale."""
    values = [variant.overall[name] for variant in report.variants]
    unit = {"share": "share", "s": "duration"}.get(MEASURES[name].unit, "count")
    ends = [bounds(name, value) or (value.mean, value.mean) for value in values]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    room = 0.06 * (high - low) or 0.01
    left, right = max(low - room, 0.0), min(high + room, 1.0) if unit == "share" else high + room
    series: list[dict[str, Any]] = []
    for i, (variant, value, (lowest, highest)) in enumerate(zip(report.variants, values, ends)):
        colour = f"token:{queue_hue(i)}"
        series.append(
            {
                "type": "line",
                "silent": True,
                "symbol": "rect",
                "symbolSize": [2, 14],
                "data": [[lowest, i], [highest, i]],
                "lineStyle": {"color": colour, "width": 2},
                "itemStyle": {"color": colour},
            }
        )
        series.append(
            {
                "name": variant.name,
                "type": "scatter",
                "symbolSize": 12,
                "silent": True,
                "data": [[value.mean, i]],
                "itemStyle": {"color": colour, "opacity": 1},
            }
        )
        series.append(
            {
                "type": "scatter",
                "symbolSize": 0.1,
                "silent": True,
                "zlevel": 1,
                "itemStyle": {"opacity": 1},
                "data": [[left, i]],
                "label": {
                    "show": True,
                    "position": "right",
                    "offset": [-6, -18],
                    "color": "token:ink",
                    "fontSize": 12.5,
                    "backgroundColor": "token:surface",
                    "padding": [2, 3],
                    "formatter": f"{variant.name}:  {written(name, value)}",
                },
            }
        )
    target = report.target_share if name == "service_level" else None
    if target is not None and left <= target <= right:
        series[0]["markLine"] = {  # of a series below the names, which it may cross
            "silent": True,
            "symbol": "none",
            "data": [{"xAxis": target}],
            "animation": False,
            "lineStyle": {"color": "token:neutral", "type": [5, 4], "width": 1.5},
            "label": {
                "show": True,
                "formatter": f"target {share(target)}",
                "color": "token:ink-soft",
                "position": "start",
            },
        }
    option = {
        "grid": {
            "left": 12,
            "right": 24,
            "top": 26,
            "bottom": 4,
            "outerBoundsMode": "same",
            "outerBoundsContain": "axisLabel",
        },
        "xAxis": {
            "type": "value",
            "min": left,
            "max": right,
            "axisLabel": {
                "formatter": f"format:{unit}",
                "hideOverlap": True,
                "showMinLabel": False,
                "showMaxLabel": False,
            },
        },
        "yAxis": {"type": "value", "min": -0.8, "max": len(values) - 0.6, "inverse": True, "show": False},
        "series": series,
    }
    return Chart(
        name.replace("_", "-"),
        _title(report, name),
        _QUESTIONS[name],
        option,
        ("Scenario", MEASURES[name].title),
        tuple((variant.name, written(name, variant.overall[name])) for variant in report.variants),
        height_px=max(48 * len(values) + 64, 208),
    )


def _title(report: Comparison, name: str) -> str:
    """Name the best scenario, but only where it differs clearly from the baseline."""
    measure, baseline = MEASURES[name], report.variants[0]
    if len(report.variants) == 1:
        return f"{measure.title}: {_said(name, baseline)}"
    ordered = sorted(
        report.variants, key=lambda variant: variant.overall[name].mean, reverse=measure.better == "higher"
    )
    if not measure.better:  # occupancy: neither high nor low is good in itself
        low, high = _said(name, ordered[0]), _said(name, ordered[-1])
        return f"Agents are busy {low} of their time" + (
            f" to {high}, depending on the scenario" if low != high else ""
        )
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


def _changes(report: Comparison) -> str:
    """What each scenario says otherwise than the first, and what its agents cost."""
    if not any(variant.changes for variant in report.variants):
        return ""
    base = report.variants[0]
    rows = []
    for variant in report.variants:
        said = ["the baseline"] if variant is base else list(variant.changes) or ["nothing"]
        rows.append([escape(variant.name), "<br>".join(map(prose, said)), _cost(variant), _more(variant, base)])
    costs = [i for i in (2, 3) if any(row[i] != "–" for row in rows)]
    heads = ("Scenario", f"Otherwise than {base.name}", "Agent-hours", "Difference")
    return sheet(
        "What changes",
        table(
            [heads[i] for i in (0, 1, *costs)], [[row[i] for i in (0, 1, *costs)] for row in rows], text_columns=(1,)
        ),
    )


def _cost(variant: Variant) -> str:
    return "–" if variant.agent_hours is None else hours(variant.agent_hours)


def _more(variant: Variant, base: Variant) -> str:
    if variant is base or variant.agent_hours is None or base.agent_hours is None:
        return "–"
    more = variant.agent_hours - base.agent_hours
    return "±0" if hours(abs(more)) == "0" else f"{'+' if more > 0 else '−'}{hours(abs(more))}"


def _figures(report: Comparison) -> str:
    names = [name for name in _SHOWN if name == "service_level" or _differs(report, name)]
    names = [
        name
        for name in names
        if any(v.overall[name].mean or name not in _IF_ANY for v in report.variants if name in v.overall)
    ]
    rows = [
        [
            escape(variant.name),
            *(half_width(written(name, variant.overall[name])) if name in variant.overall else "–" for name in names),
        ]
        for variant in report.variants
    ]
    return sheet(
        "The scenarios",
        table(("Scenario", *(MEASURES[name].title for name in names)), rows),
        note=confidence_note(report.replications, report.confidence),
    )


def _differs(report: Comparison, name: str) -> bool:
    """Whether a measure is worth a column: one in which no scenario differs is not, nor is one that is 0 in a single
    scenario.
    """
    having = [variant.overall[name] for variant in report.variants if name in variant.overall]
    if len(report.variants) == 1:
        return any(value.mean for value in having)
    changed = (variant.difference[name] for variant in report.variants if name in variant.difference)
    return 0 < len(having) < len(report.variants) or any(value.mean or value.half_width for value in changed)


def _differences(report: Comparison) -> str:
    others = [variant for variant in report.variants if variant.difference]
    names = [name for name in _SHOWN if _differs(report, name)]
    if not others or not names:
        return ""
    marks = {"better": '<span class="met">✓ better</span>', "worse": '<span class="missed">✗ worse</span>'}
    rows = []
    for variant in others:
        row = [escape(variant.name)]
        for name in names:
            if name not in variant.difference:
                row.append("–")
                continue
            difference = variant.difference[name]
            word = verdict(name, difference)
            shown = marks.get(word, f'<span class="pm">{escape(word)}</span>')
            row.append(f"{half_width(signed(name, difference))}<br>{shown}")
        rows.append(row)
    return sheet(
        f"Compared with {report.variants[0].name}",
        table(("Scenario", *(MEASURES[name].title for name in names)), rows),
        note="Paired differences; shares in percentage points.",
    )
