"""The days of a log: which day and interval each call falls on, by the log's own clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from flows.display.numbers import duration
from flows.source.finding import usage_error
from flows.values.units import MICROSECOND, US_PER_S
from ivr.records.tables import Records
from simulation.arrays import Floats, Ints, Times
from simulation.clock.local_time import DAY_US, DAYS, EPOCH, LocalClock, local_clock_of

__all__ = ["LogDays"]


@dataclass(frozen=True)
class LogDays:
    """The days of records that begin and end at midnight.

    Parameters
    ----------
    records : Records
    interval_s : float
        Length of an interval; whole intervals make a day.

    Raises
    ------
    UsageError
        When they do not.

    Examples
    --------
    >>> from ivr.records.tables import empty
    >>> LogDays(empty(horizon_us=86_400_000_000), 3_000.0)
    Traceback (most recent call last):
    ...
    flows.source.finding.UsageError: X005 intervals of 50 min do not fill a day
    """

    records: Records
    interval_s: float = 1800.0

    def __post_init__(self) -> None:
        if 86_400 % self.interval_s:
            fits = [f"{minutes}m" for minutes in range(1, 1441) if 1440 % minutes == 0]
            below = [text for text in fits if float(text[:-1]) * 60 < self.interval_s][-1:]
            above = [text for text in fits if float(text[:-1]) * 60 > self.interval_s][:1]
            message = f"intervals of {duration(self.interval_s)} do not fill a day"
            raise usage_error("X005", message, f"take {' or '.join(below + above)}")

    @cached_property
    def clock(self) -> LocalClock:
        """The clock of the log."""
        utc = EPOCH + (self.records.begins_us or 0) * MICROSECOND
        return local_clock_of(utc, self.records.zone or "UTC", self.records.horizon_us)

    @property
    def a_day(self) -> int:
        """Intervals in a day."""
        return round(86_400 / self.interval_s)

    @cached_property
    def count(self) -> int:
        """Number of days."""
        return int(self.clock.day(max(self.records.horizon_us - 1, 0))) + 1

    @cached_property
    def dates(self) -> tuple[dt.date, ...]:
        """The date of each day."""
        return tuple(self.clock.first_day + dt.timedelta(days=day) for day in range(self.count))

    @cached_property
    def weekday(self) -> Ints:
        """i8[days]. Day of the week, Monday = 0."""
        return np.array([date.weekday() for date in self.dates], dtype=np.int64)

    def weekday_name(self, day: int) -> str:
        """Such as ``mon``."""
        return DAYS[int(self.weekday[day])]

    def day_of(self, at_us: Times) -> Ints:
        """The day of each moment."""
        return np.clip(self.clock.day(at_us), 0, self.count - 1)

    def interval_of(self, at_us: Times) -> Ints:
        """The interval of the day of each moment."""
        wall = self.clock.wall_us(at_us) % DAY_US
        return np.asarray(wall // round(self.interval_s * US_PER_S), dtype=np.int64)

    def counts(self, at_us: Times) -> Floats:
        """f8[days, intervals]. Moments in each interval of each day."""
        found = np.zeros((self.count, self.a_day))
        np.add.at(found, (self.day_of(at_us), self.interval_of(at_us)), 1.0)
        return found

    def present(self, on_us: Times, off_us: Times) -> Floats:
        """f8[days, intervals]. How many stretches cover each interval, on average over the interval."""
        step = round(self.interval_s * US_PER_S)
        found = np.zeros(self.count * self.a_day + 1)
        on = np.clip(self.clock.wall_us(on_us) / step, 0, len(found) - 1)
        off = np.clip(self.clock.wall_us(off_us) / step, 0, len(found) - 1)
        # The integral of a stretch up to each edge is piecewise linear: add its pieces at both ends.
        for at, sign in ((on, 1.0), (off, -1.0)):
            cell = np.minimum(at.astype(np.int64), len(found) - 2)
            part = at - cell
            np.add.at(found, cell, sign * (1 - part))
            np.add.at(found, cell + 1, sign * part)
        return np.asarray(np.cumsum(found)[:-1].reshape(self.count, self.a_day))
