"""Short pauses of agents on duty. Compiled, as ``calls`` explains."""

from __future__ import annotations

from ivr.records.schema import NONE
from simulation.engines.kernel.jit import apart
from simulation.engines.kernel.state import RunRecord, World

__all__ = ["end_pause", "pause_after"]


@apart
def pause_after(w: World, s: RunRecord, agent: int, now: int) -> int:
    """How long the agent pauses after the call; 0 if not. None begins after the shift."""
    a = w.agents[agent]
    column = w.groups[a.group].pause_column
    if column == NONE or not a.reached or now >= a.off:
        return 0
    length: int = w.pause_us[a.leg * s.pause_columns + column]
    if length:
        a.paused = now
    return length


@apart
def end_pause(w: World, agent: int, now: int) -> None:
    """The agent's pause is over."""
    a = w.agents[agent]
    w.visit_pause_us[a.visit] = now - a.paused
