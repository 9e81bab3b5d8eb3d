"""Agents: answering, after-call work, taking the next call, shifts. Compiled, as ``calls`` explains."""

from __future__ import annotations

import numpy as np

from ivr.records.schema import NONE, result_code
from simulation.engines.kernel.calls import ASKED, HANDED_OVER, HANDLED, at, no_longer_pending
from simulation.engines.kernel.conference import R_JOINED, ask, let_go
from simulation.engines.kernel.due import NOTHING_DUE, busy_until, set_due
from simulation.engines.kernel.event_heaps import push
from simulation.engines.kernel.floor import add_idle, node_for, on_duty_changes, remove_idle, remove_waiting
from simulation.engines.kernel.hands import factor, no_longer_able, slower_by, take_in_hand
from simulation.engines.kernel.jit import apart, inline
from simulation.engines.kernel.outbound import dial
from simulation.engines.kernel.pauses import end_pause, pause_after
from simulation.engines.kernel.state import (
    AWAY,
    CONFERS,
    DIALS,
    FREE,
    IDLE,
    PAUSES,
    TALKS,
    WRAPS,
    AgentRecord,
    RunRecord,
    World,
)
from simulation.tables.staff_table import AT_OFF
from simulation.tables.tie_rule import CALL_BACK_AGAIN, SHIFT_OFF, SHIFT_ON

__all__ = [
    "HAND_OVER",
    "MORE",
    "SERVE_QUEUE",
    "TALK_ENDED",
    "answer",
    "at_off",
    "begin",
    "end_talk",
    "hand_over",
    "leave",
    "leave_all_staying",
    "settle",
    "shift_ends",
    "stays_on",
    "take",
]

R_HANDLED, R_UNREACHED, R_HANDED_OVER = result_code("handled"), result_code("unreached"), result_code("handed_over")
FINISH, HAND_OVER, SERVE_QUEUE = (AT_OFF.index(mode) for mode in ("finish", "hand_over", "serve_queue"))

BEGUN, TALK_ENDED, RELEASED, MORE = range(4)
"""How an agent became free; MORE: they have taken a chat and may take another."""


@inline
def take(w: World, s: RunRecord, node: int) -> None:
    """Remove a waiting visit from the floor to be answered; its call becomes the one that goes on."""
    v = w.nodes[node]
    s.call = v.call
    s.leg = v.leg
    s.visit = v.visit
    s.place = v.place
    s.work = v.work
    s.tries = v.tries
    s.asker = v.asker
    remove_waiting(s, w.queues, w.lanes, w.nodes, s.urgencies, node)


@inline
def answer(w: World, s: RunRecord, now: int) -> None:
    """The agent takes the call that goes on; it is no longer waiting."""
    if w.groups[w.agents[s.agent].group].at_once:
        s.agent = take_in_hand(w, s, s.agent, w.visit_queue[s.visit], now)
    a = w.agents[s.agent]
    if a.doing == IDLE:
        remove_idle(w.groups, w.agents, s.agent, now)
        s.staying -= a.staying
        a.staying = 0
    visit, leg, call = s.visit, s.leg, s.call
    s.last = max(s.last, now)
    queue = w.visit_queue[visit]
    w.queues[queue].last_wait = now - w.offered_us[visit]
    w.shift[visit] = a.row
    w.left_us[visit] = now
    talk = s.work
    if talk == NONE:
        talk = w.talk_us[leg * s.talk_columns + w.groups[a.group].talk_column]
    if a.speed != 1:
        talk = int(np.rint(talk / a.speed))
    a.reached = 1
    if s.tries == NONE:
        if at(w.talk_next, leg) == NONE and at(w.confer_next, leg) == NONE and s.asker == NONE:
            no_longer_pending(w, s, call)
    else:  # the agent calls back
        s.tries += 1
        if s.tries != at(w.reached_at, leg):
            a.reached = 0
            talk = 0
        if a.reached or s.tries >= w.queues[queue].attempts:
            no_longer_pending(w, s, call)
        talk += at(w.ring_us, leg)
    w.result[visit] = R_HANDLED if a.reached else R_UNREACHED
    if s.confers:
        a.asker = s.asker
        s.asker = NONE
        if a.asker != NONE:
            w.result[visit] = R_JOINED
    if s.chats:
        talk = _in_hand(w, s, talk)
    w.visit_talk_us[visit] = talk
    a.doing = TALKS
    a.calls += 1
    a.visit = visit
    a.call = call
    a.leg = leg
    a.tries = s.tries
    a.place = s.place
    a.answered = now
    a.talk_end = now + talk
    busy_until(w, s, s.agent, now + talk, 0)


