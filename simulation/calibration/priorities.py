"""Estimates how far callers of high priority are put ahead, in seconds of waiting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ivr.records.schema import result_code
from ivr.records.tables import Records
from simulation.arrays import Ints
from simulation.calibration.estimated import Estimated, share_of

__all__ = ["HeadStart", "estimate_head_start"]

_TRIED_S = (0, 15, 30, 45, 60, 75, 90, 105, 120, 150, 180, 240, 300, 450, 600, 1200)
_LEAST = 200
_MOST_CHOICES = 20_000


@dataclass(frozen=True)
class HeadStart:
    """High priority as seconds of waiting that are added at once.

    Parameters
    ----------
    high : frozenset of int
        The values of priority that are high.
    seconds : float
    explained : Estimated
        Share of choices between waiting callers of both kinds that this explains.
    share : float
        Share of calls with high priority.
    """

    high: frozenset[int]
    seconds: float
    explained: Estimated
    share: float


def estimate_head_start(records: Records, priority: Ints) -> HeadStart | None:
    """Look at every answer while callers of both kinds waited: which head start explains most choices?

    None when priority is logged and changes nothing, or there are too few choices. High is the value of priority whose
    callers wait least.

    Parameters
    ----------
    records : Records
    priority : numpy.ndarray
        i8[calls].
    """
    values = np.unique(priority)
    if len(values) < 2:
        return None
    visits = records.visits
    of = priority[visits["call_id"]]
    wait = visits["left_us"] - visits["offered_us"]
    answered = visits["result"] == result_code("handled")
    waited = answered & (wait > 2_000_000)
    means = {
        int(v): float(wait[waited & (of == v)].mean()) for v in values if np.count_nonzero(waited & (of == v)) >= 50
    }
    if len(means) < 2:
        return None
    best = min(means, key=lambda value: means[value])
    high = frozenset({best})
    order = np.argsort(visits["offered_us"], kind="stable")
    offered, left, is_high = visits["offered_us"][order], visits["left_us"][order], np.isin(of, list(high))[order]
    served = answered[order] & (left - offered > 2_000_000)
    fits, choices = np.zeros(len(_TRIED_S)), 0
    for i in np.flatnonzero(served).tolist():
        at = left[i]
        first = max(int(np.searchsorted(offered, at - 3_600_000_000)), 0)
        last = int(np.searchsorted(offered, at - 1_000_000))
        there = np.arange(first, last)[left[first:last] > at]
        if not len(there) or np.all(is_high[there] == is_high[i]):
            continue
        choices += 1
        for k, seconds in enumerate(_TRIED_S):
            credit = (at - offered[there]) + seconds * 1_000_000 * is_high[there]
            mine = (at - offered[i]) + seconds * 1_000_000 * is_high[i]
            fits[k] += mine >= credit.max() - 1_000_000
        if choices >= _MOST_CHOICES:
            break
    if choices < _LEAST:
        return None
    k = int(np.argmax(fits))
    if not _TRIED_S[k] or fits[k] < 1.05 * fits[0]:
        return None
    share = float(np.isin(priority, list(high)).mean())
    return HeadStart(high, float(_TRIED_S[k]), share_of(int(fits[k]), choices), share)
