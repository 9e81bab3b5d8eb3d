"""Local time: what the clock on the wall shows at each moment of a scenario, and when it shows a time.

Inside, time is microseconds that have passed since the scenario's start. People write and read the local clock of one
zone. Everything that goes from one to the other goes through here: shifts, breaks, intervals, days, surges, stamps of
traces, labels. ``docs/time.md`` says in words what happens on the days on which clocks change.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from flows.values.units import MICROSECOND, US_PER_S

__all__ = ["DAYS", "DAY_US", "EPOCH", "Intervals", "LocalClock", "jumps", "local_clock", "local_clock_of"]

DAY_US = 86_400 * US_PER_S
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UTC = dt.UTC
EPOCH = dt.datetime(1970, 1, 1, tzinfo=_UTC)
_AROUND = dt.timedelta(days=3)
"""Clocks are looked at so long before the start and after the end: shifts begin the day before."""


@dataclass(frozen=True)
class Intervals:
    """The intervals of a horizon: stretches of the local clock.

    Parameters
    ----------
    edges_us : numpy.ndarray
        i8[n + 1]. Where each begins, and where the last ends.
    number : numpy.ndarray
        i8[n]. Which stretch of the clock each is, counted from the first; a time that is shown twice has its number
        twice.
    usual_us : numpy.ndarray
        i8[n]. How long it is without the end of the horizon.
    """

    edges_us: np.ndarray
    number: np.ndarray
    usual_us: np.ndarray

    def __len__(self) -> int:
        return len(self.number)

    def at(self, at_us: np.ndarray) -> np.ndarray:
        """The interval of moments; what is before the first counts there, and what is after the last in the last."""
        return np.clip(np.searchsorted(self.edges_us, at_us, side="right") - 1, 0, len(self) - 1)


@dataclass(frozen=True, eq=False)
class LocalClock:
    """The clock of one zone over a horizon.

    A time of the clock is counted in microseconds from midnight of the date of the start ("wall" below): 26 hours are
    2:00 of the second day, whatever clocks have done.

    Parameters
    ----------
    zone : str
        IANA time zone.
    first_day : datetime.date
        The date of the start.
    begins_us, offset_us : numpy.ndarray
        i8[segments]. From each moment on the clock shows so much more than has passed.
    utc : datetime.datetime
        The start, in UTC.
    length_us : int
        The horizon, in time that passes.
    """

    zone: str
    first_day: dt.date
    begins_us: np.ndarray
    offset_us: np.ndarray
    utc: dt.datetime
    length_us: int

    def wall_us(self, at_us: np.ndarray | int) -> np.ndarray:
        """What the clock shows at moments.

        Examples
        --------
        >>> clock = local_clock(dt.datetime(2026, 10, 31), "America/New_York", 2 * 86_400)
        >>> (clock.wall_us(np.array([25, 26]) * 3600 * US_PER_S) / 3.6e9).tolist()  # 1:00 of the second day, twice
        [25.0, 25.0]
        """
        at_us = np.asarray(at_us, dtype=np.int64)
        return at_us + self.offset_us[np.maximum(np.searchsorted(self.begins_us, at_us, side="right") - 1, 0)]

    def at_us(self, wall_us: int) -> int:
        """When the clock shows a time: the first moment of two; of a time that is skipped, the moment of the jump.

        Examples
        --------
        >>> clock = local_clock(dt.datetime(2027, 3, 14), "America/New_York", 86_400)
        >>> [clock.at_us(minutes * 60 * US_PER_S) / 3.6e9 for minutes in (120, 150, 180, 240)]  # skips 2:00 to 3:00
        [2.0, 2.0, 2.0, 3.0]
        """
        return self._shown(wall_us)[0]

    def shown(self, wall_us: int) -> int:
        """How often the clock shows a time: 0 (skipped), 1, or 2."""
        return self._shown(wall_us)[1]

    def again_us(self, wall_us: int) -> int:
        """The last moment at which the clock shows a time; the jump when it is skipped."""
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
        return list(zip([-(2**62), *self.begins_us[1:].tolist()], ends, self.offset_us.tolist()))

    @cached_property
    def jumps_of_the_wall(self) -> list[tuple[int, int, bool]]:
        """Stretches of the clock that it shows twice (True) or skips (False): from, to."""
        found = []
        for (_, at, before), (_, _, after) in zip(self._segments, self._segments[1:]):
            found.append((at + min(before, after), at + max(before, after), after < before))
        return [jump for jump in found if jump[0] < jump[1]]

    def wall_of(self, moment: dt.datetime) -> int:
        """A date and time without a zone, as a time of the clock."""
        return (moment - dt.datetime.combine(self.first_day, dt.time())) // MICROSECOND

    def elapsed_us(self, moment: dt.datetime) -> int:
        """When a moment with a zone is."""
        return (moment.astimezone(_UTC) - self.utc) // MICROSECOND

    def moment(self, at_us: int) -> dt.datetime:
        """A moment as a date and time with its zone."""
        return (self.utc + int(at_us) * MICROSECOND).astimezone(ZoneInfo(self.zone))

    def day(self, at_us: np.ndarray | int) -> np.ndarray:
        """The date of moments, in days after that of the start."""
        return self.wall_us(at_us) // DAY_US

    def weekday(self, day: int) -> str:
        """The day of the week, of a day counted from that of the start."""
        return DAYS[(self.first_day.weekday() + day) % 7]

    @cached_property
    def midnights_us(self) -> np.ndarray:
        """When the dates after that of the start begin, i8; within the horizon."""
        last = int(self.day(self.length_us - 1)) if self.length_us else 0
        found = [self.at_us(day * DAY_US) for day in range(1, last + 1)]
        return np.array([at for at in found if 0 < at < self.length_us], dtype=np.int64)

    @lru_cache(maxsize=256)  # noqa: B019 - few clocks, and each is kept anyway
    def intervals(self, interval_us: int, *, from_us: int = 0, anchor_us: int | None = None) -> Intervals:
        """The intervals from a moment to the end of the horizon.

        One begins whenever the clock shows the begin of one, and where a jump of the clock leads into another. So each
        shows the same times on every day; one that the clock shows twice is there twice, one that it skips is not
        there, and one in which it jumps is longer or shorter.

        Parameters
        ----------
        interval_us : int
            Length by the clock.
        from_us : int
            Where the first begins.
        anchor_us : int, optional
            A time of the clock at which one begins; default: that of `from_us`.

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
        for begin, end, offset in self._segments:
            begin, end = max(begin, from_us), min(end, until)
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
        number = np.array(numbers, dtype=np.int64)
        whole = np.array(sharp)
        next_one = whole[:-1] & whole[1:] & (np.diff(number) == 1)
        usual = np.where(next_one, np.diff(edges), interval_us)
        count = max(1, int(np.searchsorted(edges, self.length_us, side="left")))
        return Intervals(np.append(edges[:count], max(self.length_us, int(edges[0]))), number[:count], usual[:count])

    def labels(self, edges_us: np.ndarray, *, with_day: bool | None = None) -> tuple[str, ...]:
        """What the clock shows at moments, for people: with the day of the week where they are on several dates, and
        with the date where a day of the week comes again.

        A label that the clock shows twice has the name of its offset (EDT, EST) behind it.

        Examples
        --------
        >>> clock = local_clock(dt.datetime(2026, 11, 1), "America/New_York", 4 * 3600)
        >>> clock.labels(clock.intervals(3600 * US_PER_S).edges_us)
        ('00:00', '01:00 EDT', '01:00 EST', '02:00', '03:00')
        """
        moments = [self.moment(at) for at in np.asarray(edges_us).tolist()]
        if with_day is None:
            with_day = len({moment.date() for moment in moments[:-1] or moments}) > 1
        form = (
            "%H:%M"
            if not with_day
            else "%a %H:%M"
            if moments[-1].date() - moments[0].date() <= dt.timedelta(days=7)
            else "%a %d %b %H:%M"
        )
        plain = [f"{moment:{form}}" for moment in moments]
        twice = [self.shown(self.wall_of(moment.replace(tzinfo=None))) > 1 for moment in moments]
        return tuple(
            f"{label} {moment.tzname()}" if again else label for label, moment, again in zip(plain, moments, twice)
        )


