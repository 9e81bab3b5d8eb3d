"""Estimates how many callers who gave up call again, from logs that tell callers apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.values.units import US_PER_S
from ivr.records.schema import outcome_code
from ivr.records.tables import Records
from simulation.arrays import Ints
from simulation.calibration.estimated import Estimated, share_of

__all__ = ["RetryEstimate", "estimate_retries"]

_WITHIN_S = 3600.0
_LOST = ("abandoned", "blocked", "turned_away")


@dataclass(frozen=True)
class RetryEstimate:
    """Callers who were not served and call again within an hour.

    Parameters
    ----------
    share : Estimated
        Beyond those who call again within an hour anyway.
    anyway : float
        Share of served callers who call again within an hour.
    after_s : float
        Mean time until they do.
    known : float
        Share of unserved calls whose caller is known.
    """

    share: Estimated
    anyway: float
    after_s: float
    known: float


def estimate_retries(records: Records, caller: Ints, *, confidence: float = 0.95) -> RetryEstimate | None:
    """Estimate retries; None with fewer than fifty unserved calls of known callers.

    Parameters
    ----------
    records : Records
        Calls in order of arrival.
    caller : numpy.ndarray
        i8[calls]. -1 where unknown.
    """
    calls = records.calls
    lost = np.isin(calls["outcome"], [outcome_code(name) for name in _LOST])
    served = calls["outcome"] == outcome_code("handled")
    known = caller >= 0
    if np.count_nonzero(lost & known) < 50:
        return None
    order = np.lexsort((calls["arrived_us"], caller))
    wait_us = np.full(len(caller), 2**62)
    same = (caller[order][1:] == caller[order][:-1]) & known[order][1:]
    between = calls["arrived_us"][order][1:] - calls["ended_us"][order][:-1]
    wait_us[order[:-1][same]] = np.maximum(between[same], 0)
    again = wait_us <= _WITHIN_S * US_PER_S
    unserved, others = lost & known, served & known
    anyway = float(again[others].mean()) if np.any(others) else 0.0
    seen = share_of(int(np.count_nonzero(again & unserved)), int(np.count_nonzero(unserved)), confidence)

    def beyond(value: float) -> float:
        return min(max((value - anyway) / max(1 - anyway, 1e-9), 0.0), 1.0)

    after = wait_us[again & unserved]
    return RetryEstimate(
        Estimated(beyond(seen.value), beyond(seen.low), beyond(seen.high), seen.count),
        anyway,
        float(after.mean() / US_PER_S) if len(after) else 0.0,
        float(np.count_nonzero(unserved)) / max(int(np.count_nonzero(lost)), 1),
    )
