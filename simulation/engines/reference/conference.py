"""Conferences: an agent asks a colleague of another queue into the talk.

The agent who asks waits with the caller. When the colleague is done, or does not come within the limit, the agent's own
talk ends at that moment: by a talk end of its own, so that what follows takes its turn among the events.
"""

from __future__ import annotations

from ivr.records.schema import NEVER, NONE, result_code
from simulation.engines.reference.agents import taken_at_once
from simulation.engines.reference.calls import begin_visit, wait
from simulation.engines.reference.people import Agent
from simulation.engines.reference.schedule import at
from simulation.engines.reference.state import State
from simulation.engines.reference.visit import Visit
from simulation.tables.tie_rule import TALK_END

__all__ = ["asks", "let_go", "nobody_came"]

R_UNJOINED = result_code("unjoined")


def asks(state: State, agent: Agent, visit: Visit, now: int) -> bool:
    """Whether the agent, whose own talk is over, asks for a colleague now."""
    leg = state.leg[visit.call]
    to = state.confer_next[leg]
    by_caller = agent.confers_on == NONE and visit.asker is None and not visit.called_back
    if not by_caller or to == NONE or (now >= state.horizon_us and not state.drain):
        return False
    agent.confers_on, agent.due = leg, None
    state.leg[visit.call] = to
    again = begin_visit(state, visit.call, state.queue[to], now, now)
    again.asker = agent
    if not taken_at_once(state, again, now):
        again.patience_us = NEVER
        wait(state, again, state.limit[to], now)
    return True


def nobody_came(state: State, visit: Visit, now: int) -> None:
    """Nobody is asked any longer."""
    visit.end(R_UNJOINED, now)
    state.last_us = now
    let_go(state, visit.asker, now)


def let_go(state: State, agent: Agent, now: int) -> None:
    """The conference is over, or nobody has come: the talk of the agent who asked ends now."""
    visit = agent.visit
    assert visit is not None
    state.leg[visit.call] = agent.confers_on
    visit.talk_us = now - visit.left_us
    agent.talk_end_us = now
    agent.due = at(state.env, now, TALK_END + agent.turn, state.on.talk_end, agent)