def local_clock(start: dt.datetime, zone: str, horizon_s: float) -> LocalClock:
    """The clock of a zone from a local date and time over a horizon.

    Whole days of the horizon are days of the calendar: two days end at the same time of the day, after 47, 48 or 49
    hours. What is left below a day is time that passes.

    Parameters
    ----------
    start : datetime.datetime
        Without a zone. The first of two when the clock shows it twice.
    zone : str
    horizon_s : float

    Examples
    --------
    >>> local_clock(dt.datetime(2026, 10, 31), "America/New_York", 2 * 86_400).length_us / 3.6e9
    49.0
    """
    return _made(start, zone, round(horizon_s * US_PER_S))


def local_clock_of(utc: dt.datetime, zone: str, length_us: int) -> LocalClock:
    """The clock of a zone from a moment with a zone, over time that passes."""
    return _clock(utc.astimezone(_UTC), zone, length_us, utc.astimezone(ZoneInfo(zone)).date())


@lru_cache(maxsize=256)
def _made(start: dt.datetime, zone: str, horizon_us: int) -> LocalClock:
    days, rest_us = divmod(horizon_us, DAY_US)
    utc = start.replace(tzinfo=ZoneInfo(zone)).astimezone(_UTC)
    clock = _clock(utc, zone, horizon_us, start.date())
    skipped_us = clock.at_us(clock.wall_of(start))  # below 0 when the clock never shows the start: it is then the jump
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
    """The moments between two at which the clock of a zone jumps, in UTC, to the second.

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
