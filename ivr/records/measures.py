"""Measures over records, live or simulated: additive sums first, ratios derived from them.

``sums`` reduces records to counts and sums of time, overall and by queue,
agent group and interval. Sums of several replications are added, and
``measures`` derives every ratio from them. Names, formulas and sources are
data in ``ivr.records.definitions``.

Conventions
-----------
* A wait of exactly the threshold is within it.
* Measures of calls (arrived, blocked, contained, menu ...) belong to the
  interval of the arrival; measures of waits (offered, handled, waits ...) to
  the interval in which the caller was offered first; agents' time to the
  intervals in which it passes, and to none after the horizon. What is offered
  after the horizon counts in the last interval, so that intervals add up to the
  whole.
* A caller counts once until an agent has handled the call: overall and by
  interval, visits that overflowed, found the queue full or were handed over are
  one with what followed, with the waits of all; by queue, those handed over.
* A wait ends when the first agent answers. What a caller waits after a
  hand-over has a measure of its own; who then hangs up has waited all of it.
* Who is promised a callback is not offered. The place kept for them is no visit
  of a caller on the line: it is in none of the measures of offers, waits and
  handling, and has its own. Agents' time counts it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ivr.records.additive_sums import COLUMN_INDEX, Sums, total
from ivr.records.count_records import interval_edges, sums
from ivr.records.definitions import MEASURES, QUANTILES, Measure
from ivr.records.wait_bins import WAIT_BOUNDS_S

__all__ = [
    "MEASURES",
    "QUANTILES",
    "WAIT_BOUNDS_S",
    "Measure",
    "Sums",
    "interval_edges",
    "measures",
    "ratio",
    "sums",
    "total",
]


def ratio(measure: Measure, values: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a measure's numerator and denominator, scaled, over the last axis of sums.

    >>> from ivr.records.tables import empty
    >>> numerator, denominator = ratio(MEASURES["arrived"], sums(empty()).values[0])
    >>> float(numerator), float(denominator)
    (0.0, 1.0)
    """
    numerator = sum(sign * values[..., COLUMN_INDEX[name]] for name, sign in measure.numerator) * measure.scale
    denominator = sum(sign * values[..., COLUMN_INDEX[name]] for name, sign in measure.denominator)
    return np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)


def measures(
    of: Sums, *, queue: str | None = None, group: str | None = None, interval: int | None = None
) -> dict[str, float]:
    """Return every measure that applies and whose denominator is not 0.

    Parameters
    ----------
    of : Sums
        Of one replication, or of several added.
    queue, group, interval
        At most one; overall without any.

    Returns
    -------
    dict of str to float
        By name, in the order of ``MEASURES``; counts are per replication,
        shares 0..1, times in seconds.
    """
    cell = of.cell(queue=queue, group=group, interval=interval)
    scope = (
        "queue"
        if queue is not None
        else "group"
        if group is not None
        else "interval"
        if interval is not None
        else "overall"
    )
    found = {}
    for measure in MEASURES.values():
        if scope in measure.scopes:
            numerator, denominator = ratio(measure, of.values[cell])
            if denominator:
                found[measure.name] = float(numerator / denominator)
    if scope in ("overall", "queue") and of.waits[cell].any():
        found |= {name: _quantile(of, cell, share) for name, share in QUANTILES.items()}
    return found


def _quantile(of: Sums, cell: int, share: float) -> float:
    reached = np.cumsum(of.waits[cell])
    at = int(np.searchsorted(reached, share * reached[-1], side="left"))
    longest_s = float(of.longest_wait_us[cell]) * 1e-6
    return min(float(WAIT_BOUNDS_S[at]), longest_s) if at < len(WAIT_BOUNDS_S) else longest_s
