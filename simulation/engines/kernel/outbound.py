"""Outbound calls: what an agent dials when nobody waits for them. Compiled."""

from __future__ import annotations

import numpy as np

from ivr.records.schema import NONE
from simulation.engines.kernel.jit import apart
from simulation.engines.kernel.state import DIALS, MORE_ROOM, RunRecord, World

__all__ = ["dial"]


@apart
def dial(w: World, s: RunRecord, agent: int, now: int) -> int:
    """Let a free agent dial the next number of their group; return when that call and its work are over, or NONE."""
    a = w.agents[agent]
    g = w.groups[a.group]
    if g.numbers_dialled >= g.numbers_in_all or g.n_idle < g.stay_idle:
        return NONE
    number = w.numbers[a.group, g.numbers_dialled]
    talk, acw = number.talk, number.acw
    if number.reached == 0:
        talk = 0
        acw = 0
    if a.speed != 1:
        talk = int(np.rint(talk / a.speed))
        acw = int(np.rint(acw / a.speed))
    made = w.dialled[s.dialled]
    made.shift = a.row
    made.at = now
    made.ring = number.ring
    made.reached = number.reached
    made.talk = talk
    made.acw = acw
    s.dialled += 1
    g.numbers_dialled += 1
    # At most one agent is free at a time, so room for one more is enough.
    if s.dialled == len(w.dialled) or g.numbers_dialled == g.numbers_known < g.numbers_in_all:
        s.stop = MORE_ROOM
    a.doing = DIALS
    a.calls += 1
    a.answered = now
    return now + number.ring + talk + acw
