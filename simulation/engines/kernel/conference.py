"""Conferences: an agent asks a colleague of another queue into the talk. Compiled.

The agent who asks waits with the caller. When the colleague is done, or does not come within the limit, the agent's own
talk ends at that moment: by a talk end of its own, so that what follows takes its turn among the events.
"""

from __future__ import annotations

from ivr.records.schema import NONE, result_code
from simulation.engines.kernel.due import NOTHING_DUE, busy_until, set_due
from simulation.engines.kernel.jit import apart
from simulation.engines.kernel.state import CONFERS, RunRecord, World

__all__ = ["R_JOINED", "R_UNJOINED", "ask", "let_go"]

R_JOINED, R_UNJOINED = result_code("joined"), result_code("unjoined")


@apart
def ask(w: World, s: RunRecord, agent: int, leg: int, now: int) -> None:
    """The agent's own talk is over, and the colleague's row `leg` joins its queue."""
    a = w.agents[agent]
    a.doing = CONFERS
    set_due(w.due, agent, NOTHING_DUE)
    s.free_agent = NONE
    s.leg = leg
    s.delay = 0
    s.place = now
    s.work = NONE
    s.tries = NONE
    s.asker = agent


@apart
def let_go(w: World, s: RunRecord, agent: int, now: int) -> None:
    """The conference is over, or nobody has come: the talk of the agent who asked ends now."""
    a = w.agents[agent]
    a.talk_end = now
    w.visit_talk_us[a.visit] = now - a.answered
    busy_until(w, s, agent, now, 0)
