"""What a caller brings to a queue, and where its exits lead; the columns of a visit. Compiled.

``simulation.workload`` says what is drawn, and why.
"""

from __future__ import annotations

import numpy as np

from ivr.records.schema import NEVER, NONE, outcome_code
from simulation.drawing.ahead import ahead_of
from simulation.drawing.columns import (
    AGENT_DRAW,
    BY_FULL,
    BY_LIMIT,
    BY_TALK,
    BY_TRANSFER,
    FULL_DELAY,
    FULL_ENDING,
    FULL_KEYS,
    FULL_NEXT,
    KEPT,
    LIMIT_DELAY,
    LIMIT_ENDING,
    LIMIT_KEYS,
    LIMIT_NEXT,
    LIMIT_US,
    PATIENCE,
    QUEUE,
    REACHED,
    RING,
    TALK_DELAY,
    TALK_KEYS,
    TALK_NEXT,
    TALK_US,
    URGENCY,
    VISIT_AHEAD,
    WAYS,
    WORK,
)
from simulation.drawing.philox import philox_apart, uniform
from simulation.drawing.quantiles import drawn_ahead, drawn_apart, whole_us
from simulation.drawing.state import LegRecord, RunRecord, World
from simulation.engines.kernel.jit import inline
from simulation.tables.columns import OFFERED
from simulation.workload.draw_queue_visits import MAX_QUEUES

__all__ = ["after_full", "after_talk", "bring", "four", "lead_on", "limit", "write", "write_no_visit"]

_CLOSED, _FAILED = outcome_code("closed"), outcome_code("failed")


@inline
def four(s: RunRecord, place: int, purpose: int) -> tuple[float, float, float, float]:
    """The four uniforms of the caller for a purpose, by the key of the purpose."""
    a, b, c, d = philox_apart(
        np.uint64(s.number), np.uint64(0), np.uint64(place), np.uint64(s.replication), np.uint64(purpose)
    )
    return uniform(a), uniform(b), uniform(c), uniform(d)


@inline
def bring(w: World, s: RunRecord, g: LegRecord, caller: int, row: int) -> None:
    """What the caller brings to the queue of visit `row`: patience, work, talk, and chances."""
    g.patience, g.talk, g.transfer = NEVER, 0, NONE
    kept, patience_u, work_u, talk_u = NONE, 0.0, 0.0, 0.0
    if s.has_patience or s.has_work or s.has_talk or s.has_transfer:
        if g.way == 0:
            patience_u, talk_u, work_u, transfer_u = ahead_of(w, s, VISIT_AHEAD)
        else:
            patience_u, talk_u, work_u, transfer_u = four(s, s.place + g.way, s.of_visit)
        if g.depth == 1 and s.keeps_patience and s.attempt > 1:
            kept = w.callers[KEPT, caller]
            patience_u, _, _, _ = four(s, 0, s.of_visit)
        if g.depth == 1 or g.from_exit >= BY_TALK:
            g.patience_u = patience_u
        if s.has_transfer and g.depth < MAX_QUEUES:
            g.transfer = _transferred(w, g, transfer_u)
    _take_times(w, s, g, row, kept, work_u, talk_u)
    if s.keeps_patience and g.depth == 1 and s.attempts > 1:
        w.callers[KEPT, caller] = g.patience
    if s.has_chance:
        _take_chances(w, s, g, row)
    if s.has_pick or s.pause_columns:
        _take_agent(w, s, g, row)


@inline
def _take_times(w: World, s: RunRecord, g: LegRecord, row: int, kept: int, work_u: float, talk_u: float) -> None:
    """Patience, work and talk, in one loop: the code of all distributions is compiled into it once."""
    queues = len(w.queues)
    for what in range(0 if s.has_patience else 1, 2 + s.talk_columns if s.has_talk else 2):
        if what == 1 and not s.has_work:
            continue
        law = int(w.links[s.times + (what * queues + g.queue) * s.intervals + s.interval])
        us = NEVER if what == 0 else 0
        if what == 0 and kept != NONE:
            us = kept
        elif law >= 0:
            u = g.patience_u if what == 0 else work_u if what == 1 else talk_u
            scored = what >= 2 and g.way == 0
            score = w.score[2, s.ahead] if scored else 0.0
            us = whole_us(drawn_ahead(w.laws, w.values, law, u, score, scored))
        w.whole[PATIENCE if what == 0 else WORK if what == 1 else TALK_US + what - 2, row] = us
        if what == 0:
            g.patience = us
        elif what == 2:
            g.talk = us


