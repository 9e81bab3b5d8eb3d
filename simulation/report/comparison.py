"""The HTML page of a comparison: several scenarios side by side."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from flows.display.numbers import duration
from ivr.records.measures import MEASURES
from simulation.experiment.advice import Plan, advice, hours
from simulation.experiment.format_estimate import written
from simulation.experiment.verdict import signed, verdict
from simulation.flow_comparison.result import FlowComparison
from simulation.report.charts.of_a_comparison import QUESTIONS, comparison_chart
from simulation.report.costs_page import compared_costs
from simulation.report.data import Comparison, Variant, comparison
from simulation.report.flows_page import days_sheet, flow_sheet, waterfalls
from simulation.report.level_cells import level_cell
from simulation.report.page import (
    assumed,
    confidence_note,
    figure,
    half_width,
    page,
    prose,
    sheet,
    table,
    terms,
)

__all__ = ["Comparison", "comparison", "render_comparison"]

_IF_ANY = (
    "blocking",
    "callbacks_promised",
    "callback_reached_share",
    "callback_level",
    "callback_wait_s",
    "conferences_asked",
    "conferences_joined",
    "conference_wait_s",
    "concurrency",
    "slot_occupancy",
    "outbound_made",
    "outbound_reached",
    "outbound_occupancy",
)
_SHOWN = ("service_level", "asa_s", "abandonment", "occupancy", "menu_s", "share_zero_out", *_IF_ANY)
_HOW_TO_READ = (
    "Points are means, bars their intervals. Scenarios whose intervals overlap may still differ clearly, "
    "because they share the same random draws: see the differences below."
)
_PAIRED = " Differences are paired by replication, on the same random draws."


def render_comparison(report: Comparison, flows: Sequence[FlowComparison] = ()) -> str:
    """Return one self-contained HTML page that compares scenarios.

    Parameters
    ----------
    report : Comparison
        Returned by ``comparison``; its first scenario is the baseline.
    flows : sequence of FlowComparison
        Of the scenarios that have other menus than the first.

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
        comparison_chart(report, name)
        for name in QUESTIONS
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
        _queues(report),
        _differences(report),
        compared_costs(report),
        days_sheet(report),
    ]
    for one in flows:
        causes = waterfalls(one)
        charts += causes
        parts.append(flow_sheet(one, report.currency))
        heading = f"<h2>From {escape(one.old)} to {escape(one.new)}, cause by cause</h2>"
        parts.append(f'{heading}<div class="charts">{"".join(map(figure, causes))}</div>' if causes else "")
    background = [sheet("What was simulated", terms(report.inputs))] if report.inputs else []
    if report.assumptions:
        background.append(assumed(report.assumptions))
    parts.append(f'<div class="two">{"".join(background)}</div>' if background else "")
    note = escape(confidence_note(report.replications, report.confidence))
    parts.append(f"<footer>{note}{_PAIRED if len(report.variants) > 1 else ''}</footer>")
    return page(title=report.title, body="\n".join(part for part in parts if part), charts=charts)


def _how_many(report: Comparison) -> str:
    many = len(report.variants)
    if many == 1:
        return "1 scenario"
    return (
        f"{many} scenarios on the same callers"
        if report.same_callers
        else f"{many} scenarios, some with different callers"
    )


def _lead(report: Comparison) -> str:
    return advice(
        [
            Plan(v.name, v.overall.get("service_level"), v.threshold_s, v.agent_hours, v.queue_levels, report.queues)
            for v in report.variants
        ],
        target=report.target_share,
    )


def _changes(report: Comparison) -> str:
    """What each scenario changes, and its agent-hours."""
    if not any(variant.changes for variant in report.variants):
        return ""
    base = report.variants[0]
    rows = []
    for variant in report.variants:
        said = ["the baseline"] if variant is base else list(variant.changes) or ["no changes"]
        rows.append([escape(variant.name), "<br>".join(map(prose, said)), _cost(variant), _more(variant, base)])
    costs = [i for i in (2, 3) if any(row[i] != "–" for row in rows)]
    heads = ("Scenario", f"Changes from {base.name}", "Agent-hours", "Difference")
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


def _queues(report: Comparison) -> str:
    """Service levels of the queues that have a threshold or a target of their own."""
    first = report.variants[0].queue_levels
    if not first:
        return ""
    queues = list(dict.fromkeys(one.queue for variant in report.variants for one in variant.queue_levels))
    rows = []
    for variant in report.variants:
        of = {one.queue: one for one in variant.queue_levels}
        rows.append([escape(variant.name), *(level_cell(of.get(queue)) for queue in queues)])
    heads = {one.queue: f"{one.queue}, {one.goal or f'within {duration(one.threshold_s)}'}" for one in first}
    return sheet("Service level by queue", table(("Scenario", *(heads.get(queue, queue) for queue in queues)), rows))


def _differs(report: Comparison, name: str) -> bool:
    """Whether a measure is worth a column: scenarios differ in it or, with only one scenario, it is not 0."""
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
