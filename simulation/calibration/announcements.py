"""Estimates how announced waits change what callers do: who leaves at once, from which announced wait on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ivr.records.schema import result_code
from ivr.records.tables import Records
from simulation.calibration.estimated import Estimated, share_of

__all__ = ["ToldEstimate", "estimate_told"]

_STEPS_S = (0.0, 60.0, 180.0, 300.0, 600.0, 1200.0)
_LEAST = 50
_AT_ONCE_S = 1.0


@dataclass(frozen=True)
class ToldEstimate:
    """Callers who were told a wait of at least `above_s` (and less than the next step), and left at once."""

    above_s: float
    leave: Estimated


def estimate_told(records: Records, *, confidence: float = 0.95) -> tuple[ToldEstimate, ...]:
    """Share of callers who leave at once, by the wait they were told; steps with under fifty callers are left out."""
    visits = records.visits
    told = visits["announced_wait_us"] >= 0
    announced = visits["announced_wait_us"] / 1e6
    left = (visits["result"] == result_code("abandoned")) & (
        (visits["left_us"] - visits["offered_us"]) / 1e6 < _AT_ONCE_S
    )
    found = []
    for low, high in zip(_STEPS_S, (*_STEPS_S[1:], np.inf), strict=True):
        here = told & (announced >= low) & (announced < high)
        if np.count_nonzero(here) >= _LEAST:
            gone = int(np.count_nonzero(left & here))
            found.append(ToldEstimate(low, share_of(gone, int(np.count_nonzero(here)), confidence)))
    return tuple(found)
