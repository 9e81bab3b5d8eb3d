"""Days as they were: for each simulated day, one of a file's days by chance, with its counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulation.arrays import Floats, Ints, Times
from simulation.clock.local_time import DAY_US, LocalClock
from simulation.workload.arrivals.base import Busyness

__all__ = ["ARRIVALS", "History"]


@dataclass(frozen=True, eq=False)
class History:
    """Arrivals of days that have been, drawn with replacement; each date of the horizon draws its own.

    The counts of the day that is drawn are taken as they are, each call at a moment that is uniform within its
    interval. Counts that were made Poisson again would vary twice as much by chance as those of the file. The bootstrap
    of whole days keeps what intervals and intents have to do with each other (Efron and Tibshirani 1993, "An
    Introduction to the Bootstrap", section 8.5: independent units are drawn whole).

    Parameters
    ----------
    clock : LocalClock
        Of the scenario.
    dates : sequence of date
        The days of the file.
    counts : numpy.ndarray
        i8[days, intervals of a day, kinds of calls].
    starts_us : sequence of int
        When each interval begins by the clock, microseconds after midnight.
    length_us : int
        Length of an interval, microseconds.
    wanted : tuple of str
        The intent of each kind of call; empty if it is not known.
    same_weekday : bool
        Whether a date draws only days of its own day of the week.

    Examples
    --------
    >>> from simulation.clock.local_time import local_clock
    >>> clock = local_clock(dt.datetime(2026, 11, 24), "UTC", 86_400)
    >>> days = History(clock, [dt.date(2026, 11, 2)], np.array([[[3, 1]]]), [0], DAY_US)
    >>> days.expected_calls(DAY_US // 2), len(days.times_us(np.random.default_rng(1), DAY_US))
    (2.0, 4)
    """

    clock: LocalClock
    dates: Sequence[dt.date]
    counts: Ints
    starts_us: Sequence[int]
    length_us: int
    wanted: tuple[str, ...] = ("",)
    same_weekday: bool = False

    @cached_property
    def days(self) -> int:
        """Dates of the horizon."""
        return len(self.clock.midnights_us) + 1

    @cached_property
    def candidates(self) -> list[Ints]:
        """The days of the file that each date of the horizon may be."""
        every = np.arange(len(self.dates))
        if not self.same_weekday:
            return [every] * self.days
        weekday = np.array([day.weekday() for day in self.dates])
        return [every[weekday == (self.clock.first_day.weekday() + day) % 7] for day in range(self.days)]

    @cached_property
    def _begins_us(self) -> Times:
        """When each interval of each date begins, in elapsed time, i8[days, intervals]."""
        return np.array(
            [[self.clock.at_us(day * DAY_US + start) for start in self.starts_us] for day in range(self.days)]
        )

    def expected_calls(self, horizon_us: int) -> float:
        """Return the mean number of calls in [0, horizon_us)."""
        mean = np.stack([self.counts[of].sum(axis=2).mean(axis=0) for of in self.candidates])
        begin, end = (np.clip(self._begins_us + add, 0, horizon_us) for add in (0, self.length_us))
        inside: Floats = (end - begin) / self.length_us
        return float((mean * inside).sum())

    def times_us(
        self,
        generator: np.random.Generator,
        horizon_us: int,
        *,
        busy_u: float | None = None,
        busyness: Busyness = 1.0,
    ) -> Times:
        """Return sorted arrival times (see ``ArrivalProcess``); how busy days are is in the counts."""
        return self.drawn(generator, horizon_us)[0]

    def drawn(self, generator: np.random.Generator, horizon_us: int) -> tuple[Times, Ints]:
        """Draw the days, and the moments within their intervals.

        Returns
        -------
        times_us : numpy.ndarray
            i8, sorted, in [0, horizon_us).
        kind : numpy.ndarray
            i8: which kind of call each is, by the last axis of the counts.
        """
        u = generator.random(self.days)
        chosen = [of[int(u[day] * len(of))] for day, of in enumerate(self.candidates)]
        counts = self.counts[chosen]
        kinds = counts.shape[2]
        begins = np.broadcast_to(self._begins_us[:, :, None], counts.shape)
        times = np.repeat(begins.ravel(), counts.ravel())
        times = times + (generator.random(len(times)) * self.length_us).astype(np.int64)
        kind = np.repeat(np.broadcast_to(np.arange(kinds), counts.shape).ravel(), counts.ravel())
        order = np.argsort(times, kind="stable")
        order = order[(times[order] >= 0) & (times[order] < horizon_us)]
        return times[order], kind[order]


ARRIVALS = History
