"""Measures over records, live or simulated: additive sums first, ratios derived from them.

``sums`` reduces records to counts and sums of time: overall, and by queue,
agent group and interval. The sums of several replications are added, and
``measures`` derives every ratio from them. Names, formulas and sources are
data in ``ivr.records.definitions.all_measures``.

Conventions
-----------
* A wait of exactly the threshold is within it. A queue may have a threshold of its own; a wait that passes through
  several queues is judged by that of the queue in which it ends.
* Measures of calls (arrived, blocked, contained, menu ...) belong to the
  interval of the arrival; measures of waits (offered, handled, waits ...) to
  the interval in which the caller was offered first; agents' time to the
  intervals in which it passes, and to none after the horizon. What is offered
  after the horizon counts in the last interval, so that intervals add up to the
  whole.
* A caller counts once until an agent has handled the call. Overall and by interval, a visit that overflowed, found the
  queue full or was handed over is counted as one with the visit that followed, and their waits add up; by queue, this
  holds only for a visit that was handed over.
* A wait ends when the first agent answers. What callers wait after a hand-over
  has a measure of its own; those who then hang up have waited all of it.
* Callers who are promised a callback are not offered. The place kept for them is not a visit of a caller on the line:
  it does not count in measures of offers, waits and handling, only in its own and in agents' time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ivr.records.additive_sums import COLUMN_INDEX, Sums, total
from ivr.records.count_records import interval_edges, sums
from ivr.records.definitions.all_measures import MEASURES, QUANTILES, Measure
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
    """Return a measure's numerator and denominator, over the last axis of sums.

    Parameters
    ----------
    measure : Measure
    values : numpy.ndarray of int64, shape (..., len(COLUMNS))

    Returns
    -------
    numerator, denominator : numpy.ndarray of float64, shape (...)
        The numerator is scaled.

    Examples
    --------

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
    """Return every measure that applies here and whose denominator is not 0.

    Parameters
    ----------
    of : Sums
        Of one replication, or the total of several.
    queue, group : str, optional
    interval : int, optional
        From 0. At most one of the three; default: overall.

    Returns
    -------
    dict of str to float
        By name, in the order of ``MEASURES``; counts are means per replication,
        shares are 0..1, times are in seconds.

    Raises
    ------
    ValueError
        If more than one of the three is given, or if it is unknown.

    Examples
    --------
    >>> from ivr.records.tables import empty
    >>> measures(sums(empty(horizon_us=10)))["arrived"]
    0.0
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
