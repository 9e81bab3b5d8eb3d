"""A forecast: the way that did best in the back-test, applied to the days after the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from simulation.arrays import Flags, Floats
from simulation.forecasting.history import History
from simulation.forecasting.holidays import HolidayEffect, holiday_effect
from simulation.forecasting.rolling_origin import Method, Tested, best_of, forecast_days, origins_of, rolling_origin
from simulation.forecasting.simple_rules import LastWeek, MeanOfWeeks
from simulation.forecasting.spread import LEVELS, Expected
from simulation.forecasting.state_space import YEARLY_DAYS, StateSpace

__all__ = ["Band", "Forecast", "OfType", "forecast", "methods_for"]


@dataclass(frozen=True)
class Band:
    """The ends of an interval, for each number that is forecast."""

    low: Floats
    high: Floats


@dataclass(frozen=True)
class OfType:
    """The calls of one queue or intent on the days of a forecast.

    Parameters
    ----------
    name : str
    chosen, simple : Tested
        The way that did best on its own history, and last week's same day.
    parts : numpy.ndarray
        f8[days, intervals]. Expected calls.
    bands_days : dict of float to Band
        By level: of whole days.
    """

    name: str
    chosen: Tested
    simple: Tested
    parts: Floats
    bands_days: dict[float, Band]


@dataclass(frozen=True)
class Forecast:
    """Calls of the days after a history.

    Parameters
    ----------
    history : History
    dates : tuple of datetime.date
    holiday : numpy.ndarray
        b1[days].
    effect : HolidayEffect
    chosen : Tested
        The way that is used, and how it did.
    tested : tuple of Tested
        All ways, in the order of `methods_for`; the first is last week's same day.
    tested_days : int
        How many days ahead the test goes.
    whole, parts : Expected
        Of days, f8[days], and of intervals, f8[days, intervals].
    bands, bands_days : dict of float to Band
        By level: of intervals, and of whole days.
    types : tuple of OfType
        Where types are asked for: parts that add up to the whole, interval by interval.
    type_of : str
        What they are types of: ``queue`` or ``intent``; else empty.
    """

    history: History
    dates: tuple[dt.date, ...]
    holiday: Flags
    effect: HolidayEffect
    chosen: Tested
    tested: tuple[Tested, ...]
    tested_days: int
    whole: Expected
    parts: Expected
    bands: dict[float, Band]
    bands_days: dict[float, Band]
    types: tuple[OfType, ...] = ()
    type_of: str = ""

    @property
    def simple(self) -> Tested:
        """Last week's same day, which every other way is to beat."""
        return self.tested[0]


def methods_for(days: int) -> tuple[Method, ...]:
    """The ways to forecast that a history of so many days allows; the simplest first.

    Examples
    --------
    >>> [method.name for method in methods_for(30)]
    ["last week's same day", 'mean of the last 4 such days', 'level and days of the week']
    """
    ways: list[Method] = [LastWeek(), MeanOfWeeks(4)]
    if days >= 70:
        ways.append(MeanOfWeeks(8))
    ways.append(StateSpace())
    if days >= 56:
        ways.append(StateSpace(trend=True))
    if days >= YEARLY_DAYS:
        ways.append(StateSpace(trend=True, yearly=True))
    return tuple(ways)


def forecast(
    history: History,
    weeks: int,
    *,
    holidays: Collection[dt.date] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Forecast:
    """Forecast the weeks after a history.

    Every way is asked at origins within the history and compared with what came. The one with the smallest error over
    intervals is used; of those that do equally well, the simplest.

    Parameters
    ----------
    history : History
    weeks : int
    holidays : collection of date
        Holidays to come.
    progress : callable, optional
        Called with forecasts made, and how many there are to make.
    """
    ahead = 7 * weeks
    ways = methods_for(len(history.dates))
    origins, horizon = origins_of(len(history.dates), ahead)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, len(origins) * len(ways))

    tested = rolling_origin(history, ways, ahead, step=step)
    chosen = best_of(tested)
    whole, parts = forecast_days(history, chosen.method, ahead)
    first = history.dates[-1] + dt.timedelta(days=1)
    dates = tuple(first + dt.timedelta(days=day) for day in range(ahead))
    holiday = np.array([date in holidays for date in dates], dtype=bool)
    effect = holiday_effect(history)
    whole, parts = _on_holidays(whole, holiday, effect), _on_holidays(parts, holiday[:, None], effect)
    return Forecast(
        history, dates, holiday, effect, chosen, tested, horizon, whole, parts,
        {level: Band(*parts.interval(level, chosen.wider[level])) for level in LEVELS},
        {level: Band(*whole.interval(level, chosen.wider_days[level])) for level in LEVELS},
    )  # fmt: skip


def _on_holidays(usual: Expected, holiday: Flags, effect: HolidayEffect) -> Expected:
    return Expected(
        np.where(holiday, usual.mean * effect.factor, usual.mean),
        np.where(holiday, np.hypot(usual.cv, effect.cv), usual.cv),
    )
