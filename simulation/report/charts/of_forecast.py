"""The charts of a forecast: whole days after those that have been, a week of intervals, and the ways side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from flows.display.numbers import count, share
from simulation.arrays import Floats
from simulation.forecasting.forecast import Band, Forecast
from simulation.forecasting.spread import LEVELS
from simulation.report.charts.chart import BAR_PX, Chart, bars_option
from simulation.report.charts.lines import Line, lines_chart

__all__ = ["forecast_charts"]

_SEEN_DAYS = 56


def forecast_charts(of: Forecast) -> tuple[Chart, ...]:
    """In reading order."""
    makers: tuple[Callable[[Forecast], Chart], ...] = (_days, _week, _ways)
    return tuple(make(of) for make in makers)


def _days(of: Forecast) -> Chart:
    history = of.history
    seen = slice(max(len(history.dates) - _SEEN_DAYS, 0), None)
    dates = [*history.dates[seen], *of.dates]
    labels = [f"{date:%a %d %b}" for date in dates]
    past = len(history.dates[seen])
    came = [
        float(total) if kept else None
        for total, kept in zip(history.totals[seen].tolist(), history.kept[seen].tolist(), strict=True)
    ]
    lines = [
        Line("calls", "ink", [*came, *[None] * len(of.dates)]),
        *_banded([None] * past, of.whole.mean, of.bands_days, _before(history.totals[seen])),
    ]
    rows = [
        [labels[i], count(round(value)) if value is not None else "left out", "", ""] for i, value in enumerate(came)
    ]
    rows += [[labels[past + i], "", *_cells(of.whole.mean, of.bands_days, i)] for i in range(len(of.dates))]
    most = int(np.argmax(of.whole.mean))
    return lines_chart(
        "days", f"The busiest day is {of.dates[most]:%a %d %b}: {of.whole.mean[most]:,.0f} calls",
        "How many will call?", labels, lines, rows, unit="count", first="Day",
        note="The dark band holds 80 % of such days, the light one 95 %. Days that are left out have no point.",
        wide=True,
    )  # fmt: skip


def _week(of: Forecast) -> Chart:
    days = min(7, len(of.dates))
    mean = of.parts.mean[:days].reshape(-1)
    bands = {level: Band(b.low[:days].reshape(-1), b.high[:days].reshape(-1)) for level, b in of.bands.items()}
    a_day = of.parts.mean.shape[1]
    labels = [f"{of.dates[i // a_day]:%a} {_clock(i % a_day, of.history.interval_s)}" for i in range(len(mean))]
    most = int(np.argmax(mean))
    rows = [[labels[i], *_cells(mean, bands, i)] for i in range(len(mean)) if bands[LEVELS[-1]].high[i] > 0]
    return lines_chart(
        "week", f"In the first week most call on {labels[most]}: {mean[most]:,.1f} in an interval",
        "When will they call?", labels, _banded([], mean, bands, []), rows, unit="count", first="Interval",
        note="Expected calls in an interval, with the 80 and 95 % intervals.", wide=True,
    )  # fmt: skip


def _banded(
    before: list[float | None], mean: Floats, bands: dict[float, Band], level_before: Sequence[float]
) -> list[Line]:
    """A line with a light and a dark band; before the forecast, bands have no width."""
    wide, narrow = bands[LEVELS[-1]], bands[LEVELS[0]]
    values: list[float | None] = [*before, *mean.tolist()]
    return [
        Line("forecast, 95 %", "accent", [None] * len(values), (2, 3), [*level_before, *wide.low.tolist()],
             [*level_before, *wide.high.tolist()]),
        Line("forecast, 80 %", "accent", values, (5, 4), [*level_before, *narrow.low.tolist()],
             [*level_before, *narrow.high.tolist()]),
    ]  # fmt: skip


def _before(totals: Floats) -> list[float]:
    found: list[float] = totals.tolist()
    return found


def _cells(mean: Floats, bands: dict[float, Band], i: int) -> list[str]:
    value = float(mean[i])
    ends = [f"{bands[level].low[i]:,.0f} to {bands[level].high[i]:,.0f}" for level in reversed(LEVELS)]
    return [ends[0], f"{count(round(value)) if value >= 20 else f'{value:.1f}'} ({ends[1]})"]


def _clock(place: int, interval_s: float) -> str:
    at = int(place * interval_s)
    return f"{at // 3600:02d}:{at % 3600 // 60:02d}"


def _ways(of: Forecast) -> Chart:
    names = [one.method.name + (" (used)" if one is of.chosen else "") for one in of.tested]
    largest = max((one.wape for one in of.tested), default=0.0) or 1.0
    bars = [
        {
            "value": round(one.wape / largest, 4),
            "itemStyle": {"color": "token:accent" if one is of.chosen else "token:neutral"},
            "label": {"formatter": share(one.wape)},
        }
        for one in of.tested
    ]
    best = "The simple rule wins" if of.chosen is of.simple else f"The smallest errors: {of.chosen.method.name}"
    return Chart(
        "ways",
        best,
        "How well did each way do?",
        bars_option(names, bars),
        ("Way", "WAPE", "Of days"),
        tuple((name, share(one.wape), share(one.wape_days)) for name, one in zip(names, of.tested, strict=True)),
        note="Errors of the calls of an interval, by the calls that came; the longest bar is the largest.",
        height_px=BAR_PX * len(names),
    )
