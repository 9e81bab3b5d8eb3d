"""Formats an estimate in the unit of its measure, with an interval within the measure's range."""

from __future__ import annotations

import math
import re

from flows.display.numbers import count, duration, share
from ivr.records.measures import MEASURES
from simulation.experiment.estimates import Estimate

__all__ = ["bounds", "fits", "without_interval", "written"]


def fits(name: str, value: Estimate) -> bool:
    """Return whether mean ± half-width lies within the range of a measure: 0..1 for a share, else 0 or more.

    >>> fits("service_level", Estimate(0.76, 1.74)), fits("asa_s", Estimate(8.0, 4.0))
    (False, True)
    """
    half = value.half_width or 0.0
    return value.mean - half >= 0 and (value.mean + half <= 1 or not _is_share(name))


def bounds(name: str, value: Estimate) -> tuple[float, float] | None:
    """Return the ends of the confidence interval of a measure.

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

    Notes
    -----
    Mean ± half-width if that lies within the range of the measure. If it does not, because there are few replications
    or the share is near 0 or 1, a share gets the interval of its logit (standard error by the delta method), which
    never leaves 0..1: Agresti (2013), "Categorical Data Analysis", section 3.1.6; Korn and Graubard (1998), "Confidence
    intervals for proportions with small expected number of positive counts". Any other measure is cut off at 0, which
    does not reduce the coverage.

    Examples
    --------
    >>> [round(end, 3) for end in bounds("service_level", Estimate(0.9, 0.18))]
    [0.549, 0.985]
    >>> bounds("asa_s", Estimate(13.0, 64.0)), bounds("asa_s", Estimate(13.0))
    ((0.0, 77.0), None)
    """
    mean, half = value.mean, value.half_width
    if half is None:
        return None
    if fits(name, value) or not _is_share(name):
        return max(mean - half, 0.0), mean + half
    if not 0 < mean < 1:  # no logit
        return max(mean - half, 0.0), min(mean + half, 1.0)
    centre, width = math.log(mean / (1 - mean)), half / (mean * (1 - mean))
    return _of_logit(centre - width), _of_logit(centre + width)


def written(name: str, value: Estimate, *, interval: bool = True) -> str:
    """Return an estimate in the unit of its measure.

    Parameters
    ----------
    name : str
        A measure or a quantile.
    value : Estimate
    interval : bool
        Whether to write the interval too: ± its half-width, or its ends if that would leave the measure's range (see
        `bounds`). A value of exactly 0 or 100 % without variation gets none.

    Examples
    --------
    >>> written("service_level", Estimate(0.946, 0.004)), written("asa_s", Estimate(72.0))
    ('94.6 % ± 0.4', '1 min 12 s')
    >>> written("service_level", Estimate(0.9, 0.18)), written("blocking", Estimate(0.0, 0.0))
    ('90 % (54.9 % to 98.5 %)', '0 %')
    """
    unit = MEASURES[name].unit if name in MEASURES else "s"
    write = {"share": share, "s": duration}.get(unit, count)
    ends = bounds(name, value) if interval else None
    if ends is None or (not value.half_width and value.mean in ((0, 1) if unit == "share" else (0,))):
        return write(value.mean)
    return (
        write(value.mean, value.half_width)
        if fits(name, value)
        else f"{write(value.mean)} ({write(ends[0])} to {write(ends[1])})"
    )


def without_interval(text: str) -> str:
    """Return a written estimate without its interval, keeping the digits that the interval determined.

    >>> without_interval("94.6 % ± 0.4"), without_interval("90 % (54.9 % to 98.5 %)")
    ('94.6 %', '90 %')
    """
    return re.split(r" ± | \(", text, maxsplit=1)[0]


def _is_share(name: str) -> bool:
    return name in MEASURES and MEASURES[name].unit == "share"


def _of_logit(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0
