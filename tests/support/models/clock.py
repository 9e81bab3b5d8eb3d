"""The local clock of a scenario and the intervals it is cut into, from the words of docs/time.md."""

from __future__ import annotations

import bisect
import datetime as dt
from zoneinfo import ZoneInfo

from tests.support.models.walks import US, seconds, us

DAY_S = 86_400
MICROSECOND = dt.timedelta(microseconds=1)
MINUTE = dt.timedelta(minutes=1)


class Clock:
    """Wall clock and elapsed microseconds of one scenario."""

    def __init__(self, scenario: dict):
        self.zone = ZoneInfo(scenario.get("zone", "UTC"))
        self.start = dt.datetime.fromisoformat(scenario["start"])
        self.began = self._moment(self.start)
        days, rest = divmod(seconds(scenario["horizon"]), DAY_S)
        self.days = int(days) + 2
        self.horizon_us = self.elapsed_us(self.start + dt.timedelta(days=days)) + us(rest)
        self.interval = dt.timedelta(seconds=seconds(scenario["interval"]))
        edges, at = set(), self.start
        while at < self.start + dt.timedelta(days=self.days):
            edges |= {self.elapsed_us(at), self.elapsed_us(at, fold=1)}
            at += self.interval
        self.edges = [edge for edge in sorted(edges) if edge < self.horizon_us]
        self.a_day = DAY_S * US // (self.interval // MICROSECOND)
        """How many intervals a day has."""

    def _moment(self, wall: dt.datetime, fold: int = 0) -> dt.datetime:
        moment = wall.replace(tzinfo=self.zone, fold=fold).astimezone(dt.UTC)
        if moment.astimezone(self.zone).replace(tzinfo=None) != wall:  # the clock skips it: the moment of the jump
            moment = wall.replace(tzinfo=self.zone, fold=0).astimezone(dt.UTC)
            while self._ahead(moment - MINUTE) == self._ahead(moment):
                moment -= MINUTE
        return moment

    def _ahead(self, moment: dt.datetime) -> dt.timedelta | None:
        return moment.astimezone(self.zone).utcoffset()

    def elapsed_us(self, wall: dt.datetime, fold: int = 0) -> int:
        """Time from the start to a clock time: the first of two such times, or the jump where there is none."""
        return (self._moment(wall, fold) - self.began) // MICROSECOND

    def of_interval(self, moment_us: int, values: int) -> int:
        """Which value of a list holds at a moment: in order of time, or by the clock if the list covers a day."""
        if values == 1:
            return 0
        if values != self.a_day:
            assert values == len(self.edges)
            return bisect.bisect_right(self.edges, moment_us) - 1
        wall = (self.began + moment_us * MICROSECOND).astimezone(self.zone).replace(tzinfo=None)
        return (wall - self.start) // self.interval % values

    def dates(self, begin: str, end: str) -> list[tuple[int, int, int]]:
        """Begin and end of a stretch on each date that may matter, and the day of the week."""
        found = []
        for day in range(-2, self.days + 1):
            date = self.start.date() + dt.timedelta(days=day)
            first, last = (dt.datetime.combine(date, dt.time.fromisoformat(text)) for text in (begin, end))
            if last <= first:
                last += dt.timedelta(days=1)
            found.append((self.elapsed_us(first), self.elapsed_us(last), date.weekday()))
        return found
