"""A back-test as text and as JSON: the verdict, all days together, day by day, and by time of day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flows.display.tables import table
from flows.source.counted import counted
from simulation.backtesting.backtest import Backtest
from simulation.backtesting.explain import Change
from simulation.backtesting.figures import FIGURES
from simulation.backtesting.judged import Judged
from simulation.backtesting.spread import Simulated, Spread
from simulation.backtesting.verdict import verdict
from simulation.report.calibration_json import finite
from simulation.report.calibration_text import figure_text
from simulation.report.text_blocks import bullets, paragraph

__all__ = ["backtest_json", "backtest_text", "clock_label"]

_SHORT = ("offered", "abandonment", "mean_wait_s")
_TITLES = {"wait_p80_s": "80 % wait", "wait_p95_s": "95 % wait"}
_SOME_S = 3600.0


def backtest_text(of: Backtest, *, full: bool = False) -> str:
    """Everything about a back-test."""
    kept = sum(of.kept)
    runs = counted(of.replications, "replication")
    lines = [
        of.name,
        f"{of.dates[0]:%a %d %b %Y} to {of.dates[-1]:%a %d %b %Y}, {counted(kept, 'day')} · {runs}",
    ]
    if of.left_out:
        lines += ["", "Days left out", *bullets([f"{one.date:%a %d %b %Y}: {one.why}" for one in of.left_out])]
    lines += [""]
    for sentence in verdict(of):
        lines += paragraph(sentence)
    lines += ["", "All days together", *_whole(of)]
    lines += ["", "What fits", *_fits(of)]
    if of.changes:
        lines += ["", "One input of these days at a time", *_changes(of)]
    lines += ["", f"By day, real and {_named(of)}", *_by_day(of)]
    lines += ["", f"By time of day, real and {_named(of)}", *_by_time(of, full=full)]
    return "\n".join(lines)


def _named(of: Backtest) -> str:
    return f"simulated with their {' and '.join(of.use)}" if of.use else "forecast"


def _whole(of: Backtest) -> list[str]:
    rows = []
    for one in of.judged:
        row = [_title(one), figure_text(one.name, one.real)]
        if of.use:
            said = of.forecast.whole.get(one.name)
            row.append(figure_text(one.name, said.mean) if said else "–")
        rows.append([*row, figure_text(one.name, one.said.mean), _ends(one.name, one.said)])
    own = "their " + ", ".join(of.use) if of.use else "forecast"
    return table(rows, head=["", "real", *(["forecast"] if of.use else []), own, "95 % of such days"])


def _fits(of: Backtest) -> list[str]:
    """What each figure may be off by, and what it is."""
    forecast = {one.name: one for one in of.judged_forecast} if of.use else {}
    rows = []
    for one in of.judged:
        first = forecast.get(one.name)
        rows.append([_title(one), str(one.limit), *([first.off, first.mark] if first else []), one.off, one.mark])
    head = ["", "may be off by", *(["forecast", ""] if of.use else []), "with theirs" if of.use else "is off by", ""]
    return table(rows, head=head)


def _title(one: Judged) -> str:
    return _TITLES.get(one.name, FIGURES[one.name].title)


def _ends(name: str, of: Spread) -> str:
    low, high = figure_text(name, of.low), figure_text(name, of.high)
    return f"{low.removesuffix(' %') if low.endswith('%') else low} to {high}"


def _changes(of: Backtest) -> list[str]:
    names = ("offered", "abandonment", "no_wait", "wait_p80_s", "wait_p95_s")
    rows = [["real", *(_one(name, of.real.whole) for name in names)]]
    rows.append(["forecast", *(_one(name, _means(of.forecast.whole)) for name in names)])
    rows += [[f"their {change.name}", *(_one(name, _means(change.figures)) for name in names)] for change in of.changes]
    if of.all_own:
        rows.append(["all of them", *(_one(name, _means(of.all_own)) for name in names)])
    for change in of.further:
        also = "+".join([*of.use, change.name])
        rows.append([f"their {also}", *(_one(name, _means(change.figures)) for name in names)])
    return table(rows, head=["", "Offered", "Abandoned", "No wait", "80 % wait", "95 % wait"])


def _one(name: str, found: Mapping[str, float]) -> str:
    return figure_text(name, found[name]) if name in found else "–"


def _means(found: Mapping[str, Spread]) -> dict[str, float]:
    return {name: spread.mean for name, spread in found.items()}


def _by_day(of: Backtest) -> list[str]:
    rows = [
        [f"{date:%a %d %b}", *_pairs(real, said)]
        for date, kept, real, said in zip(of.dates, of.kept, of.real.by_day, of.chosen.by_day, strict=True)
        if kept and (real.get("offered") or said)
    ]
    if not rows:
        return []
    outside = any("*" in cell for row in rows for cell in row[1:])
    note = ["  * outside of what 95 % of simulated days have; --json has all figures"] if outside else []
    return [*table(rows, head=["", *_heads()]), *note]


def _by_time(of: Backtest, *, full: bool) -> list[str]:
    step = 1 if full else max(1, round(_SOME_S / of.interval_s))
    rows = []
    for at in range(0, len(of.real.by_time), step):
        real = _merged(of.real.by_time[at : at + step])
        said = _merged_spreads(of.chosen, at, at + step)
        if real.get("offered") or said:
            rows.append([clock_label(at * of.interval_s), *_pairs(real, said, inside=step == 1)])
    return table(rows, head=["", *_heads()]) if rows else []


def _heads() -> list[str]:
    return ["Offered ", "", "Abandoned ", "", "Mean wait ", ""]


def _pairs(real: Mapping[str, float], said: Mapping[str, Spread], *, inside: bool = True) -> list[str]:
    cells = []
    for name in _SHORT:
        value, spread = real.get(name), said.get(name)
        mark = "*" if inside and value is not None and spread and not spread.low <= value <= spread.high else " "
        cells.append((figure_text(name, value) if value is not None else "–") + mark)
        cells.append(figure_text(name, spread.mean) if spread else "–")
    return cells


def _merged(parts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Intervals together: calls are added, all else is weighted by calls."""
    total = sum(part.get("offered", 0.0) for part in parts)
    if not total:
        return {}
    found = {"offered": total}
    for name in FIGURES:
        told = [(part["offered"], part[name]) for part in parts if name in part and part.get("offered")]
        if name != "offered" and told:
            found[name] = sum(calls * value for calls, value in told) / sum(calls for calls, _ in told)
    return found


