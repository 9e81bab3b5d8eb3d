"""The bins in which waits are counted, so that quantiles take constant memory however many there are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flows.values.units import US_PER_S

__all__ = ["WAIT_BOUNDS_S", "bins"]

_FINE_S, _COARSE_S = 600, 10
WAIT_BOUNDS_S: NDArray[np.int64] = np.concatenate(
    [np.arange(0, _FINE_S + 1), np.arange(_FINE_S + _COARSE_S, 7201, _COARSE_S)]
)
"""Upper bounds (inclusive) of the bins in which waits are counted, seconds; a last bin is open."""
WAIT_BOUNDS_S.flags.writeable = False


def bins(times_us: NDArray[np.int64]) -> NDArray[np.int64]:
    """The bin of each time: the first bound that is not below it. Computed, which is faster than a search."""
    seconds = -(-times_us // US_PER_S)
    return np.minimum(
        np.where(seconds <= _FINE_S, seconds, _FINE_S - (_FINE_S - seconds) // _COARSE_S), len(WAIT_BOUNDS_S)
    )