@inline
def _transferred(w: World, g: LegRecord, u: float) -> int:
    """The queue to which an agent transfers the caller after the talk; NONE for most."""
    to, low = NONE, 0.0
    for i in range(w.queues[g.queue].transfer_from, w.queues[g.queue].transfer_to):
        if u >= low and u < low + w.options[i].share:
            to = w.options[i].to
        low += w.options[i].share
    return to


@inline
def _take_chances(w: World, s: RunRecord, g: LegRecord, row: int) -> None:
    balk_u, call_back_u, ring_u, reached_u = four(s, s.place + g.way, s.of_floor)
    w.u[row, 0] = balk_u
    w.u[row, 1] = call_back_u
    if not s.has_ring:
        return
    w.whole[RING, row] = 0
    w.short[REACHED, row] = 1
    q = w.queues[g.queue]
    if q.ring >= 0:
        w.whole[RING, row] = whole_us(drawn_apart(w.laws, w.values, q.ring, ring_u))
        at = 1
        for k in range(q.attempts):
            at += 1.0 - reached_u <= w.values[q.missed + k]
        w.short[REACHED, row] = 0 if at > q.attempts else at


@inline
def _take_agent(w: World, s: RunRecord, g: LegRecord, row: int) -> None:
    """The draw of the agent, and how long they pause after the call."""
    pick_u, pause_u, length_u, _ = four(s, s.place + g.way, s.of_agent)
    if s.has_pick:
        w.whole[AGENT_DRAW, row] = int(pick_u * 2.0**53)
    for column in range(s.pause_columns):
        us = 0
        if pause_u < w.values[s.pause_shares + column]:
            us = whole_us(drawn_apart(w.laws, w.values, int(w.values[s.pause_laws + column]), length_u))
        w.whole[TALK_US + s.talk_columns + column, row] = us


@inline
def _no_agent(w: World, s: RunRecord, row: int) -> None:
    if s.has_pick:
        w.whole[AGENT_DRAW, row] = NONE
    for column in range(s.pause_columns):
        w.whole[TALK_US + s.talk_columns + column, row] = 0


@inline
def limit(w: World, s: RunRecord, g: LegRecord) -> int:
    """When the caller leaves the queue by the flow or by a key, and what follows; the position there, or -1."""
    g.limit, g.limit_ending, g.limit_keys = NEVER, _CLOSED, 0
    if not s.has_limit or g.position < 0:
        return NONE
    p = w.places[g.position]
    g.limit = p.limit
    to = NONE
    if g.limit < NEVER:
        to, g.limit_ending, g.limit_keys = p.timeout_to, p.timeout_ending, p.timeout_keys
    if p.keys_from < p.keys_to:
        key_u, time_u, _, _ = four(s, s.place + g.way, s.of_waiting)
        low = 0.0
        for i in range(p.keys_from, p.keys_to):
            key = w.options[i]
            if key_u >= low and key_u < low + key.share:
                at_us = whole_us(drawn_apart(w.laws, w.values, key.law, time_u))
                if at_us < g.limit:
                    g.limit = at_us
                    to, g.limit_ending, g.limit_keys = key.to, key.ending, key.keys
            low += key.share
    return to


@inline
def after_full(w: World, s: RunRecord, g: LegRecord) -> int:
    """What follows if the queue is full; the position there, or -1."""
    g.full_ending, g.full_keys = _CLOSED, 0
    if not s.has_full or g.position < 0 or not w.queues[g.queue].limited:
        return NONE
    p = w.places[g.position]
    g.full_ending, g.full_keys = p.full_ending, p.full_keys
    return p.full_to


@inline
def after_talk(w: World, s: RunRecord, g: LegRecord) -> int:
    """What follows the talk unless the caller is transferred; the position there, or -1."""
    g.talk_ending = _CLOSED
    if not s.has_talk_exit or g.transfer != NONE:
        return NONE
    p = w.places[g.answered]
    g.talk_ending = p.answered_ending
    return p.answered_to


