"""How an estimate is written for people: in the unit of its measure, with an interval that keeps to what can be."""

from __future__ import annotations

import re

from flows.display.numbers import count, duration, share
from ivr.records.measures import MEASURES
from simulation.experiment.bounds import bounds, fits
from simulation.experiment.estimates import Estimate

__all__ = ["without_interval", "written"]


def written(name: str, value: Estimate, *, interval: bool = True) -> str:
    """Return an estimate in the unit of its measure.

    Parameters
    ----------
    name : str
        A measure or a quantile.
    value : Estimate
    interval : bool
        Whether to write the interval too: ± its half-width, or its ends where that would leave what the measure can be
        (see ``simulation.experiment.bounds``). What never happened, or always, gets none.

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
    """Return a figure without its interval, which has decided its digits.

    >>> without_interval("94.6 % ± 0.4"), without_interval("90 % (54.9 % to 98.5 %)")
    ('94.6 %', '90 %')
    """
    return re.split(r" ± | \(", text, maxsplit=1)[0]
