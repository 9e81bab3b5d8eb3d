"""What a history cannot tell about the days that are forecast, in words."""

from __future__ import annotations

import datetime as dt
from calendar import day_name
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from flows.display.numbers import share
from flows.source.counted import counted
from simulation.forecasting.by_type import UNKNOWN
from simulation.forecasting.forecast import Forecast
from simulation.forecasting.history import History
from simulation.forecasting.simple_rules import recent_means
from simulation.forecasting.state_space import YEARLY_DAYS

__all__ = ["unknown"]

_FEW_ORIGINS = 4


def unknown(of: Forecast, calendar: str = "", types: Mapping[str, History] = MappingProxyType({})) -> tuple[str, ...]:
    """What it cannot tell.

    Parameters
    ----------
    of : Forecast
    calendar : str
        The calendar of holidays that was named; empty for none.
    types : dict of str to History
        Of each queue or intent, where they are asked for.
    """
    days = len(of.history.told)
    found = [*_holidays(of, calendar)]
    if days < YEARLY_DAYS:
        found.append(
            f"which seasons are busy: that takes two years, and the history has {counted(days, 'day')}; the level is"
            " that of the latest weeks"
        )
    if len(of.dates) > of.tested_days:
        found.append(
            f"how well it does beyond {counted(of.tested_days, 'day')}: the history is too short to test more; later"
            " intervals are as wide as the model makes them"
        )
    if of.chosen.origins < _FEW_ORIGINS:
        found.append(
            f"how wide intervals must be: they rest on {counted(of.chosen.origins, 'test')}, and three weeks more of"
            " history make more"
        )
    if (untold := types.get(UNKNOWN)) is not None:
        part = share(float(untold.totals.sum() / max(of.history.totals.sum(), 1.0)))
        found.append(f"what {part} of the callers wanted: the log does not say, so they are divided as the others are")
    absent = [w for w in range(7) if not recent_means(of.history, 13)[w]]
    if absent:
        found.append(f"what {_weekdays(absent)} would bring: no call came on such a day, and none is forecast")
    found.append(
        "what is planned: campaigns, price changes, new opening hours; change the forecast where you know of any"
    )
    return tuple(found)


def _holidays(of: Forecast, calendar: str) -> list[str]:
    if not calendar:
        return ["which days are holidays: name a calendar, for example --holidays US-NY"]
    ahead = [date for date, holiday in zip(of.dates, of.holiday, strict=True) if holiday]
    if ahead and not of.effect.seen:
        has = "there is none in the history" if not np.any(of.history.holiday) else "those in the history had few calls"
        return [f"what holidays do to calls: {has}, so {_days(ahead)} is forecast like any other day"]
    return []


def _days(dates: Sequence[dt.date]) -> str:
    texts = [f"{date:%a %d %b}" for date in dates]
    return texts[0] if len(texts) == 1 else f"each of {', '.join(texts)}"


def _weekdays(of: list[int]) -> str:
    names = [f"{day_name[weekday]}s" for weekday in of]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
