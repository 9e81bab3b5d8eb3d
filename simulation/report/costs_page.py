"""Costs on a page: by kind, by agent group, by queue, and side by side in a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from ivr.records.measures import MEASURES
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import written
from simulation.experiment.verdict import signed, verdict
from simulation.report.costs_table import OF_QUEUES, costs_heading, costs_rows, shown_costs
from simulation.report.data import Comparison, ReportData
from simulation.report.page import half_width, sheet, table

__all__ = ["compared_costs", "costs"]

_OF_GROUPS = ("cost_agents", "cost_overtime", "overtime_hours")
_WORDS = {"better": '<span class="met">✓ better</span>', "worse": '<span class="missed">✗ worse</span>'}


def costs(report: ReportData) -> str:
    """Return what the calls cost, by kind, by group and by queue; empty without prices."""
    rows = costs_rows(report.overall)
    if not rows:
        return ""
    cells = [[escape(name), half_width(figure), escape(part), escape(of)] for name, figure, part, of in rows]
    heading = costs_heading(report.currency, report.replications)
    rows_shown = table(("", "Amount", "Of the cost", "What it is"), cells, text_columns=(3,))
    parts = [sheet(heading, rows_shown, note=" ".join(report.cost_notes))]
    for title, first, names, found in (
        ("Cost of agents by group", "Group", _OF_GROUPS, report.by_group),
        ("Costs and value by queue", "Queue", OF_QUEUES, report.by_queue),
    ):
        shown = [name for name in names if any(of[name].mean for of in found.values() if name in of)]
        if shown and len(found) > 1:
            parts.append(sheet(title, _by(found, first, shown)))
    return "\n".join(parts)


def _by(found: Mapping[str, Mapping[str, Estimate]], first: str, names: list[str]) -> str:
    rows = [
        [escape(name), *(half_width(written(m, of[m])) if m in of else "–" for m in names)]
        for name, of in found.items()
    ]
    return table((first, *(MEASURES[name].title for name in names)), rows)


def compared_costs(report: Comparison) -> str:
    """Return the costs of scenarios side by side, and what each saves against the first; empty without prices."""
    names = _all_shown(report)
    if not names:
        return ""
    rows = []
    for variant in report.variants:
        of = variant.overall
        cells = [half_width(written(name, of[name])) if name in of else "–" for name in names]
        rows.append([escape(variant.name), *cells])
        if variant.difference:
            rows.append(
                [
                    f'<span class="pm">against {escape(report.variants[0].name)}</span>',
                    *(_difference(name, variant.difference) for name in names),
                ]
            )
    heading = costs_heading(report.currency, report.replications)
    return sheet(heading, table(("Scenario", *(MEASURES[name].title for name in names)), rows))


def _all_shown(report: Comparison) -> list[str]:
    shown = {name for variant in report.variants for name in shown_costs(variant.overall)}
    return [name for name in MEASURES if name in shown]


def _difference(name: str, found: Mapping[str, Estimate]) -> str:
    if name not in found:
        return "–"
    word = verdict(name, found[name])
    return f"{half_width(signed(name, found[name]))}<br>{_WORDS.get(word, f'<span class=pm>{escape(word)}</span>')}"
