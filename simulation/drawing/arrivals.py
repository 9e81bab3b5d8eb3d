"""Poisson arrivals, compiled: ``simulation.workload.arrivals.base.poisson_times_us``."""

from __future__ import annotations

import numpy as np

from simulation.drawing.elementary import log
from simulation.drawing.philox import philox, uniform
from simulation.drawing.state import Floats, Int64s
from simulation.engines.kernel.jit import apart

__all__ = ["arrive"]


@apart
def arrive(
    times_us: Int64s, replication: np.uint64, purpose: np.uint64, edges_us: Int64s, calls: Floats, horizon_us: int
) -> int:
    """Fill `times_us` and return how many calls arrive; -1 if there is not enough room."""
    zero = np.uint64(0)
    words = (zero, zero, zero, zero)
    clock, total, interval, last = 0.0, calls[len(calls) - 1], 0, len(calls) - 2
    for k in range(len(times_us)):
        lane = k & 3
        if lane == 0:
            words = philox(np.uint64(k >> 2), zero, zero, replication, purpose)
        clock += -log(1.0 - uniform(words[lane]))
        if clock >= total:
            return k
        while interval < last and calls[interval + 1] <= clock:
            interval += 1
        within = (clock - calls[interval]) / (calls[interval + 1] - calls[interval])
        at_us = edges_us[interval] + int(within * (edges_us[interval + 1] - edges_us[interval]))
        times_us[k] = min(at_us, horizon_us - 1)
    return -1
