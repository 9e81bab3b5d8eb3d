"""Calls: joining a queue, waiting, going on from it, ending."""

from __future__ import annotations

from ivr.records.schema import NEVER, NONE, outcome_code, result_code
from ivr.routing import place_us
from simulation.engines.reference.agents import add_pending, remove_pending, taken_at_once
from simulation.engines.reference.schedule import at
from simulation.engines.reference.state import State
from simulation.engines.reference.visit import Visit
from simulation.tables.call_table import BALK, CALL_BACK, OFFERED
from simulation.tables.queue_rules import ESTIMATORS
from simulation.tables.tie_rule import ABANDONMENT, ARRIVAL, LIMIT, MENU_END, OVERFLOW

__all__ = ["begin_visit", "conclude", "end", "follow", "go_on", "join", "lead_on", "leave_queue", "wait"]

ABANDONED, CLOSED, CALLBACK, HANDLED = (outcome_code(name) for name in ("abandoned", "closed", "callback", "handled"))
R_ABANDONED, R_CALLBACK, R_FULL = (result_code(name) for name in ("abandoned", "callback", "full"))


# Joining a queue


def join(state: State, call: int, leg: int, now: int) -> None:
    """The call joins the queue of a leg: an agent takes it, or it waits, unless something keeps it from waiting."""
    if now >= state.horizon_us and not state.drain:
        end(state, call, CLOSED, now)
        return
    queue = state.queue[leg]
    state.leg[call] = leg
    state.work_left.pop(call, None)  # left by a handover nobody took: another leg has its own talk time
    state.last_us = now
    place = place_us(state.floor.routing, queue, joined_us=now, began_us=state.arrived[call])
    visit = begin_visit(state, call, queue, now, place)
    visit.patience_us = state.patience_left.pop(call, state.patience[leg])
    if not taken_at_once(state, visit, now) and (state.plain[queue] or _will_wait(state, visit, leg, now)):
        wait(state, visit, state.limit[leg], now)


def begin_visit(state: State, call: int, queue: int, now: int, place: int, *, called_back: bool = False) -> Visit:
    """Begin a visit to a queue, at a place in its line."""
    visit = Visit(call, queue, now, place, called_back)
    state.visits.append(visit)
    return visit


def _will_wait(state: State, visit: Visit, leg: int, now: int) -> bool:
    """Check room, expected wait, callback offer and announcement: whether the caller waits, and how long at most."""
    call, queue = visit.call, visit.queue
    rule, table = state.rules[queue], state.table
    if state.floor.on_the_line[queue] >= rule.capacity:
        visit.end(R_FULL, now)
        state.keys[call] += int(table.full_keys[leg])
        lead_on(
            state, visit, int(table.full_delay_us[leg]), int(table.full_ending[leg]), int(table.full_next[leg]), now
        )
        return False
    estimates = state.floor.estimates(queue, now)
    expected_us = estimates[ESTIMATORS.index(rule.estimator)]
    visit.estimates = estimates
    if expected_us >= rule.callback_above_us and table.u[leg, CALL_BACK] < rule.callback_share:
        visit.end(R_CALLBACK, now)
        end(state, call, HANDLED if state.answered[call] else CALLBACK, now, stays_pending=True)
        wait(state, begin_visit(state, call, queue, now, visit.place_us, called_back=True), NEVER, now)
        return False
    if rule.announces:
        visit.announced_us = expected_us
        if rule.told_us:
            step = rule.step(expected_us)
            if table.u[leg, BALK] < rule.balk_share[step]:
                leave_queue(state, visit, ABANDONED, R_ABANDONED, now)
                return False
            if visit.patience_us < NEVER:
                visit.patience_us = min(round(visit.patience_us * rule.patience_factor[step]), NEVER)
    return True


def wait(state: State, visit: Visit, limit: int, now: int) -> None:
    """The visit waits: until its patience or its limit ends, and for more groups in the meantime."""
    call, place, patience = visit.call, visit.place_us, visit.patience_us
    state.floor.add_waiting(visit, state.urgency[state.leg[call]])
    if patience < limit:
        at(state.env, now + patience, ABANDONMENT + call, state.on.abandonment, visit)
    elif limit < NEVER:
        at(state.env, now + limit, LIMIT + call, state.on.limit, visit)
    for after_us in state.overflow_us[visit.queue]:
        if place + after_us > now:
            at(state.env, place + after_us, OVERFLOW + call, state.on.overflow, visit)


# Going on from a queue


def lead_on(state: State, visit: Visit, delay_us: int, ending: int, leg: int, now: int) -> None:
    """The flow moves a caller on from a queue; they keep the rest of their patience for the next one."""
    if leg != NONE:
        waited_us = 0 if visit.patience_us == NEVER else now - visit.offered_us
        state.patience_left[visit.call] = visit.patience_us - waited_us
    follow(state, visit.call, delay_us, ending, leg, now)


def follow(state: State, call: int, delay_us: int, ending: int, leg: int, now: int) -> None:
    """Follow a queue with time on the line, then an end or another leg."""
    if delay_us:
        state.onward[call] = ending, leg
        at(state.env, now + delay_us, MENU_END + call, state.on.menu_end, call)
    else:
        go_on(state, call, ending, leg, now)


def go_on(state: State, call: int, ending: int, leg: int, now: int) -> None:
    """The call ends or joins the queue of a leg."""
    if leg == NONE:
        end(state, call, ending, now)
    else:
        join(state, call, leg, now)


def leave_queue(state: State, visit: Visit, outcome: int, result: int, now: int) -> None:
    """The caller leaves the queue, and the call ends with it."""
    visit.end(result, now)
    end(state, visit.call, outcome, now)


# Ending


def end(state: State, call: int, outcome: int, now: int, *, stays_pending: bool = False) -> None:
    """A call that holds a line ends."""
    state.free_lines += 1
    conclude(state, call, outcome, now, stays_pending=stays_pending)


def conclude(state: State, call: int, outcome: int, now: int, *, stays_pending: bool = False) -> None:
    """A call ends, with or without a line; its caller may call again."""
    state.outcome[call], state.ended[call] = outcome, now
    state.endings += 1
    state.last_us = now
    again = state.retry[call]
    if again != NONE and outcome == HANDLED:
        _call_again(state, again, now + int(state.table.repeat_after_us[call]))
    elif again != NONE and outcome in state.table.retry_outcomes:
        _call_again(state, again, now + int(state.table.retry_after_us[call]))
    if not stays_pending:
        remove_pending(state, call, now)


def _call_again(state: State, call: int, time_us: int) -> None:
    """Schedule the caller's next attempt, if it is before the horizon."""
    if time_us < state.horizon_us:
        state.arrived[call] = time_us
        at(state.env, time_us, ARRIVAL + call, state.on.arrival, call)
        if state.ending[call] == OFFERED:
            add_pending(state, call)
