"""What a difference or a service level means: better or worse than the baseline, target met or missed."""

from __future__ import annotations

from typing import Literal

from flows.display.numbers import count
from ivr.records.measures import MEASURES
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import WRITERS, bounds
from simulation.experiment.interval_within import interval_within

__all__ = ["Judged", "against_target", "signed", "verdict"]

Judged = Literal["met", "missed", "too close to call"]


def verdict(name: str, difference: Estimate) -> str:
    """Return what a difference from the baseline means for callers: better, worse, or no clear difference.

    Parameters
    ----------
    name : str
        A measure, or a quantile of the waits.
    difference : Estimate
        Scenario minus baseline, paired.

    Returns
    -------
    str
        ``"better"``, ``"worse"``, ``"higher"``, ``"lower"`` (where neither is better), ``"no clear difference"``
        (the interval contains 0) or ``"cannot tell"`` (one replication).

    Examples
    --------
    >>> verdict("asa_s", Estimate(-4.0, 1.0)), verdict("asa_s", Estimate(-4.0, 5.0))
    ('better', 'no clear difference')
    >>> verdict("occupancy", Estimate(0.1, 0.01))
    'higher'
    """
    if difference.half_width is None:
        return "cannot tell"
    if difference.mean == 0 or abs(difference.mean) <= difference.half_width:
        return "no clear difference"
    direction = "higher" if difference.mean > 0 else "lower"
    better = MEASURES[name].better if name in MEASURES else "lower"  # quantiles are of waits
    return direction if not better else "better" if direction == better else "worse"


def signed(name: str, difference: Estimate) -> str:
    """Return a difference with its sign and unit; shares are in percentage points, with the interval cut off at 100.

    >>> signed("service_level", Estimate(0.081, 0.006)), signed("asa_s", Estimate(-4.0, 1.0))
    ('+8.1 pp ± 0.6', '−4 s ± 1')
    >>> signed("service_level", Estimate(0.875, 1.588))
    '+87.5 pp (−71.3 to +100)'
    """
    is_share = name in MEASURES and MEASURES[name].unit == "share"
    mean, half = difference.mean, difference.half_width
    if is_share and half is not None and abs(mean) + half > 1 and half:
        ends = interval_within(mean, half, -1.0, 1.0) or ()
        low, high = (signed(name, Estimate(end)).removesuffix(" pp") for end in ends)
        return f"{signed(name, Estimate(mean))} ({low} to {high})"
    unit = MEASURES[name].unit if name in MEASURES else "s"
    text = WRITERS.get(unit, count)(mean, half)
    text = text.replace(" %", " pp") if is_share else text
    return text if mean <= 0 else f"+{text}"


def against_target(level: Estimate, target: float) -> Judged:
    """Return whether a service level meets its target, judged by its interval if there is one.

    >>> against_target(Estimate(0.88, 0.05), 0.8), against_target(Estimate(0.82, 0.05), 0.8)
    ('met', 'too close to call')
    >>> against_target(Estimate(0.79), 0.8)
    'missed'
    """
    low, high = bounds("service_level", level) or (level.mean, level.mean)
    return "met" if low >= target - 1e-12 else "missed" if high < target else "too close to call"
