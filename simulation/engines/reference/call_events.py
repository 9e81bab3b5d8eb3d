"""Call events: arrival, menu end, overflow, another callback attempt, the flow's limit, abandonment, closing."""

from __future__ import annotations

import numpy as np

from ivr.records.schema import NEVER, NONE, outcome_code, result_code
from simulation.engines.reference.agents import answer, remove_pending, taken_at_once
from simulation.engines.reference.calls import begin_visit, conclude, end, go_on, lead_on, leave_queue, wait
from simulation.engines.reference.conference import nobody_came
from simulation.engines.reference.schedule import Happening, at
from simulation.engines.reference.state import State
from simulation.engines.reference.visit import Visit
from simulation.tables.call_table import OFFERED
from simulation.tables.tie_rule import ARRIVAL, MENU_END

__all__ = [
    "close",
    "offer_in_order",
    "on_abandonment",
    "on_arrival",
    "on_call_back_again",
    "on_closing",
    "on_limit",
    "on_menu_end",
    "on_overflow",
]

ABANDONED, BLOCKED, CLOSED = (outcome_code(name) for name in ("abandoned", "blocked", "closed"))
R_ABANDONED, R_OVERFLOWED, R_TIMEOUT, R_CLOSED = (
    result_code(name) for name in ("abandoned", "overflowed", "timeout", "closed")
)
# How a visit ends, by the outcome the call gets at the flow's limit; any other counts as a time-out.
_RESULT_AT_LIMIT = {outcome_code(name): result_code(name) for name in ("voicemail", "callback", "closed")}


def on_arrival(state: State, event: Happening[int]) -> None:
    """A call or a retry finds all lines busy, or takes one and enters the menu."""
    call, now = event.subject, event.time_us
    if call + 1 < state.first_attempts:  # each arrival schedules the next one
        at(state.env, state.arrived[call + 1], ARRIVAL + call + 1, state.on.arrival, call + 1)
    if state.lines_limited:
        if not state.free_lines:
            conclude(state, call, BLOCKED, now)
            return
        state.free_lines -= 1
    at(state.env, now + state.menu[call], MENU_END + call, state.on.menu_end, call)


def offer_in_order(state: State) -> None:
    """Schedule offers only: without a limit on lines, nothing happens at arrivals or when calls end in the menu."""
    table, first = state.table, state.first_attempts
    menu_end = (table.arrived_us + table.menu_us)[:first]
    offered = table.ending[:first] == OFFERED
    for call in np.flatnonzero(~offered).tolist():
        end(state, call, state.ending[call], state.arrived[call] + state.menu[call])
    calls = np.flatnonzero(offered)
    order = calls[np.argsort(menu_end[calls], kind="stable")]
    state.offers = iter(zip(menu_end[order].tolist(), order.tolist(), strict=True))
    _schedule_next_offer(state)


def _schedule_next_offer(state: State) -> None:
    for time_us, call in state.offers:
        at(state.env, time_us, MENU_END + call, state.on.menu_end, call)
        return


def on_menu_end(state: State, event: Happening[int]) -> None:
    """The caller's time in a menu, before or after a queue, is over."""
    call, now = event.subject, event.time_us
    onward = state.onward.pop(call, None)
    if onward is None:
        if call < state.first_attempts:
            _schedule_next_offer(state)
        onward = state.ending[call], call if state.ending[call] == OFFERED else NONE
    go_on(state, call, *onward, now)


def on_overflow(state: State, event: Happening[Visit]) -> None:
    """A visit has waited long enough for more groups."""
    visit, now, floor = event.subject, event.time_us, state.floor
    if visit.waits:
        agent = floor.agent_for(visit.queue, now - visit.place_us, state.agent_draw[state.leg[visit.call]], now)
        if agent is not None:
            floor.remove_waiting(visit)
            answer(state, agent, visit, now)


def on_call_back_again(state: State, event: Happening[int]) -> None:
    """After an unanswered attempt the caller joins the queue again."""
    call, now = event.subject, event.time_us
    if now < state.horizon_us or state.drain:
        visit = begin_visit(state, call, state.queue[state.leg[call]], now, now, called_back=True)
        state.last_us = now
        if not taken_at_once(state, visit, now):
            wait(state, visit, NEVER, now)


def on_limit(state: State, event: Happening[Visit]) -> None:
    """The flow takes the caller out of the queue, or the caller presses a key to leave it."""
    visit, table, now = event.subject, state.table, event.time_us
    if visit.waits and visit.asker is not None:
        state.floor.remove_waiting(visit)
        nobody_came(state, visit, now)
    elif visit.waits:
        call = visit.call
        leg = state.leg[call]
        ending, then = int(table.limit_ending[leg]), int(table.limit_next[leg])
        state.floor.remove_waiting(visit)
        visit.end(_RESULT_AT_LIMIT.get(ending, R_TIMEOUT) if then == NONE else R_OVERFLOWED, now)
        state.last_us = now
        state.keys[call] += int(table.limit_keys[leg])
        lead_on(state, visit, int(table.limit_delay_us[leg]), ending, then, now)


def on_abandonment(state: State, event: Happening[Visit]) -> None:
    """The caller runs out of patience."""
    if event.subject.waits:
        state.floor.remove_waiting(event.subject)
        leave_queue(state, event.subject, ABANDONED, R_ABANDONED, event.time_us)


def on_closing(state: State, event: Happening[None]) -> None:
    """The doors close at the horizon."""
    close(state, event.time_us)


def close(state: State, now: int) -> None:
    """Close all waiting visits."""
    for visit in state.floor.waiting_visits():
        state.floor.remove_waiting(visit)
        if visit.asker is not None:
            nobody_came(state, visit, now)
        elif visit.called_back:
            visit.end(R_CLOSED, now)
            remove_pending(state, visit.call, now)
        else:
            leave_queue(state, visit, CLOSED, R_CLOSED, now)
