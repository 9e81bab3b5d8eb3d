"""One pass over the callers: their calls, and what they bring to every queue they may join. Compiled.

``simulation.workload`` says what is drawn, and why. A caller is drawn in stages: the menu, then for each queue visit
what follows its limit, a full queue and the talk. Each stage may begin with a walk through menus, which is compiled
into the loop once, and prepares the next.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ivr.records.schema import NEVER, NONE
from simulation.drawing.ahead import ahead_of, look_ahead
from simulation.drawing.columns import (
    ARRIVED,
    BEFORE,
    BY_FULL,
    BY_LIMIT,
    BY_TALK,
    CALLER_AHEAD,
    ENDING,
    FULL_NEXT,
    INTENT,
    KNOWN,
    LANGUAGE,
    LIMIT_NEXT,
    MENU_US,
    NUMBER,
    PRESSES,
    REPEAT_AFTER,
    RETRY,
    RETRY_AFTER,
    ROW,
    SHARES,
    TALK_NEXT,
    WAYS,
    ZERO_OUT,
)
from simulation.drawing.elementary import log
from simulation.drawing.menus import before, walk
from simulation.drawing.philox import philox_apart, uniform
from simulation.drawing.quantiles import drawn_apart, whole_us
from simulation.drawing.state import Floats, Int64s, RunRecord, World
from simulation.drawing.visits import after_full, after_talk, bring, four, lead_on, limit, write, write_no_visit
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
_NEXT_OF = (LIMIT_NEXT, FULL_NEXT, TALK_NEXT, TALK_NEXT)
_LONG_US = 2**55
_ONE_ATTEMPT = 1 << 32


@inline
def _meet(w: World, s: RunRecord, caller: int) -> None:
    """Who the caller is, and how long they stay in the menus of this attempt."""
    s.intent = 0
    s.language = 0
    s.kind_u = 0.0
    s.staying = 1.0
    if not s.meets:
        return
    intent_u, language_u, kind_u, staying_u = ahead_of(w, s, CALLER_AHEAD)
    if s.several_intents:
        one = caller if w.of_caller.shape[1] > 1 else 0
        if w.of_caller[KNOWN, one] >= 0:
            s.intent = int(w.of_caller[KNOWN, one])
        else:
            row = w.of_caller[SHARES, one]
            while s.intent < s.several_intents and intent_u >= w.intent_share[row, s.intent]:
                s.intent += 1
    while s.language < s.several_languages and language_u >= w.values[s.language_share + s.language]:
        s.language += 1
    if s.listens:
        s.kind_u = kind_u
    if s.hangs_up:
        if s.place:
            _, _, _, staying_u = four(s, s.place, s.of_caller)
        s.staying = -log(1.0 - staying_u)


@inline
def _stay_anew(s: RunRecord, place: int) -> None:
    if s.hangs_up:
        _, _, _, staying_u = four(s, place, s.of_caller)
        s.staying = -log(1.0 - staying_u)


@inline
def _caller(w: World, s: RunRecord, caller: int, call: int) -> None:
    """Draw one attempt of a caller, whose row is `call`."""
    g = w.legs[0]
    stage, top, row, way = _MENU, 0, call, 0
    begin, column, at_us, ending = s.start, s.intent, s.arrived, OFFERED
    while True:
        menu_us, position, presses, zero_out = 0, NONE, 0, False
        if begin >= 0:
            menu_us, ending, position, presses, zero_out = walk(w, s, s.number, way, begin, column, at_us)
        if stage == _MENU:
            w.whole[MENU_US, call] = menu_us
            w.code[ENDING, call] = ending
            w.code[ZERO_OUT, call] = zero_out
            w.short[PRESSES, call] = presses
            w.short[LANGUAGE, call] = w.places[position].language
            if s.attempts > 1:
                w.callers[BEFORE, caller] = s.arrived + menu_us
            if ending != OFFERED:
                write_no_visit(w, s, row, position)
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
            write(w, s, g, row)
            top = lead_on(w, s, g, top, row)
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
            bring(w, s, g, caller, row)
            begin = limit(w, s, g)
            stage, ending, way = _LIMIT, g.limit_ending, g.way * WAYS + BY_LIMIT
        elif stage == _LIMIT:
            begin = after_full(w, s, g)
            stage, ending, way = _FULL, g.full_ending, g.way * WAYS + BY_FULL
        else:
            begin = after_talk(w, s, g)
            stage, ending, way = _TALK, g.talk_ending, g.way * WAYS + BY_TALK
        if begin >= 0:
            content = stage == _TALK or g.content or (g.position >= 0 and w.at[g.position, s.is_goal + s.intent])
            column = s.nothing if content else s.intent
            at_us = g.at
            _stay_anew(s, s.place + way)


@inline
def _arrival_of(w: World, s: RunRecord, caller: int, call: int) -> int:
    """When the call comes, as far as opening hours and lists by interval are concerned; the row of a retry."""
    came: Any = w.callers[ARRIVED, caller]
    if s.attempt == 1:
        return int(came)
    again_u, retry_u, repeat_u, _ = four(s, s.place, s.of_again)
    of = s.again + 4 * s.intent
    retry_us, repeat_us = NEVER, NEVER
    if again_u < w.values[of]:
        retry_us = whole_us(drawn_apart(w.laws, w.values, int(w.values[of + 2]), retry_u))
    if again_u >= w.values[of + 1]:
        repeat_us = whole_us(drawn_apart(w.laws, w.values, int(w.values[of + 3]), repeat_u))
    before: Any = w.callers[ROW, caller]
    w.whole[RETRY, before] = call
    w.whole[RETRY_AFTER, before] = retry_us
    if s.has_repeat:
        w.whole[REPEAT_AFTER, before] = repeat_us
    after_us = repeat_us if repeat_us < NEVER else retry_us
    return int(w.callers[BEFORE, caller]) + min(after_us, _LONG_US)


@apart
def call_again(
    callers: Int64s, replication: np.uint64, purpose: np.uint64, attempts: int, again: Floats, who: Int64s
) -> None:
    """List who calls again.

    `again` has a row for each caller, or one for all: below which uniform they try again, from which on they call again
    after a handled call, and how many calls they make at most.

    `who` begins with the row at which each attempt begins, and the number of all calls; then come the callers of the
    second attempt, of the third, and so on.
    """
    base, count, before_them = attempts + 1, who[1], -1
    kept = base
    for attempt in range(2, attempts + 1):
        first = kept
        for i in range(count):
            caller = i if before_them < 0 else int(who[before_them + i])
            number = callers[NUMBER, caller] if callers.shape[0] > 1 else caller
            a, _, _, _ = philox_apart(
                np.uint64(number), np.uint64(0), np.uint64((attempt - 1) * _ONE_ATTEMPT), replication, purpose
            )
            of = caller if again.shape[0] > 1 else 0
            if (uniform(a) < again[of, 0] or uniform(a) >= again[of, 1]) and attempt <= again[of, 2]:
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
        s.place = (s.attempt - 1) * _ONE_ATTEMPT
        caller = call if s.attempt == 1 else int(w.who[s.attempts + 1 + call - w.who[1]])
        if call >= s.ahead_to:
            look_ahead(w, s, int(w.who[s.attempt]) if s.attempt < s.attempts else s.calls)
        s.ahead = call - s.ahead_from
        s.number = w.callers[NUMBER, caller] if w.callers.shape[0] > 1 else caller
        _meet(w, s, caller)
        s.shares_from = w.links[s.shares + s.intent]
        s.arrived = _arrival_of(w, s, caller, call)
        s.interval = 0
        if s.intervals > 1:
            passed = before(w.moments, s.edges, s.edges + s.intervals + 1, s.arrived)
            s.interval = min(max(passed - 1, 0), s.intervals - 1)
        w.short[INTENT, call] = s.intent
        if s.attempts > 1:
            w.callers[ROW, caller] = call
            w.whole[RETRY, call] = NONE
            w.whole[RETRY_AFTER, call] = 0
            if s.has_repeat:
                w.whole[REPEAT_AFTER, call] = NEVER
        _caller(w, s, caller, call)
        s.row += 1
    return DONE
