"""Calls: arriving, joining a queue, waiting, going on, ending. Compiled.

Terms are those of ``docs/engines.md``.

Functions that run for every call are inlined into the loop (``forceinline``): passing their arrays would cost more than
their work. To be inlined only once, a function does not call the next one; it records what comes next in the run's
fields under "the call that goes on".
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.records.schema import NEVER, NONE, outcome_code, result_code
from simulation.engines.kernel.conference import R_UNJOINED, let_go
from simulation.engines.kernel.event_heaps import push
from simulation.engines.kernel.floor import add_waiting, agent_for, estimate, remove_waiting
from simulation.engines.kernel.jit import apart, inline
from simulation.engines.kernel.state import RunRecord, World
from simulation.tables.call_table import BALK, CALL_BACK, OFFERED
from simulation.tables.tie_rule import ABANDONMENT, ARRIVAL, LIMIT, MENU_END, OVERFLOW

__all__ = [
    "HANDLED",
    "OVER",
    "R_CLOSED",
    "TAKEN",
    "arrive",
    "at",
    "close_waiting",
    "conclude",
    "join",
    "no_longer_pending",
    "reach_limit",
]

HANDLED, ABANDONED, BLOCKED, CLOSED, CALLBACK, VOICEMAIL = (
    outcome_code(name) for name in ("handled", "abandoned", "blocked", "closed", "callback", "voicemail")
)
R_ABANDONED, R_OVERFLOWED, R_CALLBACK, R_VOICEMAIL, R_TIMEOUT, R_FULL, R_CLOSED = (
    result_code(name) for name in ("abandoned", "overflowed", "callback", "voicemail", "timeout", "full", "closed")
)

FIRST, HANDED_OVER, CALLED_BACK, ASKED = 0, 1, 2, 3
"""How a call joins a queue; ASKED: its agent asks for a colleague there."""
OVER, GOES_ON, TAKEN = 0, 1, 2
"""The result of joining: nothing for now; the call goes on as recorded in the run; an agent takes it."""


@inline
def at(column: npt.NDArray[np.integer[Any]], row: int) -> int:
    """The value of a row in a column, which may hold a single value for all rows."""
    value: int = column[row if len(column) > 1 else 0]
    return value


@inline
def no_longer_pending(w: World, s: RunRecord, call: int) -> None:
    """The call is no longer pending."""
    if w.is_pending[call]:
        w.is_pending[call] = 0
        s.pending -= 1


@inline
def conclude(w: World, s: RunRecord, now: int) -> None:
    """End the call that goes on; its line is freed, and its caller may call again."""
    call, outcome = s.call, s.ending
    w.outcome[call] = outcome
    w.ended_us[call] = now
    s.endings += 1
    s.free_lines += 1
    s.last = max(s.last, now)
    if (s.retry_mask >> outcome) & 1:
        again = at(w.retry, call)
        again_us = now + (at(w.repeat_after_us, call) if outcome == HANDLED else at(w.retry_after_us, call))
        if again != NONE and again_us < s.horizon:
            push(w.menu_events, s.n_menu, again_us, ARRIVAL | again, 0, 0)
            s.n_menu += 1
            if at(w.ending, again) == OFFERED and not w.is_pending[again]:
                w.is_pending[again] = 1
                s.pending += 1
    if s.stays_pending:
        s.stays_pending = 0
    else:
        no_longer_pending(w, s, call)


@inline
def arrive(w: World, s: RunRecord, call: int, slot: int, now: int) -> bool:
    """A call arrives and is blocked or enters the menu. Return whether it goes on (ends) at once."""
    s.call = call
    s.delay = 0
    s.leg = NONE
    if s.lines_limited:
        if s.free_lines == 0:
            s.free_lines = -1  # its end will free a line that it does not hold
            s.ending = BLOCKED
            return True
        s.free_lines -= 1
    ending = at(w.ending, call)
    push(
        w.menu_events,
        s.n_menu,
        now + at(w.menu_us, call),
        MENU_END | call,
        call if ending == OFFERED else ~ending,
        slot,
    )
    s.n_menu += 1
    return False


@inline
def join(w: World, s: RunRecord, now: int) -> int:  # noqa: C901 - inlined once; splitting it would pass all the arrays
    """The call that goes on joins a queue."""
    call, leg, how = s.call, s.leg, s.mode
    s.mode = FIRST
    if not s.drain and now >= s.horizon:
        if how == CALLED_BACK:
            return OVER
        s.leg = NONE
        s.delay = 0
        s.ending = CLOSED
        return GOES_ON
    queue = at(w.queue, leg)
    s.last = max(s.last, now)
    brought = NONE
    if s.keeps_patience:
        brought = w.patience_left[call]
        w.patience_left[call] = NONE
    if how == FIRST:
        s.place = _began(w, s, call) if w.queues[queue].by_system_time else now
        s.work = NONE
        s.tries = NONE
        if leg >= s.calls:
            s.visit = _further_visit(w, s)
    else:
        s.visit = _further_visit(w, s)
        if how == ASKED:
            w.agents[s.asker].conference = s.visit
    visit = s.visit
    w.visit_call[visit] = call
    w.visit_queue[visit] = queue
    w.offered_us[visit] = now
    w.shift[visit] = NONE
    w.visit_talk_us[visit] = 0
    if how == CALLED_BACK:
        w.called_back[visit] = 1
    s.agent = agent_for(w.pairs, w.groups, w.agents, queue, now - s.place, at(w.agent_draw, leg), now)
    if s.agent != NONE:
        return TAKEN
    s.patience, limit = NEVER, NEVER
    if how != CALLED_BACK:
        s.patience, limit = at(w.patience_us, leg), at(w.limit_us, leg)
        if how == ASKED:
            s.patience = NEVER
        if how == FIRST and brought != NONE:
            s.patience = brought
        if how == FIRST and not w.queues[queue].plain:
            if not _stays(w, s, queue, visit, leg, now):
                return GOES_ON
            if s.tries != NONE:  # waits for a callback; the call itself ends
                limit = NEVER
    _wait(w, s, queue, limit, now)
    return GOES_ON if s.stays_pending else OVER


@inline
def _began(w: World, s: RunRecord, call: int) -> int:
    """When the call began."""
    later = call - s.first_attempts
    began_us: int = w.arrived_us[call] if later < 0 else w.later_arrived_us[later]
    return began_us


@inline
def _further_visit(w: World, s: RunRecord) -> int:
    """Begin a further visit of a call."""
    visit = s.visits
    s.visits += 1
    w.next_visit[s.visit] = visit
    return visit


@inline
def _leave(w: World, s: RunRecord, visit: int, result: int, now: int) -> None:
    w.result[visit] = result
    w.left_us[visit] = now


@inline
def _bring_patience(w: World, s: RunRecord, patience: int, waited_us: int) -> None:
    """The call that goes on moves to another queue, keeping the rest of the caller's patience."""
    if s.leg != NONE:
        w.patience_left[s.call] = NEVER if patience == NEVER else patience - waited_us


