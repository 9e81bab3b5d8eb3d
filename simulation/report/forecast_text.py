"""A forecast as text for a terminal, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from flows.display.numbers import count, duration, share
from flows.display.tables import table
from flows.source.counted import counted
from flows.source.finding import Finding
from simulation.forecasting.forecast import Band, Forecast
from simulation.forecasting.rolling_origin import Tested
from simulation.forecasting.spread import LEVELS
from simulation.report.text_blocks import bullets, paragraph

__all__ = ["TYPE_HEAD", "TYPE_NOTE", "day_notes", "forecast_json", "forecast_text", "forecast_verdict", "type_rows"]

_SHOWN_DAYS = 28


def forecast_text(of: Forecast, unknown: Sequence[str]) -> str:
    """Everything as text."""
    history = of.history
    lines = [
        f"{history.name}: {counted(len(of.dates), 'day')} from {of.dates[0]:%a %d %b %Y}",
        *paragraph(
            f"from {counted(round(float(history.totals[history.kept].sum())), 'call')} on"
            f" {counted(history.days_told, 'day')}, {history.dates[0]:%a %d %b %Y} to"
            f" {history.told[-1]:%a %d %b %Y}, in intervals of {duration(history.interval_s)}"
        ),
        "",
        *paragraph(forecast_verdict(of)),
    ]
    if history.left_out:
        lines += ["", "Days left out", *bullets([f"{one.date:%a %d %b %Y}: {one.why}" for one in history.left_out])]
    lines += ["", "Calls a day", *table(_days(of)[:_SHOWN_DAYS], head=_head(of))]
    if len(of.dates) > _SHOWN_DAYS:
        lines.append(f"  … and {counted(len(of.dates) - _SHOWN_DAYS, 'more day')}; --csv and --json have them all")
    lines += [
        "",
        f"Tested from {counted(of.chosen.origins, 'origin')}, each a week after the one before,"
        f" {counted(of.tested_days, 'day')} ahead",
        *table([_tested(one, of) for one in of.tested], head=_TESTED),
        *paragraph(
            "WAPE: the errors, by the calls that came; of days, with the errors of whole days. Bias: too many (+) or"
            " too few. 80 % and 95 %: how many of the intervals with a call or more to be expected these bands held."
        ),
        *_by_type(of),
        "",
        "What the history cannot tell",
        *bullets(list(unknown)),
    ]
    return "\n".join(lines)


def forecast_verdict(of: Forecast) -> str:
    """A sentence: which way is used, and how much better it is than the simplest."""
    used, simple = of.chosen, of.simple
    if used is simple:
        return (
            f"The simple rule wins: each day as {used.method.name}. No other way did better in the back-test, with"
            f" errors of {share(used.wape)} of the calls of an interval."
        )
    return (
        f"Forecast by {used.method.name}. In the back-test its errors were {share(used.wape)} of the calls of an"
        f" interval, where last week's same day had {share(simple.wape)}; of whole days {share(used.wape_days)}, where"
        f" that had {share(simple.wape_days)}. Its 80 and 95 % intervals held"
        f" {' and '.join(_share(used.coverage[level]) for level in LEVELS)} of what came."
    )


def type_rows(of: Forecast) -> list[list[str]]:
    """A row for each type: its calls in all, its errors beside those of last week's same day, and the way used."""
    return [
        [
            one.name,
            count(round(float(one.parts.sum()))),
            share(one.chosen.wape),
            share(one.simple.wape),
            _share(one.chosen.coverage[LEVELS[0]]),
            _share(one.chosen.coverage[LEVELS[1]]),
            one.chosen.method.name,
        ]
        for one in of.types
    ]


TYPE_HEAD = ("", "calls", "WAPE", "last week", "80 %", "95 %", "by")
TYPE_NOTE = (
    "Each is forecast by the way that did best on its own history; all of an interval are then made larger or smaller"
    " by one factor, so that they add up to the calls above. WAPE and coverage are those of the way itself."
)
"""How types are forecast."""


def _by_type(of: Forecast) -> list[str]:
    if not of.types:
        return []
    rows = [row[:-1] for row in type_rows(of)]
    return ["", f"By {of.type_of}", *table(rows, head=TYPE_HEAD[:-1]), *paragraph(TYPE_NOTE)]


_TESTED = ("", "WAPE", "of days", "bias", "80 %", "95 %")


