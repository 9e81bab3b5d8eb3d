"""The compiled functions that Python calls, and how they are cached on disk as those of the engine are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from simulation.drawing import ahead, arrivals, callers, elementary, menus, philox, quantiles, visits
from simulation.drawing.state import Floats, Int64s, World
from simulation.engines.kernel.cached import fingerprint_of
from simulation.engines.kernel.jit import kept

__all__ = ["COMPILED", "arrive", "call_again", "draw_on"]

COMPILED = (ahead, arrivals, callers, elementary, menus, philox, quantiles, visits)
"""The modules that consist of compiled functions."""


def _entries(fingerprint: int) -> tuple[Callable[..., Any], ...]:
    # Captured values are part of numba's cache key, and a value must be read to be captured.
    def draw_on(w: World) -> int:
        fingerprint  # noqa: B018 - read to be captured
        return callers.draw_on(w)

    def call_again(
        of: Int64s, replication: np.uint64, purpose: np.uint64, attempts: int, again: Floats, who: Int64s
    ) -> None:
        fingerprint  # noqa: B018 - read to be captured
        callers.call_again(of, replication, purpose, attempts, again, who)

    def arrive(
        times_us: Int64s, replication: np.uint64, purpose: np.uint64, edges_us: Int64s, calls: Floats, horizon_us: int
    ) -> int:
        fingerprint  # noqa: B018 - read to be captured
        return arrivals.arrive(times_us, replication, purpose, edges_us, calls, horizon_us)

    return kept(draw_on), kept(call_again), kept(arrive)


draw_on, call_again, arrive = _entries(fingerprint_of(Path(__file__).parent, COMPILED))
