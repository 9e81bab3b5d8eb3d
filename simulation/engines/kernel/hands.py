"""Chats in hand: taking one, and what that means for the others. Compiled, as ``calls`` explains."""

from __future__ import annotations

import numpy as np

from simulation.engines.kernel.due import NOTHING_DUE, busy_until, set_due
from simulation.engines.kernel.floor import add_idle
from simulation.engines.kernel.jit import apart, inline
from simulation.engines.kernel.linked_lists import unlink
from simulation.engines.kernel.state import ALONE, AWAY, TALKS, WRAPS, RunRecord, World

__all__ = ["factor", "has_room", "make_able", "no_longer_able", "put_aside", "slower_by", "take_in_hand"]


@inline
def factor(w: World, s: RunRecord, agent: int) -> float:
    """How much longer each chat takes with those that the agent has in hand."""
    h = w.agents[agent]
    of: float = w.slower[h.group * s.chats + max(h.hands, 1) - 1]
    return of


@inline
def slower_by(left_us: int, before: float, after: float) -> int:
    """What is left of a chat when the factor on its time changes."""
    if before == after:
        return left_us
    return int(np.rint(left_us * after / before))


@inline
def has_room(w: World, agent: int) -> bool:
    """Whether the agent may have another chat in hand."""
    h = w.agents[agent]
    return h.alone == 0 and h.hands < w.groups[h.group].at_once


@apart
def make_able(w: World, agent: int, now: int) -> None:
    """The agent waits for a call, or for another chat."""
    h = w.agents[agent]
    add_idle(w.groups, w.agents, agent, now)
    h.listed = 1
    w.groups[h.group].n_nothing += h.hands == 0


@apart
def no_longer_able(w: World, s: RunRecord, agent: int) -> None:
    """The agent takes no more calls for now."""
    h = w.agents[agent]
    if not h.listed:
        return
    g = w.groups[h.group]
    g.n_idle -= 1
    g.n_nothing -= h.hands == 0
    unlink(g, w.agents, agent)
    h.listed = 0
    s.staying -= h.staying
    h.staying = 0


@apart
def take_in_hand(w: World, s: RunRecord, agent: int, queue: int, now: int) -> int:
    """The agent has another chat in hand from now on, or a call that they take alone; return the hand."""
    h = w.agents[agent]
    if h.hands == 0:
        h.idle += now - h.nothing_since
        w.groups[h.group].n_nothing -= h.listed
    h.alone = w.pairs[queue, h.group].shared == ALONE
    _changes(w, s, agent, 1, now)
    h.calls += 1
    if not has_room(w, agent):
        no_longer_able(w, s, agent)
    hand = agent + 1
    while w.agents[hand].doing != AWAY:
        hand += 1
    return hand


@apart
def put_aside(w: World, s: RunRecord, hand: int, now: int) -> None:
    """The agent is done with a chat; the others go on faster."""
    a = w.agents[hand]
    h = w.agents[a.head]
    if a.doing == WRAPS:
        w.visit_acw_us[a.visit] = now - a.talk_end
    h.worked += now - a.answered
    a.doing = AWAY
    set_due(w.due, hand, NOTHING_DUE)
    h.alone = 0
    _changes(w, s, a.head, -1, now)
    if h.hands == 0:
        h.nothing_since = now
        w.groups[h.group].n_nothing += h.listed


@apart
def _changes(w: World, s: RunRecord, agent: int, by: int, now: int) -> None:
    """What is left of each other chat in hand takes longer, or less long, than before."""
    h = w.agents[agent]
    before = factor(w, s, agent)
    h.hands += by
    after = factor(w, s, agent)
    if before == after:
        return
    for hand in range(agent + 1, agent + 1 + w.groups[h.group].at_once):
        a = w.agents[hand]
        if a.doing != TALKS and a.doing != WRAPS:
            continue
        due = w.due[(len(w.due) >> 1) + hand] >> (s.agent_bits + 1)
        end = now + slower_by(due - now, before, after)
        if a.doing == TALKS:
            a.talk_end = end
        busy_until(w, s, hand, end, a.doing == WRAPS)
