"""Charts of lines over time or over a value, some with a band: the parts that calibration and back-test share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simulation.report.charts.chart import GRID, Chart, Legend, plain_line, rounded

__all__ = ["Line", "lines_chart"]


@dataclass(frozen=True)
class Line:
    """One line.

    Parameters
    ----------
    name, colour : str
        The colour is a role of ``flows.display.theme``.
    values : sequence of float or None
    dash : tuple of int
    low, high : sequence of float
        Ends of its band; empty for none.
    """

    name: str
    colour: str
    values: Sequence[float | None]
    dash: tuple[int, ...] = ()
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def lines_chart(
    key: str,
    title: str,
    question: str,
    labels: Sequence[str],
    lines: Sequence[Line],
    rows: Sequence[Sequence[str]],
    *,
    unit: str,
    first: str,
    note: str = "",
    wide: bool = False,
    most: float | None = None,
) -> Chart:
    """A chart of lines over the same labels.

    Parameters
    ----------
    key, title, question : str
    labels : sequence of str
        Of the axis.
    lines : sequence of Line
    rows : sequence of sequence of str
        The table behind the chart: a label and a cell for each line.
    unit : {"count", "share", "duration"}
    first : str
        Heading of the labels in the table.
    note : str
    wide : bool
    most : float, optional
        Upper end of the axis.
    """
    series: list[dict[str, Any]] = []
    for line in lines:
        if len(line.low):
            series += _band(line)
        series.append(
            plain_line(line.name, line.colour, line.dash, [])
            | {
                "data": [None if value is None else round(value, 4) for value in line.values],
                "tooltip": {"valueFormatter": f"format:{unit}"},
            }
        )
    option = {
        "grid": GRID | {"top": 22},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": list(labels), "axisLabel": {"hideOverlap": True}},
        "yAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": f"format:{unit}"}}
        | ({} if most is None else {"max": most}),
        "series": series,
    }
    legend: Legend = tuple((line.name, line.colour, line.dash) for line in lines) if len(lines) > 1 else ()
    return Chart(
        key,
        title,
        question,
        option,
        (first, *(line.name for line in lines)),
        tuple(tuple(row) for row in rows),
        note,
        wide=wide,
        legend=legend,
    )


def _band(line: Line) -> list[dict[str, Any]]:
    """Two stacked lines, the lower one invisible."""
    band = {
        "type": "line",
        "stack": f"band {line.name}",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
        "tooltip": {"show": False},
        "stackStrategy": "all",
    }
    return [
        band | {"data": rounded(line.low, 4)},
        band
        | {
            "data": rounded([high - low for low, high in zip(line.low, line.high, strict=True)], 4),
            "areaStyle": {"color": f"token:{line.colour}", "opacity": 0.2},
        },
    ]
