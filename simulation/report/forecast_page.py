"""The page of a forecast: its charts, how it was tested, and what the history cannot tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from flows.display.numbers import share
from flows.source.counted import counted
from simulation.forecasting.forecast import Forecast
from simulation.forecasting.spread import LEVELS
from simulation.report.calibration_page import framed
from simulation.report.charts.of_forecast import forecast_charts
from simulation.report.forecast_text import TYPE_HEAD, TYPE_NOTE, forecast_verdict, type_rows
from simulation.report.page import prose, sheet, table

__all__ = ["forecast_page"]


def forecast_page(of: Forecast, unknown: Sequence[str]) -> str:
    """Return one self-contained HTML page."""
    subtitle = (
        f"{of.dates[0]:%a %d %b %Y} to {of.dates[-1]:%a %d %b %Y} · from {of.history.dates[0]:%a %d %b %Y} to"
        f" {of.history.told[-1]:%a %d %b %Y}"
    )
    parts = [_left_out(of), _tested(of), _by_type(of), sheet("What the history cannot tell", _bulleted(unknown))]
    return framed(f"Calls to {of.history.name}", subtitle, forecast_charts(of), parts, lead=forecast_verdict(of))


def _bulleted(texts: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{prose(text)}</li>' for text in texts)}</ul>"


def _left_out(of: Forecast) -> str:
    if not of.history.left_out:
        return ""
    return sheet("Days left out", _bulleted([f"{one.date:%a %d %b %Y}: {one.why}" for one in of.history.left_out]))


def _tested(of: Forecast) -> str:
    cells = [
        [
            escape(one.method.name) + (" (used)" if one is of.chosen else ""),
            share(one.wape),
            share(one.wape_days),
            f"{100 * one.bias:+.1f} %",
            *(_share(one.coverage[level]) for level in LEVELS),
            *(_share(one.coverage_days[level]) for level in LEVELS),
        ]
        for one in of.tested
    ]
    columns = ("Way", "WAPE", "Of days", "Bias", "80 % held", "95 % held", "Of days, 80 %", "Of days, 95 %")
    note = (
        f"Asked at {counted(of.chosen.origins, 'origin')}, each a week after the one before, for"
        f" {counted(of.tested_days, 'day')} ahead. WAPE: the sum of the errors, by the sum of the calls. Held: the"
        " share of intervals, with a call or more to be expected, in which what came lay within."
    )
    return sheet("Back-test by rolling origin", table(columns, cells), note=note)


def _by_type(of: Forecast) -> str:
    if not of.types:
        return ""
    rows = [[escape(cell) for cell in row] for row in type_rows(of)]
    return sheet(
        f"By {of.type_of}", table(tuple(word[:1].upper() + word[1:] for word in TYPE_HEAD), rows), note=TYPE_NOTE
    )


def _share(value: float) -> str:
    return share(value) if math.isfinite(value) else "–"
