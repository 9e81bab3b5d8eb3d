"""Short pauses of agents on duty."""

from __future__ import annotations

from simulation.engines.reference.people import Agent
from simulation.engines.reference.schedule import at
from simulation.engines.reference.state import State
from simulation.engines.reference.visit import Visit
from simulation.tables.tie_rule import RELEASE

__all__ = ["end_pause", "pauses_after"]


def pauses_after(state: State, agent: Agent, visit: Visit, now: int) -> bool:
    """Begin the pause that follows a call, if one does; return whether it does. None begins after the shift."""
    if not visit.pause_us or now >= agent.off_us:
        return False
    agent.paused_us = now
    agent.due = at(state.env, now + visit.pause_us, RELEASE + agent.turn, state.on.release, agent)
    return True


def end_pause(state: State, agent: Agent, now: int) -> None:
    """The agent's pause is over."""
    assert agent.paused_us is not None
    state.pauses.append((agent.row, agent.paused_us, now))
    agent.paused_us = agent.due = None
    agent.nothing_since_us = now
