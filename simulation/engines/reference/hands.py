"""Chats in hand: taking one, and what that means for the others."""

from __future__ import annotations

from simulation.engines.reference.people import Agent, Hand
from simulation.engines.reference.schedule import at
from simulation.engines.reference.state import State
from simulation.engines.reference.visit import Visit
from simulation.tables.chats import slower_by
from simulation.tables.tie_rule import RELEASE, TALK_END

__all__ = ["factor", "put_aside", "take_in_hand"]


def factor(agent: Agent) -> float:
    """How much longer each chat takes with those that the agent has in hand."""
    assert agent.chats is not None
    return agent.chats.slower[max(agent.in_hand, 1) - 1]


def take_in_hand(state: State, agent: Agent, visit: Visit, now: int) -> Hand:
    """The agent has another chat in hand from now on, or a call that they take alone."""
    assert agent.chats is not None
    if not agent.in_hand:
        agent.idle_us += now - agent.nothing_since_us
    before = factor(agent)
    hand = next(hand for hand in agent.hands if hand.visit is None)
    hand.visit, hand.wraps = visit, False
    agent.alone = not agent.chats.covers(state.table.queues[visit.queue])
    _go_on_at(state, agent, before, now, but=hand)
    if agent.entry is not None and not agent.has_room:
        state.floor.remove_idle(agent, now)
    return hand


def put_aside(state: State, hand: Hand, now: int) -> Visit:
    """The agent is done with a chat; the others go on faster."""
    agent, visit = hand.agent, hand.visit
    assert visit is not None
    agent.worked_us += now - visit.left_us
    if hand.wraps:
        visit.acw_us = now - hand.talk_end_us
    before = factor(agent)
    hand.visit = hand.due = None
    agent.alone = False
    _go_on_at(state, agent, before, now, but=hand)
    if not agent.in_hand:
        agent.nothing_since_us = now
    return visit


def _go_on_at(state: State, agent: Agent, before: float, now: int, *, but: Hand) -> None:
    """What is left of each other chat in hand takes longer, or less long, than before."""
    after = factor(agent)
    if before == after:
        return
    for hand in agent.hands:
        if hand is but or hand.visit is None:
            continue
        assert hand.due is not None
        end = now + slower_by(hand.due.time_us - now, before, after)
        if hand.wraps:
            hand.due = at(state.env, end, RELEASE + hand.turn, state.on.release, hand)
        else:
            hand.talk_end_us = end
            hand.due = at(state.env, end, TALK_END + hand.turn, state.on.talk_end, hand)
