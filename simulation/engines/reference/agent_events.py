"""Agent events: a talk or its wrap-up ends, a shift begins or ends."""

from __future__ import annotations

from ivr.records.schema import NONE, outcome_code, result_code
from simulation.engines.reference.agents import (
    add_pending,
    get_ready,
    leave,
    put_down,
    release,
    seek,
    stays,
    taken_at_once,
    what_at_off,
)
from simulation.engines.reference.calls import begin_visit, follow, wait
from simulation.engines.reference.conference import asks, let_go
from simulation.engines.reference.hands import factor, put_aside
from simulation.engines.reference.pauses import end_pause
from simulation.engines.reference.people import Agent, Hand, Holder
from simulation.engines.reference.schedule import Happening, at
from simulation.engines.reference.state import State
from simulation.engines.reference.visit import Visit
from simulation.tables.chats import slower_by
from simulation.tables.tie_rule import CALL_BACK_AGAIN, RELEASE, SHIFT_OFF

__all__ = ["on_release", "on_shift_off", "on_shift_on", "on_talk_end"]

HANDLED = outcome_code("handled")
R_UNREACHED, R_HANDED_OVER = result_code("unreached"), result_code("handed_over")


def on_talk_end(state: State, event: Happening[Holder]) -> None:
    """The caller goes on, or is called back again later; the agent wraps up or is free."""
    holder, now = event.subject, event.time_us
    agent, visit = holder.agent, holder.visit
    if holder.due is not event or visit is None:  # the call was handed over, or goes on at another speed
        return
    call = visit.call
    leg = state.leg[call]
    state.last_us = now
    if asks(state, agent, visit, now):
        return
    agent.confers_on = NONE
    if isinstance(holder, Hand):
        visit.talk_us = now - visit.left_us
    if visit.asker is not None:
        let_go(state, visit.asker, now)
        visit.asker = None
    elif not visit.called_back:
        state.answered[call] = 1
        state.keys[call] += int(state.table.talk_keys[leg])
        follow(state, call, state.talk_delay[leg], HANDLED, state.talk_next[leg], now)
    elif state.is_pending[call]:
        again_us = state.rules[state.queue[leg]].callback_again_us
        at(state.env, now + again_us, CALL_BACK_AGAIN + call, state.on.call_back_again, call)
    acw = state.acw[leg] if visit.result != R_UNREACHED else 0
    pauses = state.pause[agent.group]
    visit.pause_us = pauses[leg] if pauses and visit.result != R_UNREACHED else 0
    if acw and agent.speed != 1:
        acw = round(acw / agent.speed)
    if acw and isinstance(holder, Hand):
        acw, holder.wraps = slower_by(acw, 1, factor(agent)), True
    if acw:
        visit.acw_us = acw
        holder.due = at(state.env, now + acw, RELEASE + holder.turn, state.on.release, holder)
    else:
        release(state, holder, now)


def on_release(state: State, event: Happening[Holder]) -> None:
    """The wrap-up or the pause is over, unless the agent has cut it short to leave at the end of the shift."""
    holder, now = event.subject, event.time_us
    if holder.due is not event:
        return
    if isinstance(holder, Hand) or holder.paused_us is None:
        release(state, holder, now)
    else:
        end_pause(state, holder, now)
        state.last_us = now
        get_ready(state, holder, now)


def on_shift_on(state: State, event: Happening[Agent]) -> None:
    """An agent begins the next row."""
    agent, now = event.subject, event.time_us
    row = agent.rows.pop()
    agent.row, agent.group, agent.speed = row, int(state.staff.group[row]), state.speed[row]
    agent.on_us, agent.off_us = now, state.shift_off[row]
    agent.calls = agent.worked_us = agent.idle_us = 0
    agent.chats, agent.nothing_since_us = state.staff.chats[agent.group], now
    state.actual_on[row] = now
    state.last_us = now
    state.floor.on_duty_changes(agent, 1)
    at(state.env, agent.off_us, SHIFT_OFF + agent.turn, state.on.shift_off, (agent, row))
    seek(state, agent, now)


def on_shift_off(state: State, event: Happening[tuple[Agent, int]]) -> None:
    """A row ends: an idle or pausing agent leaves or stays, a busy one finishes the call or hands it over."""
    (agent, row), now = event.subject, event.time_us
    if agent.row != row:
        return
    if agent.paused_us is not None:
        if not stays(state, agent):
            end_pause(state, agent, now)
            leave(state, agent, now)
        return
    if agent.chats is not None:
        _chats_at_off(state, agent, row, now)
    elif agent.entry is None:
        if what_at_off(state, agent) == "hand_over" and now < state.horizon_us:
            _hand_over(state, agent, now)
    elif stays(state, agent):
        state.past_shift.append(agent)
    else:
        leave(state, agent, now)


def _hand_over(state: State, agent: Agent, now: int) -> None:
    """The agent leaves; the caller they are talking to rejoins the queue at their old place."""
    if agent.dialled is not None:  # finished, like a callback: nobody else can go on with it
        return
    visit = agent.visit
    assert visit is not None
    if agent.confers_on != NONE or visit.asker is not None:  # finished too: three are talking
        return
    if now >= agent.talk_end_us:  # in wrap-up
        visit.acw_us = now - agent.talk_end_us
        put_down(agent, now)
        leave(state, agent, now)
    elif not visit.called_back:
        _hand_on(state, visit, round((agent.talk_end_us - now) * agent.speed), now)
        put_down(agent, now)
        leave(state, agent, now)
        _wait_again(state, visit, now)


def _hand_on(state: State, visit: Visit, work_us: int, now: int) -> None:
    """The talk is cut; so much of it is left, at speed 1."""
    state.work_left[visit.call] = work_us
    visit.talk_us = now - visit.left_us
    visit.result = R_HANDED_OVER
    add_pending(state, visit.call)


def _wait_again(state: State, visit: Visit, now: int) -> None:
    """The caller joins the queue again, at the place they had."""
    call = visit.call
    again = begin_visit(state, call, visit.queue, now, visit.place_us)
    if not taken_at_once(state, again, now):
        again.patience_us = state.patience[state.leg[call]]
        wait(state, again, state.limit[state.leg[call]], now)


def _chats_at_off(state: State, agent: Agent, row: int, now: int) -> None:
    """A row ends for an agent who chats: with nothing in hand they leave or stay; else they finish, or hand over one
    talk after another.
    """
    if stays(state, agent):
        if agent.entry is not None:
            state.past_shift.append(agent)
        return
    if agent.entry is not None:
        state.floor.remove_idle(agent, now)
    hands_over = what_at_off(state, agent) == "hand_over" and now < state.horizon_us
    if hands_over:
        for hand in agent.hands:
            if hand.visit is not None and hand.wraps:
                put_aside(state, hand, now)
    talking = [hand for hand in agent.hands if hand.visit is not None and not hand.visit.called_back]
    if hands_over and talking:
        left_us = slower_by(talking[0].talk_end_us - now, factor(agent), 1)
        visit = put_aside(state, talking[0], now)
        _hand_on(state, visit, round(left_us * agent.speed), now)
        if agent.in_hand:
            at(state.env, now, SHIFT_OFF + agent.turn, state.on.shift_off, (agent, row))
        else:
            leave(state, agent, now)
        _wait_again(state, visit, now)
    elif not agent.in_hand:
        leave(state, agent, now)
