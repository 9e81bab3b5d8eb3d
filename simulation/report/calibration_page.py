"""The page of a calibration: a picture of every estimate, the estimates with their intervals, and what is assumed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from flows.source.counted import counted
from simulation.backtesting.figures import FIGURES
from simulation.backtesting.own_days import OwnDays
from simulation.calibration.calibration import Calibration
from simulation.calibration.estimates import rows
from simulation.report.calibration_text import figure_text, value_text
from simulation.report.charts.chart import Chart
from simulation.report.charts.of_calibration import calibration_charts
from simulation.report.page import assumed, figure, page, prose, sheet, table

__all__ = ["calibration_page", "framed"]


def calibration_page(of: Calibration, assumptions: Sequence[str], own: OwnDays | None = None) -> str:
    """Return one self-contained HTML page.

    Parameters
    ----------
    of : Calibration
    assumptions : sequence of str
    own : OwnDays, optional
        The log's own days simulated.
    """
    dates = of.days.dates
    subtitle = f"{counted(of.calls, 'call')} · {dates[0]:%a %d %b %Y} to {dates[-1]:%a %d %b %Y}"
    parts = [_left_out(of), _estimates(of), _parts(of)]
    if own is not None:
        parts.append(_own_days(own))
    parts.append(assumed(assumptions))
    return framed(f"What {of.log.name} tells", subtitle, calibration_charts(of), parts)


def framed(title: str, subtitle: str, charts: Sequence[Chart], parts: Sequence[str], *, lead: str = "") -> str:
    """A page of charts and sheets under a title."""
    body = [
        f'<header><div><h1>{escape(title)}</h1><p class="subtitle">{escape(subtitle)}</p></div>'
        '<button id="theme" type="button" hidden>Dark colours</button></header>',
        f'<p class="lead">{prose(lead)}</p>' if lead else "",
        f'<h2>In charts</h2><div class="charts">{"".join(map(figure, charts))}</div>' if charts else "",
        *parts,
    ]
    return page(title=title, body="\n".join(part for part in body if part), charts=charts)


def _left_out(of: Calibration) -> str:
    if not of.left_out:
        return ""
    items = "".join(f"<li>{prose(f'{one.date:%a %d %b %Y}: {one.why}')}</li>" for one in of.left_out)
    return sheet("Days left out", f"<ul>{items}</ul>")


def _parts(of: Calibration) -> str:
    """How parts of the day go together; nothing when it cannot be told."""
    if of.parts is None or not any(math.isfinite(of.parts[i, j]) for i in range(4) for j in range(i)):
        return ""
    names = ("First quarter", "Second", "Third", "Last")
    cells = [
        [name, *(f"{value:.2f}" if math.isfinite(value) else "–" for value in of.parts[i].tolist())]
        for i, name in enumerate(names)
    ]
    note = (
        "Correlations of how busy the quarters of a day's calls are, free of chance; one factor for whole days makes 1."
    )
    return sheet("Parts of the day that are busy together", table(("", *names), cells), note=note)


def _estimates(of: Calibration) -> str:
    cells = [
        [
            escape(row.title),
            escape(value_text(row.kind, row.value.value)),
            ""
            if row.value.low == row.value.high
            else escape(f"{value_text(row.kind, row.value.low)} to {value_text(row.kind, row.value.high)}"),
            escape(row.note),
        ]
        for row in rows(of)
    ]
    return sheet("Estimates", table(("Estimate", "Value", "95 % interval", ""), cells, text_columns=(3,)))


def _own_days(own: OwnDays) -> str:
    cells = [
        [escape(FIGURES[name].title), figure_text(name, own.real[name]), figure_text(name, spread.mean)]
        for name, spread in own.simulated.whole.items()
        if name in own.real
    ]
    return sheet("These days simulated, with the calls as they came", table(("", "Real", "Simulated"), cells))
