"""The page of a calibration: a picture of every estimate, the estimates with their intervals, and what is assumed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from flows.source.counted import counted
from simulation.backtesting.figures import FIGURES
from simulation.backtesting.own_days import OwnDays
from simulation.calibration.arrivals import tells
from simulation.calibration.calibration import Calibration
from simulation.calibration.estimates import rows
from simulation.report.calibration_text import estimate_texts, figure_text, own_days_title
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
        parts.append(_own_days(of, own))
    parts.append(assumed(assumptions))
    return framed(f"What {of.log.name} tells", subtitle, calibration_charts(of), parts)


def framed(
    title: str,
    subtitle: str,
    charts: Sequence[Chart],
    parts: Sequence[str],
    *,
    lead: str = "",
    first: Sequence[str] = (),
) -> str:
    """A page of charts and sheets under a title; those of `first` are above the charts."""
    body = [
        f'<header><div><h1>{escape(title)}</h1><p class="subtitle">{escape(subtitle)}</p></div>'
        '<button id="theme" type="button" hidden>Dark colours</button></header>',
        f'<p class="lead">{prose(lead)}</p>' if lead else "",
        *first,
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
    if not of.parts:
        return ""
    names = ("First quarter", "Second", "Third", "Last")
    cells = [[name, *(_together(of, i, j) for j in range(3))] for i, name in enumerate(names) if i]
    note = (
        "Correlations of how busy the quarters of a day's calls are, free of chance, with 95 % intervals; one factor"
        " for whole days makes 1."
    )
    return sheet("Parts of the day that are busy together", table(("", *names[:3]), cells), note=note)


def _together(of: Calibration, part: int, earlier: int) -> str:
    if earlier >= part:
        return ""
    found = of.parts.get((part, earlier))
    if not found:
        return "–"
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})" if tells(found) else "cannot be told"


def _estimates(of: Calibration) -> str:
    cells = [
        [
            escape(row.title),
            *map(escape, estimate_texts(row)),
            escape(row.note),
        ]
        for row in rows(of)
    ]
    return sheet("Estimates", table(("Estimate", "Value", "95 % interval", ""), cells, text_columns=(3,)))


def _own_days(of: Calibration, own: OwnDays) -> str:
    cells = [
        [escape(FIGURES[name].title), figure_text(name, own.real[name]), figure_text(name, spread.mean)]
        for name, spread in own.simulated.whole.items()
        if name in own.real
    ]
    return sheet(own_days_title(of), table(("", "Real", "Simulated"), cells))