@inline
def _in_hand(w: World, s: RunRecord, talk: int) -> int:
    """How long the talk takes with what the agent has in hand; if they were looking for calls, they look again."""
    if s.more != NONE:
        s.free_agent = s.more
        s.free_how = MORE
        s.more = NONE
    head = w.agents[s.agent].head
    return talk if head == s.agent else slower_by(talk, 1.0, factor(w, s, head))


@inline
def end_talk(w: World, s: RunRecord, agent: int, now: int) -> bool:
    """End an agent's talk. Return whether the call goes on."""
    a = w.agents[agent]
    s.free_agent = agent
    s.free_how = TALK_ENDED
    s.last = max(s.last, now)
    s.call = a.call
    s.visit = a.visit
    if s.chats and a.head != agent:
        w.visit_talk_us[a.visit] = now - a.answered
        a.talk_end = now
    if s.confers:
        if a.asker != NONE:
            let_go(w, s, a.asker, now)
            a.asker = NONE
            return False
        if a.doing == CONFERS:
            s.visit = a.conference
        elif a.tries == NONE and at(w.confer_next, a.leg) != NONE and (s.drain or now < s.horizon):
            ask(w, s, agent, at(w.confer_next, a.leg), now)
            s.mode = ASKED
            return True
    if a.tries == NONE:
        if s.keeps_answered:
            w.answered[s.call] = 1
        if s.keeps_keys:
            w.later_keys[s.call] += at(w.talk_keys, a.leg)
        s.delay = at(w.talk_delay_us, a.leg)
        s.ending = HANDLED
        s.leg = at(w.talk_next, a.leg)
        return True
    if w.is_pending[a.call]:  # the caller did not answer and will be tried again
        queue = at(w.queue, a.leg)
        push(
            w.menu_events,
            s.n_menu,
            now + w.queues[queue].again,
            CALL_BACK_AGAIN | a.call,
            a.leg << 20 | a.tries,
            a.visit,
        )
        s.n_menu += 1
    return False


@inline
def settle(w: World, s: RunRecord, now: int) -> bool:
    """Decide what a newly free agent does next; return whether they take a call at once."""
    agent, how = s.free_agent, s.free_how
    s.free_agent = NONE
    a = w.agents[agent]
    if how == TALK_ENDED:
        acw = at(w.acw_us, a.leg) if a.reached else 0
        if acw and a.speed != 1:
            acw = int(np.rint(acw / a.speed))
        if acw:
            w.visit_acw_us[a.visit] = acw
            a.doing = WRAPS
            busy_until(w, s, agent, now + acw, 1)
            return False
    if how != BEGUN and _pauses(w, s, agent, now):
        return False
    seeks = now < a.off or stays_on(s, a)
    if seeks or at_off(w, a) == SERVE_QUEUE:
        node = node_for(w.pairs, w.groups, w.queues, w.lanes, w.nodes, s.urgencies, a.group, 0, now)
        if node != NONE:
            take(w, s, node)
            s.agent = agent
            return True
    if not seeks:
        leave(w, s, agent, now)
        return False
    if s.dials and now < a.off and now < s.horizon:
        ends = dial(w, s, agent, now)
        if ends != NONE:
            busy_until(w, s, agent, ends, 1)
            return False
    a.doing = IDLE
    add_idle(w.groups, w.agents, agent, now)
    if how != BEGUN:
        set_due(w.due, agent, NOTHING_DUE)
    if now >= a.off:
        a.staying = 1
        s.staying += 1
    return False


@inline
def _pauses(w: World, s: RunRecord, agent: int, now: int) -> bool:
    """After a call or a pause: whether the agent pauses now; else they are free."""
    a = w.agents[agent]
    s.last = max(s.last, now)
    pause = 0
    if a.doing == PAUSES:
        end_pause(w, agent, now)
    else:
        a.worked += now - a.answered
        if s.pause_columns and a.doing != DIALS:
            pause = pause_after(w, s, agent, now)
    a.doing = PAUSES if pause else FREE
    if pause:
        busy_until(w, s, agent, now + pause, 1)
    return pause != 0


@inline
def at_off(w: World, a: AgentRecord) -> int:
    """What the agent does at the end of the row; a break always begins after the current call."""
    return FINISH if w.rows[a.row].to_break else w.groups[a.group].at_off


