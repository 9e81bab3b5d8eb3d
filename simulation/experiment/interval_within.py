"""The ends of a confidence interval, within what a measure can be."""

from __future__ import annotations

import math

from ivr.records.measures import MEASURES

__all__ = ["interval_within", "range_of"]


def range_of(name: str) -> tuple[float, float]:
    """What a measure can be: 0 to 1 for a share, anything for a net value, otherwise 0 or more.

    >>> range_of("service_level"), range_of("wait_p95_s"), range_of("net_value")
    ((0.0, 1.0), (0.0, inf), (-inf, inf))
    """
    if name in MEASURES and MEASURES[name].unit == "money" and any(sign < 0 for _, sign in MEASURES[name].numerator):
        return -math.inf, math.inf
    return 0.0, 1.0 if name in MEASURES and MEASURES[name].unit == "share" else math.inf


def interval_within(mean: float, half_width: float | None, least: float, most: float) -> tuple[float, float] | None:
    """Return the ends of a confidence interval.

    Parameters
    ----------
    mean : float
    half_width : float or None
        Student's t times the standard error; None for a single replication.
    least, most : float
        What the measure can be.

    Returns
    -------
    tuple of float, or None
        None for a single replication.

    Notes
    -----
    Mean ± half-width if that lies within the range. If it does not, because there are few replications or the share is
    near 0 or 1, a share gets the interval of its logit (standard error by the delta method), which never leaves 0..1:
    Agresti (2013), "Categorical Data Analysis", section 3.1.6; Korn and Graubard (1998), "Confidence intervals for
    proportions with small expected number of positive counts". Anything else is cut off at the end of its range, which
    does not reduce the coverage.

    Examples
    --------
    >>> [round(end, 3) for end in interval_within(0.9, 0.18, 0, 1)]
    [0.549, 0.985]
    >>> interval_within(13.0, 64.0, 0, math.inf), interval_within(0.75, 1.5, -1, 1)
    ((0, 77.0), (-0.75, 1))
    """
    if half_width is None:
        return None
    low, high = mean - half_width, mean + half_width
    if (least, most) == (0, 1) and 0 < mean < 1 and (low < 0 or high > 1):
        centre, width = math.log(mean / (1 - mean)), half_width / (mean * (1 - mean))
        return _of_logit(centre - width), _of_logit(centre + width)
    return max(low, least), min(high, most)


def _of_logit(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0
