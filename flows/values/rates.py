"""Rates as people write them: so many callers in a time."""

from __future__ import annotations

import re
from typing import Any

from flows.values.scalars import seconds_of

__all__ = ["per_hour_of"]

_RATE = re.compile(r"^([^/]+?)\s*/\s*([^/]+)$")


def per_hour_of(value: Any) -> float:
    """A rate per hour from ``360``, ``360/h``, ``6/min`` or ``180/30m``; a number alone counts an hour.

    Raises
    ------
    ValueError
        If it is not a rate.

    Examples
    --------
    >>> per_hour_of("360"), per_hour_of("360/h"), per_hour_of("6/min"), per_hour_of("180/30m")
    (360.0, 360.0, 360.0, 360.0)
    """
    match = _RATE.match(value.strip()) if isinstance(value, str) else None
    number, time = match.groups() if match else (value, "1h")
    try:
        seconds = float(seconds_of(time if time[0].isdecimal() else f"1{time}"))
        return float(number) * 3600.0 / seconds
    except (TypeError, ValueError, ZeroDivisionError):
        raise ValueError(f"{value!r} is not a rate; write 360 for so many an hour, 360/h, 6/min or 180/30m") from None
