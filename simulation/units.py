"""Units of time: the simulation counts whole microseconds, people write seconds and hours."""

from __future__ import annotations

__all__ = ["DAY_US", "MINUTE_US", "S_PER_DAY", "S_PER_HOUR", "US_PER_S"]

US_PER_S = 1_000_000
S_PER_HOUR = 3_600
S_PER_DAY = 86_400
MINUTE_US = 60 * US_PER_S
DAY_US = S_PER_DAY * US_PER_S