@inline
def write(w: World, s: RunRecord, g: LegRecord, row: int) -> None:
    """The columns of visit `row`; in the last queue nobody goes on to another."""
    last = g.depth == MAX_QUEUES
    w.short[QUEUE, row] = g.queue
    if s.has_urgency:
        w.code[URGENCY, row] = g.urgency
    if s.has_limit:
        goes_on = g.limit_ending == OFFERED
        w.whole[LIMIT_US, row] = NEVER if last and goes_on else g.limit
        w.whole[LIMIT_DELAY, row] = g.limit_delay
        w.code[LIMIT_ENDING, row] = _CLOSED if last and goes_on else g.limit_ending
        w.whole[LIMIT_NEXT, row] = NONE
        w.short[LIMIT_KEYS, row] = g.limit_keys
    if s.has_full:
        w.whole[FULL_DELAY, row] = g.full_delay
        w.code[FULL_ENDING, row] = _FAILED if last and g.full_ending == OFFERED else g.full_ending
        w.whole[FULL_NEXT, row] = NONE
        w.short[FULL_KEYS, row] = g.full_keys
    if s.has_talk_exit:
        w.whole[TALK_DELAY, row] = g.talk_delay
        w.short[TALK_KEYS, row] = g.talk_keys
    if s.has_talk_exit or s.has_transfer:
        w.whole[TALK_NEXT, row] = NONE


@inline
def write_no_visit(w: World, s: RunRecord, row: int, position: int) -> None:
    """The columns of a call that joins no queue."""
    w.short[QUEUE, row] = NONE
    if s.has_urgency:
        w.code[URGENCY, row] = w.at[position, s.urgency + s.intent]
    if s.has_patience:
        w.whole[PATIENCE, row] = NEVER
    if s.has_work:
        w.whole[WORK, row] = 0
    for column in range(s.talk_columns if s.has_talk else 0):
        w.whole[TALK_US + column, row] = 0
    if s.has_chance:
        w.u[row, 0] = 0.0
        w.u[row, 1] = 0.0
    if s.has_ring:
        w.whole[RING, row] = 0
        w.short[REACHED, row] = 1
    _no_agent(w, s, row)
    if s.has_limit:
        w.whole[LIMIT_US, row] = NEVER
        w.whole[LIMIT_DELAY, row] = 0
        w.code[LIMIT_ENDING, row] = _CLOSED
        w.whole[LIMIT_NEXT, row] = NONE
        w.short[LIMIT_KEYS, row] = 0
    if s.has_full:
        w.whole[FULL_DELAY, row] = 0
        w.code[FULL_ENDING, row] = _CLOSED
        w.whole[FULL_NEXT, row] = NONE
        w.short[FULL_KEYS, row] = 0
    if s.has_talk_exit:
        w.whole[TALK_DELAY, row] = 0
        w.short[TALK_KEYS, row] = 0
    if s.has_talk_exit or s.has_transfer:
        w.whole[TALK_NEXT, row] = NONE


@inline
def lead_on(w: World, s: RunRecord, g: LegRecord, top: int, row: int) -> int:
    """Put the visits that follow visit `row` on the stack above `top`, the first to be drawn last."""
    if g.depth == MAX_QUEUES:
        return top
    content = g.content or (g.position >= 0 and w.at[g.position, s.is_goal + s.intent])
    way, depth, at, position, answered, urgency, patience_u = (
        g.way * WAYS,
        g.depth + 1,
        g.at,
        g.position,
        g.answered,
        g.urgency,
        g.patience_u,
    )
    limit, limit_delay, limit_position, limit_on = g.limit, g.limit_delay, g.limit_position, g.limit_ending == OFFERED
    full_delay, full_position, full_on = g.full_delay, g.full_position, g.full_ending == OFFERED
    talk, talk_delay, talk_position, talk_on, to = (
        g.talk,
        g.talk_delay,
        g.talk_position,
        g.talk_ending == OFFERED,
        g.transfer,
    )
    for by in range(BY_TRANSFER, 0, -1):
        if (
            (by == BY_LIMIT and not limit_on)
            or (by == BY_FULL and not full_on)
            or (by == BY_TALK and not talk_on)
            or (by == BY_TRANSFER and to == NONE)
        ):
            continue
        n = w.legs[top]
        top += 1
        n.way, n.depth, n.from_row, n.from_exit = way + by, depth, row, by
        n.content, n.patience_u = content, patience_u
        if by == BY_TRANSFER:
            n.queue, n.answered, n.urgency, n.content = to, answered, urgency, 1
            n.position = w.links[s.passed_on + to * s.positions + position]
            n.at = at + talk
            continue
        there = limit_position if by == BY_LIMIT else full_position if by == BY_FULL else talk_position
        n.position, n.answered, n.queue = there, there, w.places[there].queue
        n.urgency = w.at[there, s.urgency + s.intent] if s.has_urgency else 0
        if by == BY_LIMIT:
            n.at = at + (limit if limit < NEVER else 0) + limit_delay
        elif by == BY_FULL:
            n.at = at + full_delay
        else:
            n.at = at + talk + talk_delay
            n.content = 1
    return top
