"""The frame of a report: one HTML page with its style, charts and script, which opens offline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from flows.display.embed import embed
from flows.display.numbers import share
from flows.display.theme import DARK, LIGHT, css, echarts_theme, queue_dash, queue_hue
from simulation.experiment.assumptions import MOST_ASSUMED, weightiest
from simulation.experiment.format_estimate import without_interval
from simulation.report.charts.chart import Chart

__all__ = [
    "assumed",
    "confidence_note",
    "figure",
    "half_width",
    "key",
    "page",
    "prose",
    "sheet",
    "table",
    "terms",
]


def page(*, title: str, body: str, charts: Sequence[Chart]) -> str:
    """Return a whole page.

    Parameters
    ----------
    title : str
        Plain text.
    body : str
        HTML, already escaped.
    charts : sequence of Chart
        Charts whose plots are in the body.

    Returns
    -------
    str
        HTML that needs no network; its content security policy forbids any.
    """
    assets = files("simulation.report.assets")
    data = {
        "charts": [{"key": chart.key, "option": chart.option, "height": chart.height_px} for chart in charts],
        "themes": {"light": echarts_theme("light"), "dark": echarts_theme("dark")},
        "colours": {"light": dict(LIGHT), "dark": dict(DARK)},
    }
    library = (assets / "echarts.common.min.js").read_text(encoding="utf-8") if charts else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
script-src 'unsafe-inline'; img-src data:">
<title>{escape(title)}</title>
<style>{css()}{(assets / "report.css").read_text(encoding="utf-8")}</style>
<noscript><style>.plot,#theme{{display:none}}\
details.data>summary::after{{content:" (charts need JavaScript)"}}</style></noscript>
</head>
<body>
<main class="page">
{body}
</main>
<script type="application/json" id="charts">{embed(data)}</script>
<script>{library}</script>
<script>{(assets / "report.js").read_text(encoding="utf-8")}</script>
</body>
</html>
"""


def prose(text: str) -> str:
    """Return a sentence as HTML, keeping each number and its unit on one line.

    >>> prose("a < 20 s") == "a &lt; 20\N{NO-BREAK SPACE}s"
    True
    """
    return re.sub(r"(?<=\d) (?=(?:s|min|h)\b|%)", "\N{NO-BREAK SPACE}", escape(text))


def figure(chart: Chart) -> str:
    """Return the HTML figure of a chart, with its data as a table."""
    name = escape(chart.key)
    note = f'<p class="note">{prose(chart.note)}</p>' if chart.note else ""
    legend = "".join(f"<li>{_swatch(colour, dash)}{escape(label)}</li>" for label, colour, dash in chart.legend)
    legend = f'<ul class="legend">{legend}</ul>' if legend else ""
    height = f' style="height:{chart.height_px}px"' if chart.height_px else ""
    return f"""<figure class="chart{" wide" if chart.wide else ""}" aria-labelledby="title-{name}">
<p class="question">{escape(chart.question)}</p>
<h3 id="title-{name}">{prose(chart.title)}</h3>
<div class="plot" id="plot-{name}"{height} role="img" aria-label="{
        escape(chart.title)
    }; the figures are in the table below"></div>
{legend}{note}<details class="data"><summary>The figures as a table</summary>
<div class="scroll" tabindex="0" role="region" aria-label="{escape(chart.question)}">{
        table(chart.columns, [[escape(cell) for cell in row] for row in chart.rows])
    }</div></details>
</figure>"""


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, text_columns: Sequence[int] = ()) -> str:
    """Return a table; headings are plain text, cells are HTML, and the first cell of a row is its heading.

    A column without a name has a plain cell above it, as a heading has to say something.
    """

    def of(i: int) -> str:
        return ' class="text"' if i in text_columns else ""

    head = "".join(
        f'<th scope="col"{of(i)}>{escape(name)}</th>' if name else f"<td{of(i)}></td>" for i, name in enumerate(columns)
    )
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(f"<td{of(i)}>{cell}</td>" for i, cell in enumerate(row[1:], 1))
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def sheet(title: str, content: str, *, note: str = "") -> str:
    """Return a section with a heading and its content on a card."""
    note = f'<p class="about">{prose(note)}</p>' if note else ""
    return (
        f'<section><h2>{escape(title)}</h2>{note}<div class="sheet scroll" tabindex="0" role="region" '
        f'aria-label="{escape(title)}">{content}</div></section>'
    )


def terms(pairs: Sequence[tuple[str, str]]) -> str:
    """Return names and their values as a definition list."""
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{prose(value)}</dd>" for name, value in pairs) + "</dl>"


def assumed(assumptions: Sequence[str]) -> str:
    """Return the assumptions, most important first and the rest folded; empty if there are none.

    >>> "17" in assumed([str(i) for i in range(17)])
    True
    """
    if not assumptions:
        return ""
    items = [f"<li>{prose(text)}</li>" for text in weightiest(assumptions)]
    first, rest = "".join(items[:MOST_ASSUMED]), "".join(items[MOST_ASSUMED:])
    fold = (
        f'<details class="fold"><summary>And {len(items) - MOST_ASSUMED} more, {len(items)} in'
        f" all</summary><ul>{rest}</ul></details>"
        if rest
        else ""
    )
    return sheet("Assumed without evidence", f"<ul>{first}</ul>{fold}")


def key(index: int) -> str:
    """Return a sample of a queue's line, with its colour and dash."""
    return _swatch(queue_hue(index), queue_dash(index))


def _swatch(colour: str, dash: Sequence[int]) -> str:
    return (
        '<svg class="key" viewBox="0 0 22 8" aria-hidden="true"><line x1="0" y1="4" x2="22" y2="4" '
        f'stroke="var(--{colour})" stroke-width="3" stroke-dasharray="{" ".join(map(str, dash))}"/></svg>'
    )


def half_width(text: str) -> str:
    """Return a figure written by ``simulation.experiment.format_estimate.written`` as HTML, with a muted interval.

    >>> half_width("94.6 % ± 0.4")
    '94.6 % <span class="pm">± 0.4</span>'
    """
    value = without_interval(text)
    interval = text[len(value) :].strip()
    return escape(value) + (f' <span class="pm">{escape(interval)}</span>' if interval else "")


def confidence_note(replications: int, confidence: float, *, known: bool = True) -> str:
    """Return what ± means in this report.

    >>> confidence_note(20, 0.95).partition(";")[0]
    '± is the half-width of the 95 % confidence interval over 20 replications'
    """
    if replications < 2:
        return "One run, so there are no intervals."
    if not known:
        return f"{replications} replications pooled, without intervals."
    return (
        f"± is the half-width of the {share(confidence)} confidence interval over {replications} replications; "
        "(… to …) gives its ends where ± would go beyond what is possible."
    )
