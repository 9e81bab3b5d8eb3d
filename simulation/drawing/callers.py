"""One pass over the callers: their calls, and what they bring to every queue they may join. Compiled.

``simulation.workload`` says what is drawn, and why. A caller is drawn in stages: the menu, then for each queue visit
what follows its limit, a full queue and the talk. Each stage may begin with a walk through menus, which is compiled
into the loop once, and prepares the next.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ivr.records.schema import NEVER, NONE, outcome_code
from simulation.drawing.columns import CODES, SHORTS, WHOLES
from simulation.drawing.elementary import log
from simulation.drawing.menus import before, walk
from simulation.drawing.philox import philox, philox_apart, uniform
from simulation.drawing.quantiles import drawn, drawn_apart, whole_us
from simulation.drawing.state import Int64s, LegRecord, RunRecord, World
from simulation.engines.kernel.jit import apart, inline
from simulation.sampling.purposes import EXITS
from simulation.tables.columns import OFFERED
from simulation.workload.draw_queue_visits import MAX_QUEUES

__all__ = ["DONE", "MORE_ROOM", "MOST_FURTHER", "call_again", "draw_on"]

DONE, MORE_ROOM = range(2)
"""Why the pass returned: all callers are drawn; the columns must grow."""
MOST_FURTHER = sum((len(EXITS) - 1) ** depth for depth in range(1, MAX_QUEUES))
"""Most further visits of one call: each visit is followed by one after the limit, one after a full queue and one after
the talk or a transfer."""
_MENU, _LIMIT, _FULL, _TALK = range(4)
_BY_LIMIT, _BY_FULL, _BY_TALK, _BY_TRANSFER = range(1, len(EXITS) + 1)
_WAYS = len(EXITS) + 1
_LONG_US = 2**55
_CLOSED, _FAILED = outcome_code("closed"), outcome_code("failed")
(
    _MENU_US,
    _RETRY,
    _RETRY_AFTER,
    _PATIENCE,
    _WORK,
    _LIMIT_US,
    _LIMIT_DELAY,
    _LIMIT_NEXT,
    _FULL_DELAY,
    _FULL_NEXT,
    _TALK_DELAY,
    _TALK_NEXT,
    _RING,
    _TALK_US,
) = range(len(WHOLES))
_INTENT, _LANGUAGE, _PRESSES, _QUEUE, _LIMIT_KEYS, _FULL_KEYS, _TALK_KEYS, _REACHED = range(len(SHORTS))
_ENDING, _ZERO_OUT, _URGENCY, _LIMIT_ENDING, _FULL_ENDING = range(len(CODES))
_NEXT_OF = (_LIMIT_NEXT, _FULL_NEXT, _TALK_NEXT, _TALK_NEXT)
_ONE_ATTEMPT = 1 << 32
_ARRIVED, _NUMBER, _BEFORE, _KEPT, _ROW = range(5)
"""Rows of `callers`: when they arrive, their number, when their last menu ended, the patience they keep, and the row of
their last call."""
_SHARES, _KNOWN = range(2)
"""Rows of `of_caller`: which shares of intents are theirs, and the intent if a trace tells it."""


@inline
def _four(s: RunRecord, place: int, purpose: int) -> tuple[float, float, float, float]:
    """The four uniforms of the caller for a purpose, by the key of the purpose."""
    a, b, c, d = philox_apart(
        np.uint64(s.number), np.uint64(0), np.uint64(place), np.uint64(s.replication), np.uint64(purpose)
    )
    return uniform(a), uniform(b), uniform(c), uniform(d)


@inline
def _meet(w: World, s: RunRecord, caller: int) -> None:
    """Who the caller is, and how long they stay in the menus of this attempt."""
    s.intent = 0
    s.language = 0
    s.kind_u = 0.0
    s.staying = 1.0
    if not (s.several_intents or s.several_languages or s.listens or s.hangs_up):
        return
    intent_u, language_u, kind_u, staying_u = _four(s, 0, s.of_caller)
    if s.several_intents:
        one = caller if w.of_caller.shape[1] > 1 else 0
        if w.of_caller[_KNOWN, one] >= 0:
            s.intent = int(w.of_caller[_KNOWN, one])
        else:
            row = w.of_caller[_SHARES, one]
            while s.intent < s.several_intents and intent_u >= w.intent_share[row, s.intent]:
                s.intent += 1
    while s.language < s.several_languages and language_u >= w.values[s.language_share + s.language]:
        s.language += 1
    if s.listens:
        s.kind_u = kind_u
    if s.hangs_up:
        if s.place:
            _, _, _, staying_u = _four(s, s.place, s.of_caller)
        s.staying = -log(1.0 - staying_u)


@inline
def _bring(w: World, s: RunRecord, g: LegRecord, caller: int, row: int) -> None:
    """What the caller brings to the queue of visit `row`: patience, work, talk, and chances."""
    g.patience, g.talk, g.transfer = NEVER, 0, NONE
    kept, patience_u, work_u, talk_u = NONE, 0.0, 0.0, 0.0
    if s.has_patience or s.has_work or s.has_talk or s.has_transfer:
        a, b, c, d = philox(
            np.uint64(s.number),
            np.uint64(0),
            np.uint64(s.place + g.way),
            np.uint64(s.replication),
            np.uint64(s.of_visit),
        )
        patience_u, talk_u, work_u = uniform(a), uniform(b), uniform(c)
        if g.depth == 1 and s.keeps_patience and s.attempt > 1:
            kept = w.callers[_KEPT, caller]
            patience_u, _, _, _ = _four(s, 0, s.of_visit)
        if g.depth == 1 or g.from_exit >= _BY_TALK:
            g.patience_u = patience_u
        if s.has_transfer and g.depth < MAX_QUEUES:
            g.transfer = _transferred(w, g, uniform(d))
    _take_times(w, s, g, row, kept, work_u, talk_u)
    if s.keeps_patience and g.depth == 1 and s.attempts > 1:
        w.callers[_KEPT, caller] = g.patience
    if s.has_chance:
        _take_chances(w, s, g, row)


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
            us = whole_us(drawn(w.laws, w.values, law, u))
        w.whole[_PATIENCE if what == 0 else _WORK if what == 1 else _TALK_US + what - 2, row] = us
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
    balk_u, call_back_u, ring_u, reached_u = _four(s, s.place + g.way, s.of_floor)
    w.u[row, 0] = balk_u
    w.u[row, 1] = call_back_u
    if not s.has_ring:
        return
    w.whole[_RING, row] = 0
    w.short[_REACHED, row] = 1
    q = w.queues[g.queue]
    if q.ring >= 0:
        w.whole[_RING, row] = whole_us(drawn_apart(w.laws, w.values, q.ring, ring_u))
        at = 1
        for k in range(q.attempts):
            at += 1.0 - reached_u <= w.values[q.missed + k]
        w.short[_REACHED, row] = 0 if at > q.attempts else at


@inline
def _limit(w: World, s: RunRecord, g: LegRecord) -> int:
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
        key_u, time_u, _, _ = _four(s, s.place + g.way, s.of_waiting)
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
def _after_full(w: World, s: RunRecord, g: LegRecord) -> int:
    """What follows if the queue is full; the position there, or -1."""
    g.full_ending, g.full_keys = _CLOSED, 0
    if not s.has_full or g.position < 0 or not w.queues[g.queue].limited:
        return NONE
    p = w.places[g.position]
    g.full_ending, g.full_keys = p.full_ending, p.full_keys
    return p.full_to


@inline
def _after_talk(w: World, s: RunRecord, g: LegRecord) -> int:
    """What follows the talk unless the caller is transferred; the position there, or -1."""
    g.talk_ending = _CLOSED
    if not s.has_talk_exit or g.transfer != NONE:
        return NONE
    p = w.places[g.answered]
    g.talk_ending = p.answered_ending
    return p.answered_to


@inline
def _stay_anew(s: RunRecord, place: int) -> None:
    if s.hangs_up:
        _, _, _, staying_u = _four(s, place, s.of_caller)
        s.staying = -log(1.0 - staying_u)


@inline
def _write(w: World, s: RunRecord, g: LegRecord, row: int) -> None:
    """The columns of visit `row`; in the last queue nobody goes on to another."""
    last = g.depth == MAX_QUEUES
    w.short[_QUEUE, row] = g.queue
    if s.has_urgency:
        w.code[_URGENCY, row] = g.urgency
    if s.has_limit:
        goes_on = g.limit_ending == OFFERED
        w.whole[_LIMIT_US, row] = NEVER if last and goes_on else g.limit
        w.whole[_LIMIT_DELAY, row] = g.limit_delay
        w.code[_LIMIT_ENDING, row] = _CLOSED if last and goes_on else g.limit_ending
        w.whole[_LIMIT_NEXT, row] = NONE
        w.short[_LIMIT_KEYS, row] = g.limit_keys
    if s.has_full:
        w.whole[_FULL_DELAY, row] = g.full_delay
        w.code[_FULL_ENDING, row] = _FAILED if last and g.full_ending == OFFERED else g.full_ending
        w.whole[_FULL_NEXT, row] = NONE
        w.short[_FULL_KEYS, row] = g.full_keys
    if s.has_talk_exit:
        w.whole[_TALK_DELAY, row] = g.talk_delay
        w.short[_TALK_KEYS, row] = g.talk_keys
    if s.has_talk_exit or s.has_transfer:
        w.whole[_TALK_NEXT, row] = NONE


@inline
def _no_visit(w: World, s: RunRecord, row: int, position: int) -> None:
    """The columns of a call that joins no queue."""
    w.short[_QUEUE, row] = NONE
    if s.has_urgency:
        w.code[_URGENCY, row] = w.at[position, s.urgency + s.intent]
    if s.has_patience:
        w.whole[_PATIENCE, row] = NEVER
    if s.has_work:
        w.whole[_WORK, row] = 0
    for column in range(s.talk_columns if s.has_talk else 0):
        w.whole[_TALK_US + column, row] = 0
    if s.has_chance:
        w.u[row, 0] = 0.0
        w.u[row, 1] = 0.0
    if s.has_ring:
        w.whole[_RING, row] = 0
        w.short[_REACHED, row] = 1
    if s.has_limit:
        w.whole[_LIMIT_US, row] = NEVER
        w.whole[_LIMIT_DELAY, row] = 0
        w.code[_LIMIT_ENDING, row] = _CLOSED
        w.whole[_LIMIT_NEXT, row] = NONE
        w.short[_LIMIT_KEYS, row] = 0
    if s.has_full:
        w.whole[_FULL_DELAY, row] = 0
        w.code[_FULL_ENDING, row] = _CLOSED
        w.whole[_FULL_NEXT, row] = NONE
        w.short[_FULL_KEYS, row] = 0
    if s.has_talk_exit:
        w.whole[_TALK_DELAY, row] = 0
        w.short[_TALK_KEYS, row] = 0
    if s.has_talk_exit or s.has_transfer:
        w.whole[_TALK_NEXT, row] = NONE


@inline
def _lead_on(w: World, s: RunRecord, g: LegRecord, top: int, row: int) -> int:
    """Put the visits that follow visit `row` on the stack above `top`, the first to be drawn last."""
    if g.depth == MAX_QUEUES:
        return top
    content = g.content or (g.position >= 0 and w.at[g.position, s.is_goal + s.intent])
    way, depth, at, position, answered, urgency, patience_u = (
        g.way * _WAYS,
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
    for by in range(_BY_TRANSFER, 0, -1):
        if (
            (by == _BY_LIMIT and not limit_on)
            or (by == _BY_FULL and not full_on)
            or (by == _BY_TALK and not talk_on)
            or (by == _BY_TRANSFER and to == NONE)
        ):
            continue
        n = w.legs[top]
        top += 1
        n.way, n.depth, n.from_row, n.from_exit = way + by, depth, row, by
        n.content, n.patience_u = content, patience_u
        if by == _BY_TRANSFER:
            n.queue, n.answered, n.urgency, n.content = to, answered, urgency, 1
            n.position = w.links[s.passed_on + to * s.positions + position]
            n.at = at + talk
            continue
        there = limit_position if by == _BY_LIMIT else full_position if by == _BY_FULL else talk_position
        n.position, n.answered, n.queue = there, there, w.places[there].queue
        n.urgency = w.at[there, s.urgency + s.intent] if s.has_urgency else 0
        if by == _BY_LIMIT:
            n.at = at + (limit if limit < NEVER else 0) + limit_delay
        elif by == _BY_FULL:
            n.at = at + full_delay
        else:
            n.at = at + talk + talk_delay
            n.content = 1
    return top


@inline
def _caller(w: World, s: RunRecord, caller: int, call: int) -> None:
    """Draw one attempt of a caller, whose row is `call`."""
    g = w.legs[0]
    stage, top, row, way = _MENU, 0, call, 0
    begin, column, at_us, ending = s.start, s.intent, s.arrived, OFFERED
    while True:
        menu_us, position, presses, zero_out = 0, NONE, 0, False
        if begin >= 0:
            menu_us, ending, position, presses, zero_out = walk(w, s, s.number, s.place + way, begin, column, at_us)
        if stage == _MENU:
            w.whole[_MENU_US, call] = menu_us
            w.code[_ENDING, call] = ending
            w.code[_ZERO_OUT, call] = zero_out
            w.short[_PRESSES, call] = presses
            w.short[_LANGUAGE, call] = w.places[position].language
            if s.attempts > 1:
                w.callers[_BEFORE, caller] = s.arrived + menu_us
            if ending != OFFERED:
                _no_visit(w, s, row, position)
                return
            g.way, g.depth, g.position, g.answered, g.from_exit, g.content = 0, 1, position, position, 0, 0
            g.queue, g.at = w.places[position].queue, s.arrived + menu_us
            g.urgency = w.at[position, s.urgency + s.intent] if s.has_urgency else 0
        elif stage == _LIMIT:
            g.limit_delay, g.limit_ending, g.limit_position = menu_us, ending, position
            g.limit_keys += presses
        elif stage == _FULL:
            g.full_delay, g.full_ending, g.full_position = menu_us, ending, position
            g.full_keys += presses
        else:
            g.talk_delay, g.talk_ending, g.talk_position = menu_us, ending, position
            g.talk_keys = presses
            _write(w, s, g, row)
            top = _lead_on(w, s, g, top, row)
            if top == 0:
                return
            # The next visit. It is drawn at the top of the stack, and those that follow it are put in its place.
            top -= 1
            g = w.legs[top]
            row = s.rows
            s.rows += 1
            w.whole[_NEXT_OF[g.from_exit - 1], g.from_row] = row
            stage = _MENU
        # What the next stage begins with.
        if stage == _MENU:
            _bring(w, s, g, caller, row)
            begin = _limit(w, s, g)
            stage, ending, way = _LIMIT, g.limit_ending, g.way * _WAYS + _BY_LIMIT
        elif stage == _LIMIT:
            begin = _after_full(w, s, g)
            stage, ending, way = _FULL, g.full_ending, g.way * _WAYS + _BY_FULL
        else:
            begin = _after_talk(w, s, g)
            stage, ending, way = _TALK, g.talk_ending, g.way * _WAYS + _BY_TALK
        if begin >= 0:
            content = stage == _TALK or g.content or (g.position >= 0 and w.at[g.position, s.is_goal + s.intent])
            column = s.nothing if content else s.intent
            at_us = g.at
            _stay_anew(s, s.place + way)


@inline
def _arrival_of(w: World, s: RunRecord, caller: int, call: int) -> int:
    """When the call comes, as far as opening hours and lists by interval are concerned; the row of a retry."""
    came: Any = w.callers[_ARRIVED, caller]
    if s.attempt == 1:
        return int(came)
    _, after_u, _, _ = _four(s, s.place, s.of_again)
    after_us = whole_us(drawn_apart(w.laws, w.values, s.again_law, after_u))
    before: Any = w.callers[_ROW, caller]
    w.whole[_RETRY, before] = call
    w.whole[_RETRY_AFTER, before] = after_us
    return int(w.callers[_BEFORE, caller]) + min(after_us, _LONG_US)


@apart
def call_again(
    callers: Int64s, replication: np.uint64, purpose: np.uint64, attempts: int, share: float, who: Int64s
) -> None:
    """List who calls again.

    `who` begins with the row at which each attempt begins, and the number of all calls; then come the callers of the
    second attempt, of the third, and so on.
    """
    base, count, before_them = attempts + 1, who[1], -1
    kept = base
    for attempt in range(2, attempts + 1):
        first = kept
        for i in range(count):
            caller = i if before_them < 0 else int(who[before_them + i])
            number = callers[_NUMBER, caller] if callers.shape[0] > 1 else caller
            a, _, _, _ = philox_apart(
                np.uint64(number), np.uint64(0), np.uint64((attempt - 1) * _ONE_ATTEMPT), replication, purpose
            )
            if uniform(a) < share:
                who[kept] = caller
                kept += 1
        before_them, count = first, kept - first
        who[attempt] = who[attempt - 1] + count


@apart
def draw_on(w: World) -> int:
    """Draw callers until all are drawn, or the columns are full; call it again with longer ones to continue."""
    s = w.run[0]
    room = w.whole.shape[1]
    while s.row < s.calls:
        if s.rows + MOST_FURTHER > room and room > s.calls:
            return MORE_ROOM
        call = s.row
        while s.attempt < s.attempts and call >= w.who[s.attempt]:
            s.attempt += 1
        caller = call if s.attempt == 1 else int(w.who[s.attempts + 1 + call - w.who[1]])
        s.number = w.callers[_NUMBER, caller] if w.callers.shape[0] > 1 else caller
        s.place = (s.attempt - 1) * _ONE_ATTEMPT
        s.arrived = _arrival_of(w, s, caller, call)
        s.interval = 0
        if s.intervals > 1:
            passed = before(w.moments, s.edges, s.edges + s.intervals + 1, s.arrived)
            s.interval = min(max(passed - 1, 0), s.intervals - 1)
        _meet(w, s, caller)
        w.short[_INTENT, call] = s.intent
        if s.attempts > 1:
            w.callers[_ROW, caller] = call
            w.whole[_RETRY, call] = NONE
            w.whole[_RETRY_AFTER, call] = 0
        _caller(w, s, caller, call)
        s.row += 1
    return DONE
