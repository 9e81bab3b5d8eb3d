"""When agents' current work ends: a winner tree, whose keys pack time, kind and agent. Compiled."""

from __future__ import annotations

import numpy as np

from simulation.engines.kernel.event_heaps import set_due
from simulation.engines.kernel.jit import inline
from simulation.engines.kernel.state import TOO_FAR, RunRecord, World

__all__ = ["NOTHING_DUE", "busy_until", "set_due"]

NOTHING_DUE = np.iinfo("i8").max


@inline
def busy_until(w: World, s: RunRecord, agent: int, time_us: int, release: int) -> None:
    """The agent's talk (or, with `release`, all of their work) ends at a time."""
    if time_us >= s.time_limit:
        s.stop = TOO_FAR
    set_due(w.due, agent, ((time_us << 1 | release) << s.agent_bits) | agent)
