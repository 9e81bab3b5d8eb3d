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
from simulation.engines.reference.floor import Agent
from simulation.engines.reference.pauses import end_pause
from simulation.engines.reference.schedule import Happening, at
from simulation.engines.reference.state import State
from simulation.tables.tie_rule import CALL_BACK_AGAIN, RELEASE, SHIFT_OFF

__all__ = ["on_release", "on_shift_off", "on_shift_on", "on_talk_end"]

HANDLED = outcome_code("handled")
R_UNREACHED, R_HANDED_OVER = result_code("unreached"), result_code("handed_over")


def on_talk_end(state: State, event: Happening[Agent]) -> None:
    """The caller goes on, or is called back again later; the agent wraps up or is free."""
    agent, now = event.subject, event.time_us
    visit = agent.visit
    if agent.due is not event or visit is None:  # the call was handed over
        return
    call = visit.call
    leg = state.leg[call]
    state.last_us = now
    if asks(state, agent, visit, now):
        return
    agent.confers_on = NONE
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
    if acw:
        visit.acw_us = acw
        agent.due = at(state.env, now + acw, RELEASE + agent.id, state.on.release, agent)
    else:
        release(state, agent, now)


def on_release(state: State, event: Happening[Agent]) -> None:
    """The wrap-up or the pause is over, unless the agent has cut it short to leave at the end of the shift."""
    agent, now = event.subject, event.time_us
    if agent.due is not event:
        return
    if agent.paused_us is None:
        release(state, agent, now)
    else:
        end_pause(state, agent, now)
        state.last_us = now
        get_ready(state, agent, now)


def on_shift_on(state: State, event: Happening[Agent]) -> None:
    """An agent begins the next row."""
    agent, now = event.subject, event.time_us
    row = agent.rows.pop()
    agent.row, agent.group, agent.speed = row, int(state.staff.group[row]), state.speed[row]
    agent.on_us, agent.off_us = now, state.shift_off[row]
    agent.calls = agent.worked_us = agent.idle_us = 0
    state.actual_on[row] = now
    state.last_us = now
    state.floor.on_duty_changes(agent, 1)
    at(state.env, agent.off_us, SHIFT_OFF + agent.id, state.on.shift_off, (agent, row))
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
    if agent.entry is None:
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
    call = visit.call
    if now >= agent.talk_end_us:  # in wrap-up
        visit.acw_us = now - agent.talk_end_us
        put_down(agent, now)
        leave(state, agent, now)
    elif not visit.called_back:
        state.work_left[call] = round((agent.talk_end_us - now) * agent.speed)
        visit.talk_us = now - visit.left_us
        visit.result = R_HANDED_OVER
        add_pending(state, call)
        put_down(agent, now)
        leave(state, agent, now)
        again = begin_visit(state, call, visit.queue, now, visit.place_us)
        if not taken_at_once(state, again, now):
            again.patience_us = state.patience[state.leg[call]]
            wait(state, again, state.limit[state.leg[call]], now)
