"""Days on which clocks change, north and south, and local times from the zone database alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

UTC = dt.UTC
MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US


@dataclass(frozen=True)
class Change:
    """Three local days; clocks change on the second."""

    zone: str
    day: dt.date
    hours: float

    @property
    def start(self) -> dt.datetime:
        return dt.datetime.combine(self.day - dt.timedelta(days=1), dt.time())

    @property
    def settings(self) -> tuple[str, ...]:
        return f"start={self.start:%Y-%m-%d %H:%M}", f"zone={self.zone}", "horizon=3d", "interval=1h"


CHANGES = {
    f"{zone} {day}": Change(zone, dt.date.fromisoformat(day), hours)
    for zone, day, hours in (
        ("America/New_York", "2026-11-01", 25),
        ("America/New_York", "2027-03-14", 23),
        ("Australia/Sydney", "2026-10-04", 23),
        ("Australia/Sydney", "2027-04-04", 25),
        # In Chile clocks change at midnight: 5 September ends, and 6 September begins at 1:00; 3 April has 23:00 twice.
        ("America/Santiago", "2026-09-06", 23),
        ("America/Santiago", "2027-04-03", 25),
        # On Lord Howe Island by half an hour only.
        ("Australia/Lord_Howe", "2027-04-04", 24.5),
    )
}


def local(zone: str, start: dt.datetime, at_us: np.ndarray) -> list[dt.datetime]:
    """Local dates and times of moments, straight from the zone database; the start is the first of its name."""
    place = ZoneInfo(zone)
    begin = start.replace(tzinfo=place).astimezone(UTC)
    return [(begin + dt.timedelta(microseconds=int(at))).astimezone(place) for at in at_us]
