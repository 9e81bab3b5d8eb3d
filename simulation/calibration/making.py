"""The parts of a scenario while it is made of estimates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from flows.model.flow import Flow
from simulation.calibration.calibration import Calibration
from simulation.calibration.minimal_flow import MinimalFlow
from simulation.calibration.yaml_text import Dated
from simulation.clock.local_rows import local_rows

__all__ = ["MOST_DAYS", "USUAL_LEVEL", "Making", "by_day", "laid_out"]

MOST_DAYS = 28
"""A scenario covers at most so many days: the last of the log."""
USUAL_LEVEL = {"threshold": "20s", "target": "80%"}
"""What is to be reached where nobody says: no log does."""


@dataclass
class Making:
    """The parts of a scenario while it is made.

    Parameters
    ----------
    of : Calibration
    flow : Flow or None
        That callers called, if it is known.
    made : MinimalFlow or None
        The flow that is made otherwise.
    data, notes, assumed
        As in `ScenarioData`.
    """

    of: Calibration
    flow: Flow | None
    made: MinimalFlow | None = None
    data: dict[str, Any] = field(default_factory=dict)
    notes: dict[tuple[str, ...], str] = field(default_factory=dict)
    assumed: list[str] = field(default_factory=list)

    def note(self, text: str, *path: str) -> None:
        """Put a comment above a key."""
        self.notes[path] = text

    def days(self) -> tuple[int, ...]:
        """The days of the log that the scenario covers."""
        count_ = self.of.days.count
        if count_ >= MOST_DAYS:
            return tuple(range(count_ - MOST_DAYS, count_))
        whole = count_ - count_ % 7 if count_ >= 7 else count_
        return tuple(range(count_ - whole, count_))


def laid_out(
    values: Sequence[Sequence[str]], dates: Sequence[dt.date], labels: Sequence[str], interval_s: float, zone: str
) -> Dated:
    """The values of days as a scenario has them: for each interval that there is, by the clock of a zone.

    Parameters
    ----------
    values : sequence of sequence of str
        By day, for each interval of a day without clock changes.
    dates, labels : sequence
        Of the days, which follow each other.
    interval_s : float
    zone : str
        Empty for UTC.

    Examples
    --------
    On 8 March the clock of New York skips 02:00, on 1 November it shows 01:00 twice:

    >>> hours = [[str(hour) for hour in range(24)]]
    >>> laid_out(hours, [dt.date(2026, 3, 8)], ["Sun"], 3600, "America/New_York")[:4]
    ['0', '1', '3', '4']
    >>> laid_out(hours, [dt.date(2026, 11, 1)], ["Sun"], 3600, "America/New_York")[:4]
    ['0', '1', '1', '2']
    """
    days, places = local_rows(dates, interval_s, zone or "UTC")
    found = [values[day][place] for day, place in zip(days.tolist(), places.tolist(), strict=True)]
    return Dated(found, list(labels), np.bincount(days, minlength=len(dates)).tolist())


def by_day(making: Making, days: tuple[int, ...], values: Sequence[Sequence[str]]) -> Dated:
    """Values of each interval of days of a log, as its scenario has them."""
    of = making.of
    dates = [of.days.dates[day] for day in days]
    return laid_out(values, dates, _day_labels(making, days), of.days.interval_s, of.records.zone)


def _day_labels(making: Making, days: tuple[int, ...]) -> list[str]:
    """What the days of a scenario are called in its file."""
    of = making.of
    dates = [of.days.dates[day] for day in days]
    return [
        f"{date:%a %d %b}{'' if of.kept[day] else ', left out of the estimates'}"
        for day, date in zip(days, dates, strict=True)
    ]
