"""Agents chosen at random: ``ivr.routing.ticket``, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.engines.kernel.jit import inline

__all__ = ["ticket"]

_GOLDEN, _FIRST, _SECOND = map(np.uint64, (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


@inline
def ticket(draw: int, agent: int) -> int:
    """The number that an agent draws for a call."""
    # Bits without a sign throughout: with a signed number among them numba would count in floats.
    mixed = np.uint64(draw) + np.uint64(agent + 1) * _GOLDEN
    mixed = (mixed ^ mixed >> np.uint64(30)) * _FIRST
    mixed = (mixed ^ mixed >> np.uint64(27)) * _SECOND
    number: Any = np.int64((mixed ^ mixed >> np.uint64(31)) >> np.uint64(11))
    drawn: int = number
    return drawn