@inline
def _stays(w: World, s: RunRecord, queue: int, visit: int, leg: int, now: int) -> bool:
    """Check for room, estimate, offer a callback, announce. Set `s.patience` and return whether the caller waits."""
    rule = w.queues[queue]
    if rule.on_the_line >= rule.capacity:
        _leave(w, s, visit, R_FULL, now)
        if s.keeps_keys:
            w.later_keys[s.call] += at(w.full_keys, leg)
        s.delay = at(w.full_delay_us, leg)
        s.ending = at(w.full_ending, leg)
        s.leg = at(w.full_next, leg)
        _bring_patience(w, s, s.patience, 0)
        return False
    found = w.expected
    estimate(w, s.urgencies, queue, now, found)
    if s.keeps_estimates:
        for i in range(3):
            w.estimates[visit, i] = found[i]
    expected_us = found[rule.estimator]
    if expected_us >= rule.callback_above and w.u[2 * leg + CALL_BACK] < rule.callback_share:
        _leave(w, s, visit, R_CALLBACK, now)
        visit = _further_visit(w, s)
        s.visit = visit
        s.tries = 0
        w.visit_call[visit] = s.call
        w.visit_queue[visit] = queue
        w.offered_us[visit] = now
        w.shift[visit] = NONE
        w.visit_talk_us[visit] = 0
        w.called_back[visit] = 1
        s.delay = 0
        s.ending = CALLBACK
        if s.keeps_answered and w.answered[s.call]:
            s.ending = HANDLED
        s.stays_pending = 1
        s.patience = NEVER
        return True
    if rule.announces:
        w.announced_us[visit] = expected_us
        if rule.told_from < rule.told_to:
            step = rule.told_from
            while step + 1 < rule.told_to and w.told[step + 1].bound <= expected_us:
                step += 1
            if w.u[2 * leg + BALK] < w.told[step].balk_share:
                _leave(w, s, visit, R_ABANDONED, now)
                s.delay = 0
                s.ending = ABANDONED
                s.leg = NONE
                return False
            if s.patience < NEVER:
                longer = s.patience * w.told[step].patience_factor
                s.patience = NEVER if longer >= NEVER else int(np.rint(longer))
    return True


