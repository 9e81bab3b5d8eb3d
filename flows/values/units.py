"""Units of time: engines and records count whole microseconds; such names end in ``_us``."""

from __future__ import annotations

import datetime as dt

__all__ = ["MICROSECOND", "US_PER_S"]

US_PER_S = 1_000_000
"""Microseconds in a second."""
MICROSECOND = dt.timedelta(microseconds=1)
