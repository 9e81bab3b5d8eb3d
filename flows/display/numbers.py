"""Formats numbers for people: with a unit, and only meaningful digits."""

from __future__ import annotations

import math

__all__ = ["clock", "count", "decimals_for", "duration", "money", "share"]

_ROUNDING = 1e-9
"""Percentage points by which a sum of shares may fall short of 100 % through rounding."""

_CERTAIN = 1e-4
"""Money that varies by less does not vary."""


def decimals_for(half_width: float | None, *, default: int) -> int:
    """Return how many decimals to show for a value: one significant digit of its half-width, unless that is rounding.

    >>> decimals_for(0.4, default=2), decimals_for(0.03, default=1), decimals_for(None, default=1)
    (1, 2, 1)
    >>> decimals_for(1e-16, default=1)
    1
    """
    if not half_width or half_width < _ROUNDING or not math.isfinite(half_width):
        return default
    return min(max(-math.floor(math.log10(half_width)), 0), 4)


def share(value: float, half_width: float | None = None) -> str:
    """Return a share 0..1 as a percentage.

    Parameters
    ----------
    value : float
        For example 0.946.
    half_width : float, optional
        Half-width of its interval, on the same scale.

    Examples
    --------
    >>> share(0.9462), share(0.9462, 0.0041), share(0.00042), share(0), share(0.99962)
    ('94.6 %', '94.6 % ± 0.4', '0.042 %', '0 %', '99.96 %')

    A share just below 1 is not shown as 100 %, unless the difference is a rounding error.

    >>> share(0.99999999), share(0.9999999999999)
    ('99.9999 %', '100 %')
    """
    percent = value * 100
    if half_width is None and 99.5 <= percent < 100 - _ROUNDING:
        return f"{_plain(min(percent, 99.9999), min(max(_places(100 - percent) - 1, 0), 4))} %"
    return _with_half_width(percent, None if half_width is None else half_width * 100, " %")


def count(value: float, half_width: float | None = None) -> str:
    """Return a count with thousands separators.

    >>> count(5012.4, 27), count(3), count(2.97), count(0.0451)
    ('5,012 ± 27', '3', '3.0', '0.045')
    """
    return _with_half_width(value, half_width, "")


def money(value: float, half_width: float | None = None) -> str:
    """Return an amount of money without its currency: hundredths below 100, and never finer.

    >>> money(16426.4), money(4.1), money(4.123, 0.0312), money(0.0085), money(-3), money(450, 0)
    ('16,426', '4.10', '4.12 ± 0.03', '0.0085', '−3.00', '450')
    """
    if half_width and half_width >= _CERTAIN:
        places = min(decimals_for(half_width, default=0), 2 if abs(value) >= 0.1 else 4)
        return f"{_plain(value, places)} ± {_plain(half_width, places)}"
    size = abs(value)
    return _plain(value, 0 if size >= 99.995 or not size else 2 if size >= 0.095 else _places(value))


def duration(value_s: float, half_width_s: float | None = None) -> str:
    """Return a duration in everyday units.

    >>> duration(72), duration(4.21), duration(7300), duration(0.031), duration(12.4, 0.8), duration(90, 12)
    ('1 min 12 s', '4.2 s', '2 h 2 min', '0.031 s', '12.4 s ± 0.8', '1 min 30 s ± 12 s')
    """
    size = abs(value_s)
    if size < 59.5:
        return _with_half_width(value_s, half_width_s, " s")
    sign = "−" if value_s < 0 else ""
    if size < 3599.5:
        minutes, seconds = divmod(round(size), 60)
        text = f"{sign}{minutes} min" + (f" {seconds} s" if seconds else "")
    else:
        hours, minutes = divmod(round(size / 60), 60)
        text = f"{sign}{hours:,} h" + (f" {minutes} min" if minutes else "")
    coarse = 1 if size < 3599.5 else 60  # no finer than the figure itself
    return text if half_width_s is None else f"{text} ± {duration(coarse * round(half_width_s / coarse))}"


def clock(at_s: float) -> str:
    """Return the time of day at a number of seconds from midnight.

    >>> clock(37_800), clock(90_000)
    ('10:30', '1:00 (+1 d)')
    """
    days, rest = divmod(int(at_s), 86_400)
    text = f"{rest // 3600}:{rest % 3600 // 60:02d}"
    return f"{text} (+{days} d)" if days else text


def _with_half_width(value: float, half_width: float | None, unit: str) -> str:
    places = decimals_for(half_width, default=_places(value))
    if half_width is None:
        return f"{_plain(value, places)}{unit}"
    return f"{_plain(value, places)}{unit} ± {_plain(half_width, places)}"


def _places(value: float) -> int:
    """Decimals for two or three significant digits; none for whole or large numbers."""
    size = abs(value)
    if value == round(value) or size >= 99.95:
        return 0
    if size >= 0.95:
        return 1
    return min(1 - math.floor(math.log10(size)), 6) if size >= 1e-6 else 0


def _plain(value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.lstrip("-")
