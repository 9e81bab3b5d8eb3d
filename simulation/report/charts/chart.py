"""A chart as data, and the parts of ECharts options that charts share.

In an option ``"token:NAME"`` stands for a colour of ``flows.display.theme`` and ``"format:NAME"`` for a number format;
``assets/report.js`` fills in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "BAR_PX",
    "GRID",
    "Chart",
    "Legend",
    "bare_axis",
    "bars_option",
    "mark_line",
    "plain_line",
    "rounded",
    "time_axis",
]

Legend = tuple[tuple[str, str, tuple[int, ...]], ...]
"""Name, colour role and dash of each line."""

BAR_PX = 44
"""Height of a bar and the label above it."""
GRID = {"left": 8, "right": 18, "top": 14, "bottom": 4, "outerBoundsMode": "same", "outerBoundsContain": "axisLabel"}


def bare_axis(left: float, right: float, unit: str) -> dict[str, Any]:
    """An axis of values whose ends, which are where the picture ends, are not labelled.

    >>> bare_axis(0.5, 1.5, "s")["axisLabel"]["formatter"]
    'format:s'
    """
    label = {"formatter": f"format:{unit}", "hideOverlap": True, "showMinLabel": False, "showMaxLabel": False}
    return {"type": "value", "min": left, "max": right, "axisLabel": label}


@dataclass(frozen=True)
class Chart:
    """One chart.

    Parameters
    ----------
    key : str
        Id on the page.
    title : str
        The answer, as a sentence.
    question : str
        The question it answers, shown above the title.
    option : dict
        The ECharts option.
    columns : tuple of str
        Headings of the table behind the chart.
    rows : tuple of tuple of str
    note : str
        How to read it.
    wide : bool
        Whether it spans the whole row.
    height_px : int
        Height of the plot; 0 lets the page decide.
    legend : Legend
        Drawn by the page, because an ECharts legend shows no dashes.
    """

    key: str
    title: str
    question: str
    option: dict[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    wide: bool = False
    height_px: int = 0
    legend: Legend = ()


def plain_line(name: str, colour: str, dash: tuple[int, ...], values: Sequence[float]) -> dict[str, Any]:
    """The option of a line without a band."""
    return {
        "name": name,
        "type": "line",
        "symbol": "none",
        "data": rounded(values),
        "lineStyle": {"color": f"token:{colour}", "width": 2.5, "type": list(dash) or "solid"},
        "itemStyle": {"color": f"token:{colour}"},
        "tooltip": {"valueFormatter": "format:count"},
    }


def bars_option(labels: Sequence[str], bars: list[dict[str, Any]]) -> dict[str, Any]:
    """The option of horizontal bars, the first on top; each label is above its bar, to fit a phone screen."""
    return {
        "grid": {"left": 4, "right": 64, "top": 6, "bottom": 2},
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "value", "min": 0, "max": 1, "show": False},  # the track is 100 %
        "yAxis": [{"type": "category", "data": list(labels), "inverse": True, "show": False}],
        "series": [
            {
                "type": "bar",
                "barWidth": 16,
                "data": bars,
                "showBackground": True,
                "backgroundStyle": {"color": "token:raised", "borderRadius": 3},
                "itemStyle": {"borderRadius": 3},
                "label": {"show": True, "position": "right", "color": "token:ink", "fontWeight": 600},
                "labelLayout": {"hideOverlap": False},
                "tooltip": {"valueFormatter": "format:share"},
                "markPoint": {
                    "silent": True,
                    "symbol": "rect",
                    "symbolSize": 0.1,
                    "data": [
                        {
                            "coord": [0, i],
                            "value": label,
                            "label": {
                                "show": True,
                                "formatter": label,
                                "position": "right",
                                "align": "left",
                                "offset": [-4, -18],
                                "color": "token:ink-soft",
                                "fontSize": 12,
                            },
                        }
                        for i, label in enumerate(labels)
                    ],
                },
            }
        ],
    }


def mark_line(place: dict[str, float], label: str = "") -> dict[str, Any]:
    """The option of a line that marks a value, such as a target."""
    return {
        "silent": True,
        "symbol": "none",
        "data": [place],
        "animation": False,
        "lineStyle": {"color": "token:neutral", "type": [5, 4], "width": 1.5},
        "label": {"show": bool(label), "formatter": label, "color": "token:ink-soft", "position": "end"},
    }


def time_axis(labels: list[str]) -> dict[str, Any]:
    """The option of a time axis with these interval labels."""
    return {"type": "category", "data": labels, "axisLabel": {"hideOverlap": True}}


def rounded(values: Iterable[float], places: int = 2) -> list[float]:
    """Values rounded for the page."""
    return [round(value, places) for value in values]
