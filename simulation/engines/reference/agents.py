"""What agents do: take a call, become free, wait for the next call, leave."""

from __future__ import annotations

from ivr.records.schema import NONE, result_code
from simulation.engines.reference.hands import factor, put_aside, take_in_hand
from simulation.engines.reference.outbound import dials
from simulation.engines.reference.pauses import pauses_after
from simulation.engines.reference.people import Agent, Hand, Holder
from simulation.engines.reference.schedule import at
from simulation.engines.reference.state import State
from simulation.engines.reference.visit import Visit
from simulation.tables.chats import slower_by
from simulation.tables.tie_rule import SHIFT_ON, TALK_END

__all__ = [
    "add_pending",
    "answer",
    "get_ready",
    "leave",
    "put_down",
    "release",
    "remove_pending",
    "seek",
    "stays",
    "taken_at_once",
    "what_at_off",
]

R_HANDLED, R_UNREACHED, R_JOINED = (result_code(name) for name in ("handled", "unreached", "joined"))


def taken_at_once(state: State, visit: Visit, now: int) -> bool:
    """Let an idle agent take the call, if one may; return whether one does."""
    agent = state.floor.agent_for(visit.queue, now - visit.place_us, state.agent_draw[state.leg[visit.call]], now)
    if agent is None:
        return False
    answer(state, agent, visit, now)
    return True


def answer(state: State, agent: Agent, visit: Visit, now: int) -> None:
    """The agent takes the call: the agent is no longer idle, the call no longer waiting."""
    call = visit.call
    leg = state.leg[call]
    state.last_us = now
    state.floor.last_wait_us[visit.queue] = now - visit.offered_us
    holder: Holder = agent
    if agent.chats is not None:
        holder = take_in_hand(state, agent, visit, now)
    elif agent.entry is not None:
        state.floor.remove_idle(agent, now)
    visit.shift = agent.row
    holder.visit = visit
    agent.calls += 1
    talk = state.talk[agent.group][leg] if call not in state.work_left else state.work_left.pop(call)
    if agent.speed != 1:
        talk = round(talk / agent.speed)
    if visit.called_back:
        talk = _ring(state, visit, leg, talk, now)
    elif visit.asker is not None:
        visit.end(R_JOINED, now)
    else:
        visit.end(R_HANDLED, now)
        if state.talk_next[leg] == NONE and state.confer_next[leg] == NONE:
            remove_pending(state, call, now)
    if agent.chats is not None:
        talk = slower_by(talk, 1, factor(agent))
    visit.talk_us = talk
    holder.talk_end_us = now + talk
    holder.due = at(state.env, now + talk, TALK_END + holder.turn, state.on.talk_end, holder)


def _ring(state: State, visit: Visit, leg: int, talk: int, now: int) -> int:
    """The agent calls back; return how long that takes, including the talk if the caller answers."""
    call = visit.call
    attempt = state.attempts[call] = state.attempts.get(call, 0) + 1
    reached = attempt == state.table.reached_at[leg]
    visit.end(R_HANDLED if reached else R_UNREACHED, now)
    if reached or attempt >= state.rules[state.queue[leg]].callback_attempts:
        remove_pending(state, call, now)
    return int(state.table.ring_us[leg]) + (talk if reached else 0)


def release(state: State, holder: Holder, now: int) -> None:
    """Talk and wrap-up are over: the agent pauses, goes on, or leaves if the shift has ended."""
    state.last_us = now
    agent = holder.agent
    if isinstance(holder, Hand):
        visit: Visit | None = put_aside(state, holder, now)
    else:
        visit = agent.visit
        put_down(agent, now)
    if visit is None or agent.in_hand or not pauses_after(state, agent, visit, now):
        get_ready(state, agent, now)
    elif agent.entry is not None:
        state.floor.remove_idle(agent, now)


def get_ready(state: State, agent: Agent, now: int) -> None:
    """After a call or a pause the agent goes on, or leaves if the shift has ended."""
    if agent.entry is not None:
        state.floor.remove_idle(agent, now)
    if now < agent.off_us or stays(state, agent):
        seek(state, agent, now)
        return
    if what_at_off(state, agent) == "serve_queue":
        visit = state.floor.visit_for(agent.group, now, agent.in_hand)
        if visit is not None:
            _take(state, agent, visit, now)
            return
    if not agent.in_hand:
        leave(state, agent, now)


def _take(state: State, agent: Agent, visit: Visit, now: int) -> None:
    """The agent answers a call that waits, and goes on if they may have another chat in hand."""
    state.floor.remove_waiting(visit)
    answer(state, agent, visit, now)
    if agent.has_room:
        get_ready(state, agent, now)


def put_down(agent: Agent, now: int) -> None:
    """The agent is done with the current call."""
    if agent.dialled is not None:
        begun_us = agent.dialled.dialled_us
    else:
        assert agent.visit is not None
        begun_us = agent.visit.left_us
    agent.worked_us += now - begun_us
    agent.visit = agent.dialled = agent.due = None
    agent.confers_on = NONE


def seek(state: State, agent: Agent, now: int) -> None:
    """A free agent takes a waiting call, makes an outbound one or becomes idle."""
    visit = state.floor.visit_for(agent.group, now, agent.in_hand)
    if visit is not None:
        _take(state, agent, visit, now)
        return
    if dials(state, agent, now):
        return
    state.floor.add_idle(agent, now)
    if now >= agent.off_us:
        state.past_shift.append(agent)


def what_at_off(state: State, agent: Agent) -> str:
    """What the agent does at the end of the row, one of AT_OFF; a break always begins after the current call."""
    return "finish" if state.to_break[agent.row] else state.staff.at_off[agent.group]


def stays(state: State, agent: Agent) -> bool:
    """Whether an agent past the end of their shift waits for the queues to empty."""
    return state.drain and agent.off_us >= state.horizon_us and state.pending > 0


def leave(state: State, agent: Agent, now: int) -> None:
    """The agent's row ends; their next row that is not already over begins when it is due, after the break."""
    if agent.entry is not None:
        state.floor.remove_idle(agent, now)
    if agent.chats is not None:
        agent.idle_us += now - agent.nothing_since_us
    state.floor.on_duty_changes(agent, -1)
    state.actual_off[agent.row], state.idle_us[agent.row] = now, agent.idle_us
    agent.row = NONE
    state.last_us = now
    while agent.rows:
        row = agent.rows[-1]
        begin = max(state.shift_on[row], now + state.rest[row])
        if begin < state.shift_off[row]:
            at(state.env, begin, SHIFT_ON + agent.turn, state.on.shift_on, agent)
            return
        agent.rows.pop()
        state.actual_on[row] = state.actual_off[row] = max(now, state.shift_on[row])


# Calls for which agents stay after their shift


def add_pending(state: State, call: int) -> None:
    """A call is pending from now on."""
    if not state.is_pending[call]:
        state.is_pending[call] = 1
        state.pending += 1


def remove_pending(state: State, call: int, now: int) -> None:
    """A call is no longer pending; after the last one, idle agents past their shift leave."""
    if state.is_pending[call]:
        state.is_pending[call] = 0
        state.pending -= 1
        if not state.pending:
            staying, state.past_shift = state.past_shift, []
            for agent in staying:
                if agent.entry is None:
                    continue
                if agent.in_hand:  # they take no more
                    state.floor.remove_idle(agent, now)
                else:
                    leave(state, agent, now)
