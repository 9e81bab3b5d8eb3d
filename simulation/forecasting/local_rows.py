"""The intervals of days by a zone's clock: a day on which clocks change has an hour more or less."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from flows.values.units import US_PER_S
from simulation.arrays import Ints
from simulation.clock.local_time import local_clock

__all__ = ["local_rows"]


def local_rows(dates: Sequence[dt.date], interval_s: float, zone: str) -> tuple[Ints, Ints]:
    """The day and the interval of the day of each row, in order of time, as a scenario counts its intervals.

    Examples
    --------
    The last Sunday of October in Berlin has 25 hours, and 02:00 twice:

    >>> days, places = local_rows([dt.date(2026, 10, 25)], 3600, "Europe/Berlin")
    >>> len(days), places[:5].tolist()
    (25, [0, 1, 2, 2, 3])
    """
    clock = local_clock(dt.datetime.combine(dates[0], dt.time()), zone, 86_400.0 * len(dates))
    cut = clock.intervals(round(interval_s * US_PER_S))
    return np.asarray(clock.day(cut.edges_us[:-1])), np.asarray(cut.number % round(86_400 / interval_s))
