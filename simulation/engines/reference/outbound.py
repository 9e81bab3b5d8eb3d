"""Outbound calls: what an agent dials when nobody waits for them."""

from __future__ import annotations

from simulation.engines.reference.dialled import Dialled
from simulation.engines.reference.people import Agent
from simulation.engines.reference.schedule import at
from simulation.engines.reference.state import State
from simulation.tables.outbound import Numbers
from simulation.tables.tie_rule import RELEASE

__all__ = ["dials"]

_AT_ONCE = 256
"""Numbers drawn at once."""


def dials(state: State, agent: Agent, now: int) -> bool:
    """Let a free agent for whom nobody waits dial the next number of their group; return whether they do."""
    work, group = state.staff.outbound[agent.group], agent.group
    if work is None or now >= agent.off_us or now >= state.horizon_us:
        return False
    number = state.dialled_of[group]
    if number >= work.calls or state.floor.n_idle[group] < work.keep_idle:
        return False
    state.dialled_of[group] += 1
    block = number // _AT_ONCE
    known = state.numbers.setdefault(group, [])
    if block == len(known):
        known.append(work.draw(block * _AT_ONCE, min((block + 1) * _AT_ONCE, work.calls)))
    made = _dialled(known[block], number % _AT_ONCE, agent, now)
    state.outbound.append(made)
    agent.dialled = made
    agent.calls += 1
    end = now + made.ring_us + made.talk_us + made.acw_us
    agent.due = at(state.env, end, RELEASE + agent.turn, state.on.release, agent)
    return True


def _dialled(numbers: Numbers, i: int, agent: Agent, now: int) -> Dialled:
    reached = bool(numbers.reached[i])
    talk, acw = (int(numbers.talk_us[i]), int(numbers.acw_us[i])) if reached else (0, 0)
    if agent.speed != 1:
        talk, acw = round(talk / agent.speed), round(acw / agent.speed)
    return Dialled(agent.row, now, int(numbers.ring_us[i]), reached, talk, acw)
