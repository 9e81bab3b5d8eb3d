"""What each way to forecast would have said of days that have been: a back-test by rolling origin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from simulation.arrays import Flags, Floats, Ints
from simulation.forecasting.history import History
from simulation.forecasting.profile import profile_of
from simulation.forecasting.simple_rules import LastWeek
from simulation.forecasting.spread import LEVELS, Expected, held, surprise, widening

__all__ = ["MOST_ORIGINS", "Method", "Tested", "best_of", "forecast_days", "origins_of", "rolling_origin"]

MOST_ORIGINS = 12
_EQUAL = 0.01
"""Errors so much larger than the smallest are as good."""
_TO_LEARN = 14


class Method(Protocol):
    """A way to forecast whole days."""

    @property
    def name(self) -> str:
        """In words."""

    def totals(self, history: History, ahead: int) -> Expected:
        """Whole days after the history."""


@dataclass(frozen=True)
class Tested:
    """How one way to forecast did.

    Parameters
    ----------
    method : Method
    origins : int
        How many times it was asked.
    days : int
        Days that count, over all origins.
    wape, wape_days : float
        Sum of the absolute errors by the sum of the calls: of intervals, and of whole days.
    bias : float
        Sum of the errors by the sum of the calls; above 0, too many were forecast.
    coverage, coverage_days : dict of float to float
        By level: the share of intervals (with a call or more to be expected) and of days that the forecast's intervals
        held, each as wide as the origins before had shown to be right.
    wider, wider_days : dict of float to float
        By level: how many times as wide as the model says they are made for the days to come.
    """

    method: Method
    origins: int
    days: int
    wape: float
    wape_days: float
    bias: float
    coverage: dict[float, float]
    coverage_days: dict[float, float]
    wider: dict[float, float]
    wider_days: dict[float, float]


@dataclass
class _Sums:
    """What one way to forecast has been right and wrong about so far."""

    error: float = 0.0
    error_days: float = 0.0
    signed: float = 0.0
    surprises: list[Floats] = field(default_factory=list)
    surprises_days: list[Floats] = field(default_factory=list)
    inside: dict[float, list[Flags]] = field(default_factory=lambda: {level: [] for level in LEVELS})
    inside_days: dict[float, list[Flags]] = field(default_factory=lambda: {level: [] for level in LEVELS})


def origins_of(days: int, ahead: int) -> tuple[tuple[int, ...], int]:
    """After which days to ask, and for how many days; each origin a week after the one before.

    The horizon is that of the forecast, or a third of the history if that is less.

    Examples
    --------
    Thirty days, and two weeks to forecast: a week at a time, after 16 days and after 23.

    >>> origins_of(30, 14)
    ((16, 23), 7)
    """
    horizon = max(7, min(ahead, days // 3 // 7 * 7))
    last = days - horizon
    first = max(_TO_LEARN, last - 7 * (MOST_ORIGINS - 1))
    return tuple(range(last, first - 1, -7))[::-1], horizon


def rolling_origin(
    history: History, methods: Sequence[Method], ahead: int, *, step: Callable[[], None] = lambda: None
) -> tuple[Tested, ...]:
    """Ask every method at every origin, and compare with what came.

    Days that are left out and holidays do not count. Intervals of every method follow the same shape of a day; only
    last week's same day is what came in each interval a week before, as planners use it.

    Parameters
    ----------
    history : History
    methods : sequence of Method
    ahead : int
        Days that are to be forecast.
    step : callable
        Called after each forecast.
    """
    origins, horizon = origins_of(len(history.dates), ahead)
    sums = [_Sums() for _ in methods]
    calls, days = 0.0, 0
    for origin in origins:
        before = history.before(origin)
        rows = np.flatnonzero(history.usual[origin : origin + horizon])
        came = history.counts[origin : origin + horizon][rows]
        calls += float(came.sum())
        days += len(rows)
        for method, so_far in zip(methods, sums, strict=True):
            whole, parts = forecast_days(before, method, horizon)
            _judge(so_far, Expected(whole.mean[rows], whole.cv[rows]), Expected(parts.mean[rows], parts.cv[rows]), came)
            step()
    return tuple(
        _tested(method, so_far, len(origins), days, max(calls, 1.0))
        for method, so_far in zip(methods, sums, strict=True)
    )


def best_of(tested: Sequence[Tested]) -> Tested:
    """The way with the smallest error over intervals; of those that do equally well, the first and simplest."""
    least = min(one.wape for one in tested)
    return next(one for one in tested if one.wape <= least * (1 + _EQUAL))


def forecast_days(history: History, method: Method, ahead: int) -> tuple[Expected, Expected]:
    """Whole days after a history, and their intervals: f8[days] and f8[days, intervals]."""
    whole = method.totals(history, ahead)
    profile = profile_of(history)
    weekday = (int(history.weekday[0]) + len(history.dates) + np.arange(ahead)) % 7
    mean = whole.mean[:, None] * profile.share[weekday]
    if isinstance(method, LastWeek):
        mean = _as_last_week(history, weekday)
    cv = np.sqrt(whole.cv[:, None] ** 2 + profile.cv**2) * np.ones_like(mean)
    return whole, Expected(mean, cv)


def _as_last_week(history: History, weekday: Ints) -> Floats:
    latest = np.zeros((7, history.counts.shape[1]))
    for w in range(7):
        rows = np.flatnonzero(history.usual & (history.weekday == w))
        if len(rows):
            latest[w] = history.counts[rows[-1]]
    return np.asarray(latest[weekday])


def _judge(so_far: _Sums, whole: Expected, parts: Expected, came: Floats) -> None:
    totals = came.sum(axis=1)
    so_far.error += float(np.abs(parts.mean - came).sum())
    so_far.error_days += float(np.abs(whole.mean - totals).sum())
    so_far.signed += float((whole.mean - totals).sum())
    loud = parts.mean >= 1
    some, said = Expected(parts.mean[loud], parts.cv[loud]), came[loud]
    open_ = whole.mean >= 1
    all_day, said_days = Expected(whole.mean[open_], whole.cv[open_]), totals[open_]
    for level in LEVELS:
        so_far.inside[level].append(held(some, said, level, _wider(so_far.surprises, level)))
        so_far.inside_days[level].append(held(all_day, said_days, level, _wider(so_far.surprises_days, level)))
    so_far.surprises.append(surprise(some, said))
    so_far.surprises_days.append(surprise(all_day, said_days))


def _wider(surprises: Sequence[Floats], level: float) -> float:
    return widening(np.concatenate(surprises), level) if surprises else 1.0


def _tested(method: Method, of: _Sums, origins: int, days: int, calls: float) -> Tested:
    return Tested(
        method,
        origins,
        days,
        of.error / calls,
        of.error_days / calls,
        of.signed / calls,
        {level: _share(of.inside[level]) for level in LEVELS},
        {level: _share(of.inside_days[level]) for level in LEVELS},
        {level: _wider(of.surprises, level) for level in LEVELS},
        {level: _wider(of.surprises_days, level) for level in LEVELS},
    )


def _share(inside: Sequence[Flags]) -> float:
    flat = np.concatenate(inside) if inside else np.zeros(0)
    return float(flat.mean()) if len(flat) else float("nan")
