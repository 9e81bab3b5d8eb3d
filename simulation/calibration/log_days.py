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
from simulation.clock.local_rows import usual_days
from simulation.clock.local_time import DAY_US, DAYS, EPOCH, Intervals, LocalClock, local_clock_of

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
        """f8[days, intervals]. Moments in each interval of each day; where clocks change, as `usual_days` has them."""
        return self._usual(np.bincount(self._cut.at(at_us), minlength=len(self._cut)).astype(np.float64))

    def present(self, on_us: Times, off_us: Times) -> Floats:
        """f8[days, intervals]. How many stretches cover each interval, on average over the interval.

        Where clocks change, as `usual_days` has them.
        """
        found = np.zeros(len(self._cut) + 1)
        on, off = self._passed(on_us), self._passed(off_us)
        # The integral of a stretch up to each edge is piecewise linear: add its pieces at both ends.
        for at, sign in ((on, 1.0), (off, -1.0)):
            cell = np.minimum(at.astype(np.int64), len(found) - 2)
            part = at - cell
            np.add.at(found, cell, sign * (1 - part))
            np.add.at(found, cell + 1, sign * part)
        return self._usual(np.cumsum(found)[:-1])

    @cached_property
    def _cut(self) -> Intervals:
        """The intervals as they elapsed."""
        return self.clock.intervals(round(self.interval_s * US_PER_S), anchor_us=0)

    def _passed(self, at_us: Times) -> Floats:
        """How many intervals have passed at each moment, with the part of the one that it falls in."""
        edges = self._cut.edges_us
        moments = np.clip(at_us, edges[0], edges[-1])
        interval = self._cut.at(moments)
        return np.asarray(interval + (moments - edges[interval]) / np.diff(edges)[interval])

    def _usual(self, values: Floats) -> Floats:
        days = self.day_of(self._cut.edges_us[:-1])
        return usual_days(values, days, self._cut.number % self.a_day, (self.count, self.a_day))
