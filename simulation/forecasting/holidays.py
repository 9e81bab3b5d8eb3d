"""What a holiday does to a day's calls, as the holidays of the history show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from flows.model.holidays import CalendarError, days
from flows.source.finding import usage_error
from simulation.forecasting.history import History
from simulation.forecasting.simple_rules import cv_beyond_chance, mean_before

__all__ = ["HolidayEffect", "holiday_effect", "holidays_of"]

_WEEKS = 4
_LEAST_CALLS = 5.0
_UNKNOWN_CV = 0.5
_FIRST_YEAR = 1990
"""Histories may be older than the years that a flow looks up."""


@dataclass(frozen=True)
class HolidayEffect:
    """A day's calls on a holiday, by those of the usual days before it.

    Parameters
    ----------
    factor : float
        1 when the history has no holiday on a day of the week with calls.
    cv : float
        By how much holidays differ from each other, beyond chance.
    seen : int
        Holidays that it rests on.
    """

    factor: float = 1.0
    cv: float = 0.0
    seen: int = 0


def holiday_effect(history: History) -> HolidayEffect:
    """Estimate it from all holidays together: a line has few of each."""
    means, came = [], []
    for day in np.flatnonzero(history.holiday).tolist():
        mean = mean_before(history, day, int(history.weekday[day]), _WEEKS)
        if mean >= _LEAST_CALLS:
            means.append(mean)
            came.append(float(history.totals[day]))
    if not means:
        return HolidayEffect()
    factor = sum(came) / sum(means)
    expected = factor * np.array(means)
    cv = cv_beyond_chance(np.array(came), expected, 2) if factor else 0.0
    return HolidayEffect(factor, min(_UNKNOWN_CV if cv is None else cv, 2.0), len(means))


def holidays_of(stated: str) -> frozenset[dt.date]:
    """The dates of calendars, and single dates, separated by commas.

    Raises
    ------
    UsageError
        When a part is neither.

    Examples
    --------
    >>> found = holidays_of("GB-ENG, 2026-12-24")
    >>> [dt.date(2026, 12, day) in found for day in (23, 24, 25)]
    [False, True, True]
    """
    found: set[dt.date] = set()
    for part in filter(None, stated.replace(" ", "").split(",")):
        try:
            found |= {dt.date.fromisoformat(part)} if part[0].isdigit() else set(days(part, _FIRST_YEAR))
        except CalendarError as error:
            message, _, hint = str(error).partition("; ")
            raise usage_error("X005", f"--holidays: {message}", hint) from None
        except ValueError:
            raise usage_error("X005", f"--holidays: {part!r} is not a date", "write dates as 2026-12-24") from None
    return frozenset(found)
