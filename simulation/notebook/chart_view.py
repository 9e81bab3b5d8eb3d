"""A chart of a report that shows itself in a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

from simulation.report.charts.chart import Chart
from simulation.report.page import figure, page

__all__ = ["ChartView"]

_FRAME_PX = 260
"""The height of title, legend, note and the closed table around a plot."""
_PLOT_PX = 300


@dataclass(frozen=True)
class ChartView:
    """One chart. In a notebook it shows itself; it needs no network.

    Parameters
    ----------
    chart : Chart
    title : str
        The title of the page.

    Examples
    --------
    >>> from simulation.report.charts.chart import Chart
    >>> ChartView(Chart("waits", "Half wait 5 s", "How long?", {}, ("Wait",), (("5 s",),)), "Monday")
    <ChartView: Half wait 5 s>
    """

    chart: Chart
    title: str

    def __repr__(self) -> str:
        return f"<ChartView: {self.chart.title}>"

    @property
    def html(self) -> str:
        """The chart as a whole page, with the data behind it as a table."""
        return page(title=self.title, body=figure(self.chart), charts=(self.chart,))

    def _repr_html_(self) -> str:
        height = _FRAME_PX + (self.chart.height_px or _PLOT_PX)
        return (
            f'<iframe title="{escape(self.chart.title)}" srcdoc="{escape(self.html)}" sandbox="allow-scripts" '
            f'style="width:100%;max-width:960px;height:{height}px;border:0"></iframe>'
        )

    def save(self, file: str | Path) -> None:
        """Write the chart as an HTML page that opens offline."""
        Path(file).write_text(self.html, encoding="utf-8")
