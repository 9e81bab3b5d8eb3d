"""What a scenario may take from the columns of a file, as stated: one row for each interval."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from simulation.scenario.field_types import Part

__all__ = [
    "DailyColumn",
    "DailyStated",
    "NumbersColumn",
    "NumbersStated",
    "ProfileStated",
    "TimesColumn",
    "TimesStated",
]


class TimesColumn(Part):
    """A column of mean times.

    Parameters
    ----------
    file, column : str
    unit : {"s", "min", "h"} or None
        Of plain numbers; default: what the name of the column ends with, else seconds.
    like : str or dict
        The distribution without its mean.
    """

    file: str = Field(min_length=1)
    column: str = Field(min_length=1)
    unit: Literal["s", "min", "h"] | None = None
    like: Any = "exponential"


class TimesStated(Part):
    """In place of a distribution."""

    csv: TimesColumn


class NumbersColumn(Part):
    """A column of numbers."""

    file: str = Field(min_length=1)
    column: str = Field(min_length=1)


class ProfileStated(Part):
    """In place of the list of a profile."""

    profile: NumbersColumn


class DailyColumn(Part):
    """A file with a row for each date: the column of dates, and that of totals."""

    file: str = Field(min_length=1)
    date: str = Field(default="date", min_length=1)
    column: str = Field(default="calls", min_length=1)


class DailyStated(Part):
    """In place of the totals of dates."""

    daily: DailyColumn


class NumbersStated(Part):
    """In place of the agents of a group."""

    agents: NumbersColumn