def _merged_spreads(of: Simulated, begin: int, end: int) -> dict[str, Spread]:
    if end == begin + 1:
        return of.by_time[begin]
    merged = _merged([_means(part) for part in of.by_time[begin:end]])
    return {name: Spread(value, value, value) for name, value in merged.items()}


def clock_label(seconds: float) -> str:
    """A time of day.

    >>> clock_label(27_000)
    '07:30'
    """
    return f"{int(seconds) // 3600:02d}:{int(seconds) % 3600 // 60:02d}"


def backtest_json(of: Backtest) -> dict[str, Any]:
    """The stable schema of ``ivr backtest --json``."""
    return {
        "scenario": of.name,
        "from": of.dates[0].isoformat(),
        "to": of.dates[-1].isoformat(),
        "days": sum(of.kept),
        "left_out": [{"date": one.date.isoformat(), "why": one.why} for one in of.left_out],
        "replications": of.replications,
        "use": list(of.use),
        "verdict": list(verdict(of)),
        "fits": of.fits,
        "misses": of.misses,
        "measures": _judged(of),
        "changes": {change.name: _change(change) for change in of.changes},
        "further": {change.name: _change(change) for change in of.further},
        "all_inputs": _means(of.all_own),
        "by_day": [
            {"date": date.isoformat(), "kept": kept, "measures": _compared(real, said)}
            for date, kept, real, said in zip(of.dates, of.kept, of.real.by_day, of.chosen.by_day, strict=True)
        ],
        "by_time_of_day": [
            {"time": clock_label(i * of.interval_s), "measures": _compared(real, said)}
            for i, (real, said) in enumerate(zip(of.real.by_time, of.chosen.by_time, strict=True))
        ],
        "by_queue": {
            name: _compared(real, of.chosen.by_queue.get(name, {})) for name, real in of.real.by_queue.items()
        },
    }


def _change(of: Change) -> dict[str, Any]:
    return {"ratio": finite(of.ratio), "closes": finite(of.closes), "measures": _means(of.figures)}


def _judged(of: Backtest) -> dict[str, Any]:
    """The figures over all days, each with its tolerance and whether it fits."""
    found = _compared(of.real.whole, of.chosen.whole)
    for one in of.judged:
        found[one.name] |= {"may_be_off_by": str(one.limit), "fits": one.fits, "within_chance": one.inside}
    for first in of.judged_forecast:
        found[first.name] |= {"forecast": first.said.mean, "forecast_fits": first.fits}
    return found


def _compared(real: Mapping[str, float], said: Mapping[str, Spread]) -> dict[str, Any]:
    found = {}
    for name in FIGURES:
        if name not in real and name not in said:
            continue
        spread = said.get(name)
        found[name] = {
            "real": real.get(name),
            "simulated": spread.mean if spread else None,
            "low": spread.low if spread else None,
            "high": spread.high if spread else None,
        }
    return found
