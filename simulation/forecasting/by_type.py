"""A forecast for each queue, or for each intent: parts that add up to the forecast of all calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from flows.source.finding import usage_error
from simulation.arrays import Floats, Ints
from simulation.calibration.first_calls import first_calls
from simulation.calibration.log_days import LogDays
from simulation.call_logs.log import CallLog, IntervalReport
from simulation.call_logs.report_counts import report_counts
from simulation.forecasting.forecast import Band, Forecast, OfType, methods_for
from simulation.forecasting.history import History
from simulation.forecasting.rolling_origin import Tested, best_of, forecast_days, rolling_origin
from simulation.forecasting.spread import LEVELS, Expected

__all__ = ["NO_QUEUE", "UNKNOWN", "TypeOf", "forecast_types", "histories_of"]

TypeOf = Literal["queue", "intent"]
NO_QUEUE = "no queue"
"""Calls that ended in the menus."""
UNKNOWN = "not told"
"""Calls of which the log does not tell the intent."""
_RECENT = 91


def histories_of(log: CallLog | IntervalReport, history: History, what: TypeOf) -> dict[str, History]:
    """The calls of each type on the days of a history; the types with most calls first.

    Parameters
    ----------
    log : CallLog or IntervalReport
    history : History
        Of all calls of the same log.
    what : {"queue", "intent"}
        A call is of the queue that it joins first.

    Raises
    ------
    UsageError
        When the log does not tell types of this kind.
    """
    names, first, counts = _of_report(log, what) if isinstance(log, IntervalReport) else _of_calls(log, history, what)
    begin = (history.dates[0] - first).days
    counts = np.pad(counts[:, begin : begin + len(history.told)], ((0, 0), (0, history.closed_after), (0, 0)))
    known = sorted(range(len(names)), key=lambda of: -float(counts[of].sum()))
    found = {names[of]: replace(history, name=names[of], counts=counts[of]) for of in known if counts[of].any()}
    if not set(found) - {UNKNOWN, NO_QUEUE}:
        raise usage_error(
            "X005",
            f"--by {what}: {history.name} does not tell the {what} of its calls",
            f"leave out --by, or name the column of the {what} in the map that ivr calibrate wrote, and add --map",
        )
    return found


def forecast_types(
    of: Forecast, histories: Mapping[str, History], what: TypeOf, *, progress: Callable[[int, int], None] | None = None
) -> Forecast:
    """The forecast with those of its types.

    Each type is forecast by the way that does best on its own history. Then all types of an interval are made larger or
    smaller by one factor, so that they add up to the forecast of all calls, which knows most.

    Parameters
    ----------
    of : Forecast
    histories : dict of str to History
        From `histories_of`. Calls whose type the log does not tell are divided as the others are.
    what : {"queue", "intent"}
    progress : callable, optional
        Called with forecasts made, and how many there are to make.
    """
    known = {name: history for name, history in histories.items() if name != UNKNOWN}
    ways, ahead, done = methods_for(len(of.history.dates)), len(of.dates), 0
    total = len(known) * len(ways) * of.chosen.origins

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    tested = {name: rolling_origin(history, ways, ahead, step=step) for name, history in known.items()}
    said = {name: forecast_days(known[name], best_of(tested[name]).method, ahead) for name in known}
    parts = _adding_up(
        np.stack([parts.mean for _, parts in said.values()]),
        of.parts.mean,
        np.array([history.totals[history.usual][-_RECENT:].sum() for history in known.values()]),
    )
    return replace(
        of,
        type_of=what,
        types=tuple(_of_type(name, tested[name], said[name][0], part) for name, part in zip(known, parts, strict=True)),
    )


def _adding_up(parts: Floats, whole: Floats, recent: Floats) -> Floats:
    """f8[types, days, intervals]: parts by one factor in each interval; where none is expected, as in recent days."""
    total, usual = parts.sum(axis=0), recent / max(float(recent.sum()), 1e-12)
    shares = np.where(total > 0, parts / np.maximum(total, 1e-12), usual[:, None, None])
    return np.asarray(shares * whole)


def _of_type(name: str, tested: tuple[Tested, ...], whole: Expected, part: Floats) -> OfType:
    used = best_of(tested)
    days = Expected(part.sum(axis=1), whole.cv)
    bands = {level: Band(*days.interval(level, used.wider_days[level])) for level in LEVELS}
    return OfType(name, used, tested[0], part, bands)


_Types = tuple[list[str], dt.date, Floats]
"""Names, the first day of the log, and f8[types, days, intervals]."""


def _of_report(log: IntervalReport, what: TypeOf) -> _Types:
    if what == "intent":
        raise usage_error("X005", "--by intent: a report by intervals has queues and no intents", "write --by queue")
    queues, dates, counts = report_counts(log)
    return list(queues), dates[0], counts


def _of_calls(log: CallLog, history: History, what: TypeOf) -> _Types:
    records, counts = log.records, first_calls(log)
    days = LogDays(records, history.interval_s)
    at_us, rest = records.calls["arrived_us"][counts], UNKNOWN if what == "intent" else NO_QUEUE
    names = [*records.names[what], rest]
    code = np.asarray(records.calls["intent"] if what == "intent" else _first_queue(log))[counts]
    code = np.where(code < 0, len(names) - 1, code)
    return names, days.dates[0], np.stack([days.counts(at_us[code == of]) for of in range(len(names))])


def _first_queue(log: CallLog) -> Ints:
    """i8[calls]. The queue that each call joined first, or -1."""
    calls, visits = log.records.calls["call_id"], log.records.visits
    order = np.lexsort((visits["offered_us"], visits["call_id"]))
    ids, first = np.unique(visits["call_id"][order], return_index=True)
    found = np.full(len(calls), -1, dtype=np.int64)
    place = np.searchsorted(ids, calls)
    known = np.isin(calls, ids)
    found[known] = visits["queue"][order[first[place[known]]]]
    return found
