"""The parts of a scenario while it is made of estimates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flows.model.flow import Flow
from simulation.calibration.calibration import Calibration
from simulation.calibration.minimal_flow import MinimalFlow

__all__ = ["MOST_DAYS", "Making", "day_labels"]

MOST_DAYS = 28
"""A scenario covers at most so many days: the last of the log."""


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


def day_labels(making: Making, days: tuple[int, ...]) -> list[str]:
    """What the days of a scenario are called in its file."""
    of = making.of
    dates = [of.days.dates[day] for day in days]
    return [
        f"{date:%a %d %b}{'' if of.kept[day] else ', left out of the estimates'}"
        for day, date in zip(days, dates, strict=True)
    ]
