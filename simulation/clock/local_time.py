"""Converts between elapsed time and the local clock of a scenario's time zone.

The engines count microseconds since the start of the scenario; people read and write the local clock. Shifts, breaks,
intervals, days, surges, time stamps of traces and labels are all converted here. ``docs/time.md`` explains what happens
on days when clocks change.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from flows.values.units import MICROSECOND, US_PER_S
from simulation.arrays import Ints, Times

__all__ = ["DAYS", "DAY_US", "EPOCH", "Intervals", "LocalClock", "jumps", "local_clock", "local_clock_of"]

DAY_US = 86_400 * US_PER_S
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UTC = dt.UTC
EPOCH = dt.datetime(1970, 1, 1, tzinfo=_UTC)
_AROUND = dt.timedelta(days=3)
"""Clock changes are looked up this long before the start and after the end, because shifts may begin the day before."""


@dataclass(frozen=True)
class Intervals:
    """The intervals of a horizon, by the local clock.

    Parameters
    ----------
    edges_us : numpy.ndarray
        i8[n + 1]. Start of each interval, and end of the last.
    number : numpy.ndarray
        i8[n]. Number of each interval by the clock, counted from the first. An hour that the clock shows twice has the
        same number twice.
    usual_us : numpy.ndarray
        i8[n]. Length of each interval if the horizon did not cut it short.
    """

    edges_us: Times
    number: Ints
    usual_us: Times

    def __len__(self) -> int:
        return len(self.number)

    def at(self, at_us: Times) -> Ints:
        """The interval of each moment; earlier moments count in the first interval, later ones in the last."""
        return np.clip(np.searchsorted(self.edges_us, at_us, side="right") - 1, 0, len(self) - 1)


@dataclass(frozen=True, eq=False)
class LocalClock:
    """The clock of one zone over a horizon.

    A time on the clock ("wall" below) is counted in microseconds from midnight of the start date: 26 hours are 2:00 on
    the second day, even if clocks have changed.

    Parameters
    ----------
    zone : str
        IANA time zone.
    first_day : datetime.date
        The start date.
    begins_us, offset_us : numpy.ndarray
        i8[segments]. From each `begins_us` on, the clock shows the elapsed time plus `offset_us`.
    utc : datetime.datetime
        The start, in UTC.
    length_us : int
        The horizon, in elapsed time.
    """

    zone: str
    first_day: dt.date
    begins_us: Times
    offset_us: Times
    utc: dt.datetime
    length_us: int

    def wall_us(self, at_us: Times | int) -> Times:
        """What the clock shows at each moment.

        Examples
        --------
        >>> clock = local_clock(dt.datetime(2026, 10, 31), "America/New_York", 2 * 86_400)
        >>> (clock.wall_us(np.array([25, 26]) * 3600 * US_PER_S) / 3.6e9).tolist()  # 1:00 of the second day, twice
        [25.0, 25.0]
        """
        moments: Times = np.asarray(at_us, dtype=np.int64)
        segment = np.maximum(np.searchsorted(self.begins_us, moments, side="right") - 1, 0)
        shown: Times = moments + self.offset_us[segment]
        return shown

    def at_us(self, wall_us: int) -> int:
        """When the clock shows a time: the first moment if it does so twice, the moment of the change if it never does.

        Examples
        --------
        >>> clock = local_clock(dt.datetime(2027, 3, 14), "America/New_York", 86_400)
        >>> [clock.at_us(minutes * 60 * US_PER_S) / 3.6e9 for minutes in (120, 150, 180, 240)]  # skips 2:00 to 3:00
        [2.0, 2.0, 2.0, 3.0]
        """
        return self._shown(wall_us)[0]

    def shown(self, wall_us: int) -> int:
        """How often the clock shows a time: 0 (skipped), 1 or 2 times."""
        return self._shown(wall_us)[1]

    def again_us(self, wall_us: int) -> int:
        """The last moment at which the clock shows a time; the moment of the change if the time is skipped."""
        return self._shown(wall_us)[2]

    def _shown(self, wall_us: int) -> tuple[int, int, int]:
        found = [int(wall_us - offset) for begin, end, offset in self._segments if begin <= wall_us - offset < end]
        if found:
            return found[0], len(found), found[-1]
        jump = next(int(begin) for begin, end, offset in self._segments if wall_us - offset < end)
        return jump, 0, jump

    @cached_property
    def _segments(self) -> list[tuple[int, int, int]]:
        ends = [*self.begins_us[1:].tolist(), 2**62]
        return list(zip([-(2**62), *self.begins_us[1:].tolist()], ends, self.offset_us.tolist(), strict=True))

    @cached_property
    def jumps_of_the_wall(self) -> list[tuple[int, int, bool]]:
        """Spans of the clock that are shown twice (True) or skipped (False), as (from, to, twice)."""
        found = []
        for (_, at, before), (_, _, after) in itertools.pairwise(self._segments):
            found.append((at + min(before, after), at + max(before, after), after < before))
        return [jump for jump in found if jump[0] < jump[1]]

    def wall_of(self, moment: dt.datetime) -> int:
        """A date and time without a zone, as a time on the clock."""
        return (moment - dt.datetime.combine(self.first_day, dt.time())) // MICROSECOND

    def elapsed_us(self, moment: dt.datetime) -> int:
        """Microseconds from the start to a moment with a zone."""
        return (moment.astimezone(_UTC) - self.utc) // MICROSECOND

    def moment(self, at_us: int) -> dt.datetime:
        """A moment as a date and time with its zone."""
        return (self.utc + int(at_us) * MICROSECOND).astimezone(ZoneInfo(self.zone))

    def day(self, at_us: Times | int) -> Ints:
        """The date of each moment, in days after the start date."""
        return self.wall_us(at_us) // DAY_US

    def weekday(self, day: int) -> str:
        """The day of the week of a day, counted from the start date."""
        return DAYS[(self.first_day.weekday() + day) % 7]

    @cached_property
    def midnights_us(self) -> Times:
        """When each date after the start date begins, within the horizon."""
        last = int(self.day(self.length_us - 1)) if self.length_us else 0
        found = [self.at_us(day * DAY_US) for day in range(1, last + 1)]
        return np.array([at for at in found if 0 < at < self.length_us], dtype=np.int64)

    @lru_cache(maxsize=256)  # noqa: B019 - few clocks, which are cached anyway
    def intervals(self, interval_us: int, *, from_us: int = 0, anchor_us: int | None = None) -> Intervals:
        """The intervals from a moment to the end of the horizon.

        An interval begins whenever the clock shows its start time, or when a clock change leads into it. So intervals
        have the same clock times every day: one that the clock shows twice occurs twice, one that it skips is missing,
        and one that contains a change is longer or shorter.

        Parameters
        ----------
        interval_us : int
            Length by the clock, above 0.
        from_us : int
            Start of the first interval, in elapsed time.
        anchor_us : int, optional
            A clock time at which an interval begins; default: that of `from_us`.

        Examples
        --------
        >>> clock = local_clock(dt.datetime(2026, 11, 1), "America/New_York", 86_400)
        >>> hours = clock.intervals(3600 * US_PER_S)
        >>> len(hours), hours.number[:4].tolist()
        (25, [0, 1, 1, 2])
        >>> (np.diff(clock.intervals(86_400 * US_PER_S).edges_us) / 3.6e9).tolist()
        [25.0]
        """
        anchor = int(self.wall_us(from_us)) if anchor_us is None else anchor_us
        until = self.length_us + 2 * max(interval_us, DAY_US)
        begins: list[int] = []
        numbers: list[int] = []
        sharp: list[bool] = []
        for segment_begin, segment_end, offset in self._segments:
            begin, end = max(segment_begin, from_us), min(segment_end, until)
            if begin >= end:
                continue
            number, past = divmod(begin + offset - anchor, interval_us)
            if not begins or number != numbers[-1] or past == 0:
                begins.append(begin)
                numbers.append(number)
                sharp.append(past == 0)
            later = range(number + 1, -((anchor - end - offset) // interval_us))
            begins += [anchor + k * interval_us - offset for k in later]
            numbers += later
            sharp += [True] * len(later)
        edges = np.array(begins, dtype=np.int64)
        clock_number = np.array(numbers, dtype=np.int64)
        whole = np.array(sharp)
        next_one = whole[:-1] & whole[1:] & (np.diff(clock_number) == 1)
        usual = np.where(next_one, np.diff(edges), interval_us)
        count = max(1, int(np.searchsorted(edges, self.length_us, side="left")))
        end = max(self.length_us, int(edges[0]))
        return Intervals(np.append(edges[:count], end), clock_number[:count], usual[:count])

    def labels(self, edges_us: Times, *, with_day: bool | None = None) -> tuple[str, ...]:
        """Label each moment with what the clock shows.

        The day of the week is added when moments fall on several dates, and the date when a day of the week repeats.
        A time that the clock shows twice is followed by the name of its offset (EDT, EST).

        Parameters
        ----------
        edges_us : numpy.ndarray
            i8. The moments, in elapsed time.
        with_day : bool, optional
            Whether to add the day of the week; default: only when the moments fall on several dates.

        Examples
        --------
        >>> clock = local_clock(dt.datetime(2026, 11, 1), "America/New_York", 4 * 3600)
        >>> clock.labels(clock.intervals(3600 * US_PER_S).edges_us)
        ('00:00', '01:00 EDT', '01:00 EST', '02:00', '03:00')
        """
        moments = [self.moment(at) for at in np.asarray(edges_us).tolist()]
        if with_day is None:
            with_day = len({moment.date() for moment in moments[:-1] or moments}) > 1
        within_a_week = moments[-1].date() - moments[0].date() <= dt.timedelta(days=7)
        form = "%H:%M" if not with_day else "%a %H:%M" if within_a_week else "%a %d %b %H:%M"
        plain = [f"{moment:{form}}" for moment in moments]
        twice = [self.shown(self.wall_of(moment.replace(tzinfo=None))) > 1 for moment in moments]
        return tuple(
            f"{label} {moment.tzname()}" if again else label
            for label, moment, again in zip(plain, moments, twice, strict=True)
        )


def local_clock(start: dt.datetime, zone: str, horizon_s: float) -> LocalClock:
    """The clock of a zone, from a local date and time over a horizon.

    Whole days of the horizon are calendar days: two days end at the same time of day, after 47, 48 or 49 hours. The
    rest, less than a day, is elapsed time.

    Parameters
    ----------
    start : datetime.datetime
        Without a zone. A time that the clock shows twice means the first one.
    zone : str
        IANA time zone.
    horizon_s : float
        Seconds, 0 or more.

    Examples
    --------
    >>> local_clock(dt.datetime(2026, 10, 31), "America/New_York", 2 * 86_400).length_us / 3.6e9
    49.0
    """
    return _made(start, zone, round(horizon_s * US_PER_S))


def local_clock_of(utc: dt.datetime, zone: str, length_us: int) -> LocalClock:
    """The clock of a zone, from a moment with a zone over `length_us` microseconds of elapsed time."""
    return _clock(utc.astimezone(_UTC), zone, length_us, utc.astimezone(ZoneInfo(zone)).date())


@lru_cache(maxsize=256)
def _made(start: dt.datetime, zone: str, horizon_us: int) -> LocalClock:
    days, rest_us = divmod(horizon_us, DAY_US)
    utc = start.replace(tzinfo=ZoneInfo(zone)).astimezone(_UTC)
    clock = _clock(utc, zone, horizon_us, start.date())
    skipped_us = clock.at_us(clock.wall_of(start))  # below 0 if the clock skips the start: it then starts at the change
    if skipped_us:
        clock = _clock(utc + skipped_us * MICROSECOND, zone, horizon_us, start.date())
    end_us = clock.at_us(clock.wall_of(start) + days * DAY_US) + rest_us
    return clock if end_us == horizon_us else _clock(clock.utc, zone, end_us, start.date())


def _clock(utc: dt.datetime, zone: str, length_us: int, first_day: dt.date) -> LocalClock:
    place, midnight = ZoneInfo(zone), dt.datetime.combine(first_day, dt.time(), _UTC)
    before = utc - _AROUND
    moments = [before, *jumps(place, before, utc + length_us * MICROSECOND + _AROUND)]
    begins = [(moment - utc) // MICROSECOND for moment in moments]
    offsets = [
        ((utc - midnight) + (moment.astimezone(place).utcoffset() or dt.timedelta())) // MICROSECOND
        for moment in moments
    ]
    return LocalClock(
        zone, first_day, np.array(begins, dtype=np.int64), np.array(offsets, dtype=np.int64), utc, length_us
    )


def jumps(zone: ZoneInfo, start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    """When the clock of a zone changes between two moments, in UTC, to the second.

    Examples
    --------
    >>> year = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc), dt.datetime(2027, 1, 1, tzinfo=dt.timezone.utc)
    >>> [f"{jump:%d %b %H:%M}" for jump in jumps(ZoneInfo("America/New_York"), *year)]
    ['08 Mar 07:00', '01 Nov 06:00']
    """
    found, low = [], start.replace(microsecond=0)
    while low < end:
        high = low + dt.timedelta(days=1)
        before, after = low, high
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            while after - before > dt.timedelta(seconds=1):
                middle = (before + (after - before) / 2).replace(microsecond=0)
                same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                before, after = (middle, after) if same else (before, middle)
            found.append(after)
        low = high
    return [moment for moment in found if start < moment < end]
