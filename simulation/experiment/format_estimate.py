"""Formats an estimate in the unit of its measure, with an interval within the measure's range."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from flows.display.numbers import count, duration, money, share
from ivr.records.measures import MEASURES
from simulation.experiment.estimates import Estimate
from simulation.experiment.interval_within import interval_within, range_of

__all__ = ["WRITERS", "bounds", "exact_written", "fits", "without_interval", "written"]

WRITERS = {"share": share, "s": duration, "money": money}
"""How a value and its half-width are written, by unit; anything else is a count."""

_SAYS_LITTLE = 0.5
"""An interval of a share that is wider than this has too few replications for decimals."""


def fits(name: str, value: Estimate) -> bool:
    """Return whether mean ± half-width lies within the range of a measure: 0..1 for a share, else 0 or more.

    >>> fits("service_level", Estimate(0.76, 1.74)), fits("asa_s", Estimate(8.0, 4.0))
    (False, True)
    """
    half, (least, most) = value.half_width or 0.0, range_of(name)
    return least <= value.mean - half and value.mean + half <= most


def bounds(name: str, value: Estimate) -> tuple[float, float] | None:
    """Return the ends of the confidence interval of a measure; see `interval_within`.

    Parameters
    ----------
    name : str
        A measure or a quantile.
    value : Estimate
        Its half-width is Student's t times the standard error.

    Returns
    -------
    tuple of float, or None
        None for a single replication.

    Examples
    --------
    >>> bounds("asa_s", Estimate(13.0, 64.0)), bounds("asa_s", Estimate(13.0))
    ((0.0, 77.0), None)
    """
    return interval_within(value.mean, value.half_width, *range_of(name))


def written(name: str, value: Estimate, *, interval: bool = True) -> str:
    """Return an estimate in the unit of its measure.

    Parameters
    ----------
    name : str
        A measure or a quantile.
    value : Estimate
    interval : bool
        Whether to write the interval too: ± its half-width, or its ends if that would leave the measure's range (see
        `bounds`), in whole percents, rounded outwards, if they are more than 50 points apart. A value of exactly 0 or
        100 % without variation gets none.

    Examples
    --------
    >>> written("service_level", Estimate(0.946, 0.004)), written("asa_s", Estimate(72.0))
    ('94.6 % ± 0.4', '1 min 12 s')
    >>> written("service_level", Estimate(0.9, 0.18)), written("blocking", Estimate(0.0, 0.0))
    ('90 % (54.9 % to 98.5 %)', '0 %')
    >>> written("service_level", Estimate(0.76, 1.74))
    '76 % (0 % to 100 %)'
    """
    unit = MEASURES[name].unit if name in MEASURES else "s"
    write = WRITERS.get(unit, count)
    ends = bounds(name, value) if interval else None
    if ends is None or (not value.half_width and value.mean in ((0, 1) if unit == "share" else (0,))):
        return write(value.mean)
    if fits(name, value):
        return write(value.mean, value.half_width)
    low, high = ends
    if unit == "share" and high - low > _SAYS_LITTLE:
        low, high = math.floor(low * 100) / 100, math.ceil(high * 100) / 100
    return f"{write(value.mean)} ({write(low)} to {write(high)})"


def exact_written(name: str, value: Estimate) -> str:
    """Return the exact value beside an estimate, with as many digits as the estimate has.

    Parameters
    ----------
    name : str
    value : Estimate
        Without an exact value there is nothing to write.

    Examples
    --------
    >>> exact_written("key_presses", Estimate(1.0076, 0.0009, exact=1.00746))
    '1.0075'
    """
    return "" if value.exact is None else without_interval(written(name, replace(value, mean=value.exact)))


def without_interval(text: str) -> str:
    """Return a written estimate without its interval, keeping the digits that the interval determined.

    >>> without_interval("94.6 % ± 0.4"), without_interval("90 % (54.9 % to 98.5 %)")
    ('94.6 %', '90 %')
    """
    return re.split(r" ± | \(", text, maxsplit=1)[0]