@inline
def stays_on(s: RunRecord, a: AgentRecord) -> bool:
    """Whether an agent past the end of their shift waits for the queues to empty."""
    return s.drain != 0 and a.off >= s.horizon and s.pending > 0


@apart
def begin(w: World, s: RunRecord, agent: int, now: int) -> None:
    """An agent begins the next row."""
    a = w.agents[agent]
    row = a.coming
    r = w.rows[row]
    r.began = now
    a.row = row
    a.coming = r.next
    a.group = r.group
    a.speed = r.speed
    a.on = now
    a.off = r.off
    a.calls = 0
    a.worked = 0
    a.idle = 0
    a.doing = FREE
    s.last = max(s.last, now)
    if s.chats:
        a.nothing_since = now
        for hand in range(agent + 1, agent + 1 + w.groups[r.group].at_once):
            b = w.agents[hand]
            b.row, b.group, b.speed, b.off = row, r.group, r.speed, r.off
    on_duty_changes(w, agent, 1)
    push(w.staff_events, s.n_staff, a.off, SHIFT_OFF | agent, row, 0)
    s.n_staff += 1
    s.free_agent = agent
    s.free_how = BEGUN


@apart
def shift_ends(w: World, s: RunRecord, agent: int, row: int, now: int) -> bool:
    """End a row. Return whether a call is handed over and goes on."""
    a = w.agents[agent]
    if a.row != row:
        return False
    if a.doing == IDLE:
        if stays_on(s, a):
            a.staying = 1
            s.staying += 1
        else:
            leave(w, s, agent, now)
        return False
    if a.doing == PAUSES:
        if not stays_on(s, a):
            end_pause(w, agent, now)
            leave(w, s, agent, now)
        return False
    if at_off(w, a) != HAND_OVER or now >= s.horizon:
        return False
    if a.doing == DIALS or a.doing == CONFERS or a.asker != NONE:
        return False
    if a.doing == WRAPS:
        w.visit_acw_us[a.visit] = now - a.talk_end
        leave(w, s, agent, now)
        return False
    if a.tries != NONE:  # nobody is on the line to hand over
        return False
    hand_over(w, s, agent, a.talk_end - now, now)
    leave(w, s, agent, now)
    return True


@apart
def hand_over(w: World, s: RunRecord, agent: int, left: int, now: int) -> None:
    """Cut the talk of an agent, or of a hand, with so much of it left; its call becomes the one that goes on."""
    a = w.agents[agent]
    w.visit_talk_us[a.visit] = now - a.answered
    w.result[a.visit] = R_HANDED_OVER
    if not w.is_pending[a.call]:
        w.is_pending[a.call] = 1
        s.pending += 1
    s.call = a.call
    s.visit = a.visit
    s.leg = a.leg
    s.delay = 0
    s.mode = HANDED_OVER
    s.place = a.place
    s.work = int(np.rint(left * a.speed))
    s.tries = NONE


@apart
def leave(w: World, s: RunRecord, agent: int, now: int) -> None:
    """An agent leaves, and the next row is scheduled."""
    a = w.agents[agent]
    if a.doing == IDLE:
        remove_idle(w.groups, w.agents, agent, now)
        s.staying -= a.staying
        a.staying = 0
    if s.chats and w.groups[a.group].at_once:
        no_longer_able(w, s, agent)
        a.idle += now - a.nothing_since
    set_due(w.due, agent, NOTHING_DUE)
    a.doing = AWAY
    on_duty_changes(w, agent, -1)
    w.rows[a.row].left = now
    w.rows[a.row].idle = a.idle
    a.row = NONE
    s.last = max(s.last, now)
    while a.coming != NONE:
        r = w.rows[a.coming]
        begins = max(r.on, now + r.rest)
        if begins < r.off:
            push(w.staff_events, s.n_staff, begins, SHIFT_ON | agent, 0, 0)
            s.n_staff += 1
            return
        r.began = max(now, r.on)
        r.left = r.began
        a.coming = r.next


@apart
def leave_all_staying(w: World, s: RunRecord, now: int) -> None:
    """No call is pending: agents idle past their shift leave; who has chats in hand takes no more."""
    for agent in range(len(w.agents)):
        if w.agents[agent].staying:
            if w.agents[agent].hands:
                no_longer_able(w, s, agent)
            else:
                leave(w, s, agent, now)