def _tested(one: Tested, of: Forecast) -> list[str]:
    return [
        one.method.name + (" (used)" if one is of.chosen else ""),
        share(one.wape),
        share(one.wape_days),
        f"{100 * one.bias:+.1f} %",
        *(_share(one.coverage[level]) for level in LEVELS),
    ]


def _share(value: float) -> str:
    return share(value) if math.isfinite(value) else "–"


def _head(of: Forecast) -> list[str]:
    return [
        "",
        "calls",
        *(f"{level:.0%}".replace("%", " %") for level in LEVELS),
        *([""] if any(day_notes(of)) else []),
    ]


def day_notes(of: Forecast) -> list[str]:
    """What is special about each day that is forecast."""
    return ["holiday" if holiday else "" for holiday in of.holiday.tolist()]


def _days(of: Forecast) -> list[list[str]]:
    notes = day_notes(of)
    return [
        [
            f"{date:%a %d %b}",
            count(round(float(of.whole.mean[day]))),
            *(f"{of.bands_days[lv].low[day]:,.0f} to {of.bands_days[lv].high[day]:,.0f}" for lv in LEVELS),
            *([notes[day]] if any(notes) else []),
        ]
        for day, date in enumerate(of.dates)
    ]


def forecast_json(
    of: Forecast, unknown: Sequence[str], findings: Sequence[Finding], wrote: Sequence[str]
) -> dict[str, Any]:
    """The stable schema of ``ivr forecast --json``."""
    history = of.history
    return {
        "history": history.name,
        "from": history.dates[0].isoformat(),
        "to": history.told[-1].isoformat(),
        "days_used": int(history.usual.sum()),
        "calls": float(history.totals[history.kept].sum()),
        "interval_s": history.interval_s,
        "zone": history.zone,
        "left_out": [{"date": one.date.isoformat(), "why": one.why} for one in history.left_out],
        "findings": [finding.as_dict() for finding in findings],
        "method": of.chosen.method.name,
        "simple_rule_wins": of.chosen is of.simple,
        "holidays": {"factor": of.effect.factor, "seen": of.effect.seen},
        "backtest": {
            "origins": of.chosen.origins,
            "days_ahead": of.tested_days,
            "methods": [_tested_json(one, of.chosen) for one in of.tested],
        },
        "days": [
            {
                "date": date.isoformat(),
                "holiday": bool(of.holiday[day]),
                "calls": round(float(of.whole.mean[day]), 2),
                **_ends(of.bands_days, day),
                "intervals": _intervals(of, day),
            }
            for day, date in enumerate(of.dates)
        ],
        "by": of.type_of,
        "types": [
            {
                "name": one.name,
                "method": one.chosen.method.name,
                "backtest": [_tested_json(one.simple, one.chosen), _tested_json(one.chosen, one.chosen)],
                "days": [
                    {
                        "date": date.isoformat(),
                        "calls": round(float(one.parts[day].sum()), 2),
                        **_ends(one.bands_days, day),
                        "intervals": np.round(one.parts[day], 2).tolist(),
                    }
                    for day, date in enumerate(of.dates)
                ],
            }
            for one in of.types
        ],
        "unknown": list(unknown),
        "files": list(wrote),
    }


def _tested_json(one: Tested, used: Tested) -> dict[str, Any]:
    def finite(shares: dict[float, float]) -> dict[str, float | None]:
        return {f"{level:g}": round(value, 4) if math.isfinite(value) else None for level, value in shares.items()}

    return {
        "method": one.method.name,
        "used": one is used,
        "wape": round(one.wape, 4),
        "wape_days": round(one.wape_days, 4),
        "bias": round(one.bias, 4),
        "coverage": finite(one.coverage),
        "coverage_days": finite(one.coverage_days),
    }


def _ends(bands: dict[float, Band], day: int) -> dict[str, float]:
    return {
        f"{end}_{round(100 * level)}": float(getattr(bands[level], end)[day])
        for level in LEVELS
        for end in ("low", "high")
    }


def _intervals(of: Forecast, day: int) -> dict[str, list[float]]:
    ends = {
        f"{end}_{round(100 * level)}": getattr(of.bands[level], end)[day].tolist()
        for level in LEVELS
        for end in ("low", "high")
    }
    return {"calls": np.round(of.parts.mean[day], 2).tolist(), **ends}
