"""How days differ: the values that a tenth, half and nine tenths of the days stay below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivr.records.definitions.all_measures import COLUMNS
from ivr.records.measures import MEASURES, Sums, ratio

__all__ = ["SPREAD", "DaySpread", "day_spread"]

SPREAD = ("service_level", "asa_s", "abandonment", "occupancy", "menu_and_wait_s", "cost", "net_value")
"""The measures whose days are told."""


@dataclass(frozen=True)
class DaySpread:
    """A measure over the days.

    Parameters
    ----------
    p10, p50, p90 : float
        A tenth, half and nine tenths of the days are at most this.
    days : int
        Days with a value.
    """

    p10: float
    p50: float
    p90: float
    days: int

    def as_dict(self) -> dict[str, float]:
        """The JSON of this."""
        return {"p10": self.p10, "p50": self.p50, "p90": self.p90, "days": self.days}


def day_spread(
    parts: Sequence[Sums], dates: Sequence[dt.date] = (), names: Sequence[str] = SPREAD
) -> dict[str, DaySpread]:
    """Return how the days differ in each measure.

    Parameters
    ----------
    parts : sequence of Sums
        One for each replication.
    dates : sequence of date
        The date of each interval; over several dates each is a day, else each replication is.
    names : sequence of str
        Measures of ``MEASURES``.

    Returns
    -------
    dict of str to DaySpread
        Measures that at least one day has. Between two days, values are interpolated.

    Notes
    -----
    Hyndman and Fan (1996), "Sample quantiles in statistical packages", definition 7.

    Examples
    --------
    >>> from ivr.records.measures import sums
    >>> from ivr.records.tables import empty
    >>> day_spread([sums(empty(horizon_us=9))] * 3, names=["arrived"])["arrived"]
    DaySpread(p10=0.0, p50=0.0, p90=0.0, days=3)
    """
    rows = []
    several = len(set(dates)) > 1
    for part in parts:
        if not several:
            rows.append(part.values[0])
            continue
        first = part.cell(interval=0)
        for date in dict.fromkeys(dates):
            cells = [first + i for i, one in enumerate(dates) if one == date]
            day = part.values[cells].sum(axis=0)
            for column in ("replications", "priced"):  # not sums over time
                day[COLUMNS.index(column)] = part.values[0, COLUMNS.index(column)]
            rows.append(day)
    values = np.stack(rows)
    found = {}
    for name in names:
        number, of = ratio(MEASURES[name], values)
        each = number[of > 0] / of[of > 0]
        if len(each):
            p10, p50, p90 = np.quantile(each, (0.1, 0.5, 0.9)).tolist()
            found[name] = DaySpread(p10, p50, p90, len(each))
    return found
