"""Measures a staffing: on fresh days how often the promise is kept, and what one agent more or less adds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ivr.records.definitions.all_measures import COLUMNS
from ivr.records.measures import MEASURES, ratio
from simulation.arrays import Floats, Ints
from simulation.experiment.daily_measures import share_of_days
from simulation.experiment.estimates import student_t
from simulation.staffing.days import Days, Levels
from simulation.staffing.effects import changes
from simulation.staffing.money import costs_of
from simulation.staffing.result import InInterval, Measured, OneAgent
from simulation.staffing.score import ROUNDING, Judge

__all__ = ["measured", "one_agent"]


def measured(
    values: Ints,
    judge: Judge,
    *,
    cost: float,
    hours: float,
    confidence: float,
    labels: Mapping[int, str],
    starts: Sequence[str],
    closed: Sequence[int] = (),
) -> Measured:
    """Measure the sums of fresh days.

    Parameters
    ----------
    values : numpy.ndarray
        i8[days, rows, columns].
    judge : Judge
    cost, hours : float
    confidence : float
        Of the interval around the share of days.
    labels : mapping of int to str
        What each unit is called.
    starts : sequence of str
        When each interval begins.
    closed : sequence of int
        Intervals whose agents count neither as idle nor as a cost, as nobody calls then.
    """
    met = judge.met(values)
    units = [share_of_days(days, confidence) for days in met]
    least = min(units, key=lambda of: of.share if of.days else 2.0)
    return Measured(
        cost=cost,
        hours=hours,
        days_on_target=least,
        service_level=_of_all("service_level", values, 1.0),
        abandonment=_of_all("abandonment", values, 0.0),
        occupancy=_occupancy(values, judge, closed),
        by_unit={labels[unit]: of for unit, of in enumerate(units)} if judge.target.per != "day" else {},
        costs=costs_of(values),
        costs_by_queue=_by_queue(values, judge.layout.queues),
        by_interval=tuple(
            _in_interval(values, judge, i, start, priced=i not in closed) for i, start in enumerate(starts)
        ),
    )


def _occupancy(values: Ints, judge: Judge, closed: Sequence[int]) -> float:
    """Of the time in which callers come."""
    number, of = ratio(MEASURES["occupancy"], values[:, 0].sum(axis=0))
    rows = [judge.layout.first_interval + interval for interval in closed]
    idle, idle_of = ratio(MEASURES["occupancy"], values[:, rows].sum(axis=(0, 1)))
    staffed = float(of - idle_of)
    return float(number - idle) / staffed if staffed else 0.0


def _in_interval(values: Ints, judge: Judge, interval: int, start: str, *, priced: bool) -> InInterval:
    row = judge.layout.first_interval + interval
    number, of = ratio(MEASURES["service_level"], values[:, row])
    asked = of > 0
    kept = number[asked] >= (judge.target.level - ROUNDING) * of[asked]
    return InInterval(
        start=start,
        offered=float(values[:, row, COLUMNS.index("offered")].mean()),
        service_level=_of_all("service_level", values, 1.0, row),
        abandonment=_of_all("abandonment", values, 0.0, row),
        occupancy=_of_all("occupancy", values, 0.0, row),
        days_on_target=float(kept.mean()) if asked.any() else math.nan,
        costs=costs_of(values, row, "interval") if priced else {},
    )


def _by_queue(values: Ints, queues: Sequence[str]) -> dict[str, dict[str, float]]:
    """The measures of money of each queue, if there are prices."""
    found = {name: costs_of(values, row, "queue") for row, name in enumerate(queues, 1)}
    return found if any(found.values()) else {}


def one_agent(
    days: Days, levels: Levels, judge: Judge, cost: Floats, limits: Ints, *, confidence: float = 0.95
) -> Iterator[OneAgent]:
    """What one agent more, and one less, adds in each group and interval.

    Parameters
    ----------
    days : Days
    levels : numpy.ndarray
    judge : Judge
    cost : numpy.ndarray
        f8[groups, intervals].
    limits : numpy.ndarray
        i8[groups].
    confidence : float
        Of the intervals around what it adds.
    """
    base = days.values(levels)
    scenario = days.runner.prepared.scenario
    labels, groups = scenario.labels_of_all, list(scenario.groups)

    def figures(values: Ints) -> tuple[float, float, float]:
        share = float(judge.on_target(values).mean(axis=0).min())
        return _of_all("service_level", values, 1.0), _of_all("abandonment", values, 0.0), share

    now = figures(base)
    for step in (1, -1):
        for group, interval, values in changes(days, levels, judge.layout, step=step, limits=limits):
            service, gone, share = (after - before for after, before in zip(figures(values), now, strict=True))
            yield OneAgent(
                group=groups[group],
                interval=interval,
                label=labels[interval],
                step=step,
                cost=step * float(cost[group, interval]),
                service_level=service,
                abandonment=gone,
                days_on_target=share,
                service_half_width=_half_width("service_level", base, values, confidence),
                abandonment_half_width=_half_width("abandonment", base, values, confidence),
            )


def _half_width(measure: str, before: Ints, after: Ints, confidence: float) -> float:
    """Half-width of the interval of a difference of ratios on the same days, by the delta method (0 if they agree)."""
    moved = _deviations(measure, after) - _deviations(measure, before)
    days = len(moved)
    if days < 2:
        return 0.0
    return student_t(confidence, days - 1) * float(moved.std(ddof=1)) / math.sqrt(days)


def _deviations(measure: str, values: Ints) -> Floats:
    """f8[days]: how far each day moves the ratio of all."""
    number, of = ratio(MEASURES[measure], values[:, 0])
    total = float(of.sum())
    return np.asarray((number - number.sum() / total * of) * (len(of) / total) if total else np.zeros(len(of)))


def _of_all(measure: str, values: Ints, nothing: float, row: int = 0) -> float:
    number, of = ratio(MEASURES[measure], values[:, row].sum(axis=0))
    return float(number / of) if of else nothing
