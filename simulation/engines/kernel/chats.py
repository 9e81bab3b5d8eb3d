"""Agents who chat: what they do when a chat is over, and at the end of a shift. Compiled, as ``calls`` explains."""

from __future__ import annotations

import numpy as np

from ivr.records.schema import NONE
from simulation.engines.kernel.agents import (
    HAND_OVER,
    SERVE_QUEUE,
    TALK_ENDED,
    at_off,
    hand_over,
    leave,
    stays_on,
    take,
)
from simulation.engines.kernel.calls import at
from simulation.engines.kernel.due import NOTHING_DUE, busy_until, set_due
from simulation.engines.kernel.event_heaps import push
from simulation.engines.kernel.floor import node_for
from simulation.engines.kernel.hands import factor, has_room, make_able, no_longer_able, put_aside, slower_by
from simulation.engines.kernel.jit import apart
from simulation.engines.kernel.pauses import end_pause, pause_after
from simulation.engines.kernel.state import FREE, PAUSES, TALKS, WRAPS, RunRecord, World
from simulation.tables.tie_rule import SHIFT_OFF

__all__ = ["chats_at_off", "settle_chats"]


@apart
def settle_chats(w: World, s: RunRecord, now: int) -> bool:
    """Decide what an agent who chats does next; return whether they take a call at once."""
    free, how = s.free_agent, s.free_how
    s.free_agent = NONE
    a = w.agents[free]
    agent = a.head
    h = w.agents[agent]
    if free != agent:
        if how == TALK_ENDED and _wraps(w, s, free, now):
            return False
        s.last = max(s.last, now)
        put_aside(w, s, free, now)
        if s.pause_columns and h.hands == 0:
            pause = pause_after(w, s, free, now)
            if pause:
                no_longer_able(w, s, agent)
                h.visit = a.visit
                h.paused = now
                h.doing = PAUSES
                busy_until(w, s, agent, now + pause, 1)
                return False
    elif h.doing == PAUSES:
        s.last = max(s.last, now)
        _end_pause(w, agent, now)
    elif not has_room(w, agent):
        return False
    return _seeks(w, s, agent, now)


@apart
def _wraps(w: World, s: RunRecord, hand: int, now: int) -> bool:
    """Begin the work after a chat, if there is any; return whether there is."""
    a = w.agents[hand]
    acw = at(w.acw_us, a.leg) if a.reached else 0
    if acw and a.speed != 1:
        acw = int(np.rint(acw / a.speed))
    acw = slower_by(acw, 1.0, factor(w, s, a.head))
    if acw:
        w.visit_acw_us[a.visit] = acw
        a.doing = WRAPS
        busy_until(w, s, hand, now + acw, 1)
    return acw != 0


@apart
def _end_pause(w: World, agent: int, now: int) -> None:
    h = w.agents[agent]
    end_pause(w, agent, now)
    h.doing = FREE
    h.nothing_since = now
    set_due(w.due, agent, NOTHING_DUE)


@apart
def _seeks(w: World, s: RunRecord, agent: int, now: int) -> bool:
    """Look for a call for an agent who may take one; return whether there is one."""
    h = w.agents[agent]
    no_longer_able(w, s, agent)
    seeks = now < h.off or stays_on(s, h)
    if seeks or at_off(w, h) == SERVE_QUEUE:
        node = node_for(w.pairs, w.groups, w.queues, w.lanes, w.nodes, s.urgencies, h.group, h.hands, now)
        if node != NONE:
            take(w, s, node)
            s.agent = agent
            s.more = agent
            return True
    if not seeks:
        if h.hands == 0:
            leave(w, s, agent, now)
        return False
    make_able(w, agent, now)
    if now >= h.off:
        h.staying = 1
        s.staying += 1
    return False


@apart
def chats_at_off(w: World, s: RunRecord, agent: int, row: int, now: int) -> bool:
    """End a row of an agent who chats. Return whether a talk is handed over and its call goes on."""
    h = w.agents[agent]
    if h.row != row:
        return False
    if stays_on(s, h):
        if h.listed and not h.staying:
            h.staying = 1
            s.staying += 1
        return False
    if h.doing == PAUSES:
        _end_pause(w, agent, now)
    no_longer_able(w, s, agent)
    talking = NONE
    if at_off(w, h) == HAND_OVER and now < s.horizon:
        talking = _to_hand_over(w, s, agent, now)
    if talking != NONE:
        _hand_over(w, s, talking, now)
    if h.hands == 0:
        leave(w, s, agent, now)
    elif talking != NONE:  # the next talk, by an event of its own
        push(w.staff_events, s.n_staff, now, SHIFT_OFF | agent, row, 0)
        s.n_staff += 1
    return talking != NONE


@apart
def _to_hand_over(w: World, s: RunRecord, agent: int, now: int) -> int:
    """Cut all work after chats; return the first hand with a talk to hand over, or NONE."""
    talking = NONE
    last = agent + w.groups[w.agents[agent].group].at_once
    for hand in range(agent + 1, last + 1):
        if w.agents[hand].doing == WRAPS:
            put_aside(w, s, hand, now)
    for hand in range(last, agent, -1):
        if w.agents[hand].doing == TALKS and w.agents[hand].tries == NONE:
            talking = hand
    return talking


@apart
def _hand_over(w: World, s: RunRecord, hand: int, now: int) -> None:
    """Cut a talk; its call becomes the one that goes on."""
    a = w.agents[hand]
    left = slower_by(a.talk_end - now, factor(w, s, a.head), 1.0)
    put_aside(w, s, hand, now)
    hand_over(w, s, hand, left, now)
