"""The page of a sweep: the frontier, what matters, two places against each other, and the cells."""

from __future__ import annotations

from html import escape

from flows.source.counted import counted
from simulation.report.calibration_page import framed
from simulation.report.charts.of_a_sweep import sweep_charts
from simulation.report.page import assumed, confidence_note, half_width, prose, sheet, table
from simulation.report.sweep_text import figure_title, figure_written, sweep_verdict
from simulation.sweeping.result import SweepResult

__all__ = ["sweep_page"]

_MOST = 500
_SHOWN = ("cost", "agent_hours", "service_level", "asa_s", "abandonment", "occupancy")


def sweep_page(found: SweepResult, *, figures: str = "cost,service_level", tornado: str = "") -> str:
    """Return the report on a sweep: one HTML page that opens offline.

    Parameters
    ----------
    found : SweepResult
    figures : str
        The two figures of the frontier.
    tornado : str
        The figure whose inputs are compared; default: the second of the frontier.
    """
    scenario, axes = found.loaded.scenario, found.axes(figures)
    subtitle = (
        f"{scenario.start:%A %d %B %Y} · {counted(len(found.plan.cells), 'cell')} of"
        f" {', '.join(place.path for place in found.plan.places)} · {counted(found.replications, 'replication')} each"
        f" · seed {found.seed} · {found.engine} engine"
    )
    parts = [_cells(found, figures), _notes(found), assumed(found.assumptions)]
    charts = sweep_charts(found, figures, tornado or axes.y)
    return framed(f"Sweep of {scenario.name}", subtitle, charts, parts, lead=sweep_verdict(found, figures))


def _cells(found: SweepResult, figures: str) -> str:
    axes, best = found.axes(figures), found.frontier(figures)
    names = dict.fromkeys((axes.x, axes.y, *_SHOWN))
    shown = [name for name in names if any(name in of for of in found.figures.values())]
    order = [*best, *(cell for cell in found.figures if cell not in best)]
    rows = [
        [
            escape(", ".join(found.plan.cells[cell])),
            "on it" if cell in best else "",
            *(
                half_width(figure_written(name, found.figures[cell][name])) if name in found.figures[cell] else "–"
                for name in shown
            ),
        ]
        for cell in order[:_MOST]
    ]
    more = f" The first {_MOST} of {len(order):,}; --output writes all." if len(order) > _MOST else ""
    note = confidence_note(found.replications, found.loaded.scenario.confidence)
    columns = (", ".join(place.path for place in found.plan.places), "Frontier", *map(figure_title, shown))
    return sheet("Cells", table(columns, rows), note=f"{note}{more}")


def _notes(found: SweepResult) -> str:
    told = [note.message for note in (*found.loaded.notes, *found.notes)]
    told += [f"{found.name(cell)}: {of[0].message}" for cell, of in list(found.problems.items())[:20]]
    if not told:
        return ""
    return sheet("Worth knowing", f"<ul>{''.join(f'<li>{prose(text)}</li>' for text in told)}</ul>")