@inline
def _wait(w: World, s: RunRecord, queue: int, limit: int, now: int) -> None:
    """The call that goes on begins to wait."""
    node = s.free_node
    if node == NONE:
        node = s.nodes
        s.nodes += 1
    else:
        s.free_node = w.nodes[node].after
    v = w.nodes[node]
    v.visit = s.visit
    v.call = s.call
    v.leg = s.leg
    v.place = s.place
    v.patience = s.patience
    v.work = s.work
    v.tries = s.tries
    v.asker = s.asker
    s.asker = NONE
    v.lane = queue * s.urgencies + at(w.urgency, s.leg)
    add_waiting(w.queues, w.lanes, w.nodes, s.urgencies, node)
    if s.patience < limit:
        push(w.wait_events, s.n_wait, now + s.patience, ABANDONMENT | s.call, node, s.visit)
        s.n_wait += 1
    elif limit < NEVER:
        push(w.wait_events, s.n_wait, now + limit, LIMIT | s.call, node, s.visit)
        s.n_wait += 1
    for i in range(w.queues[queue].after_from, w.queues[queue].after_to):
        if s.place + w.overflows[i] > now:
            push(w.wait_events, s.n_wait, s.place + w.overflows[i], OVERFLOW | s.call, node, s.visit)
            s.n_wait += 1
    if s.stays_pending:
        s.leg = NONE


@inline
def reach_limit(w: World, s: RunRecord, patience: int, now: int) -> None:
    """The call that goes on reaches the limit of its wait."""
    leg = s.leg
    if s.keeps_keys:
        w.later_keys[s.call] += at(w.limit_keys, leg)
    s.delay = at(w.limit_delay_us, leg)
    s.ending = at(w.limit_ending, leg)
    s.leg = at(w.limit_next, leg)
    _bring_patience(w, s, patience, now - w.offered_us[s.visit])
    result = R_TIMEOUT
    if s.leg != NONE:
        result = R_OVERFLOWED
    elif s.ending == VOICEMAIL:
        result = R_VOICEMAIL
    elif s.ending == CALLBACK:
        result = R_CALLBACK
    elif s.ending == CLOSED:
        result = R_CLOSED
    w.result[s.visit] = result


@apart
def close_waiting(w: World, s: RunRecord, now: int) -> None:
    """Close all waiting visits."""
    for lane in range(len(w.lanes)):
        while w.lanes[lane].first != NONE:
            node = w.lanes[lane].first
            v = w.nodes[node]
            w.result[v.visit] = R_CLOSED
            w.left_us[v.visit] = now
            if v.asker != NONE:
                w.result[v.visit] = R_UNJOINED
                let_go(w, s, v.asker, now)
            elif v.tries == NONE:
                s.call = v.call
                s.ending = CLOSED
                conclude(w, s, now)
            else:
                no_longer_pending(w, s, v.call)
            remove_waiting(s, w.queues, w.lanes, w.nodes, s.urgencies, node)
