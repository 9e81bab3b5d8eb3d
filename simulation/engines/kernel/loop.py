"""The compiled event loop: the next event by the tie rule, and everything it causes at that moment."""

from __future__ import annotations

from ivr.records.schema import NONE
from simulation.engines.kernel.agents import (
    RELEASED,
    answer,
    begin,
    end_talk,
    leave_all_staying,
    settle,
    shift_ends,
    take,
)
from simulation.engines.kernel.calls import (
    ABANDONED,
    CALLED_BACK,
    GOES_ON,
    R_ABANDONED,
    TAKEN,
    arrive,
    at,
    close_waiting,
    conclude,
    join,
    reach_limit,
)
from simulation.engines.kernel.chats import chats_at_off, settle_chats
from simulation.engines.kernel.conference import R_UNJOINED, let_go
from simulation.engines.kernel.due import NOTHING_DUE
from simulation.engines.kernel.event_heaps import pop, push
from simulation.engines.kernel.floor import agent_for
from simulation.engines.kernel.jit import apart
from simulation.engines.kernel.state import DONE, MORE_ROOM, World
from simulation.tables.call_table import OFFERED
from simulation.tables.tie_rule import (
    ABANDONMENT,
    ARRIVAL,
    ID,
    KIND_BITS,
    LIMIT,
    MENU_END,
    OVERFLOW,
    RELEASE,
    SHIFT_OFF,
    SHIFT_ON,
    TALK_END,
)

__all__ = ["run_on"]

_NOBODY, _AGENT, _STAFF, _ARRIVAL, _MENU, _WAIT = range(6)


@apart
def run_on(w: World) -> int:  # noqa: C901 - each branch is inlined here once; calls would pass all the arrays
    """Run to the end, or until an array is full; call it again with longer arrays to continue."""
    s = w.run[0]
    while True:
        if s.stop != DONE:
            return s.stop
        if (
            s.n_menu + 4 > len(w.menu_events)
            or s.n_wait + s.new_waits > len(w.wait_events)
            or s.visits + s.new_visits > len(w.visit_call)
            or (s.free_node == NONE and s.nodes == len(w.nodes))
        ):
            return MORE_ROOM
        # The next event.
        source, now, order = _NOBODY, 0, 0
        due = w.due[1]
        if due != NOTHING_DUE:
            source = _AGENT
            now = due >> (s.agent_bits + 1)
            order = TALK_END + (((due >> s.agent_bits) & 1) << KIND_BITS) | (due & ((1 << s.agent_bits) - 1))
        if s.n_staff and (
            source == _NOBODY
            or w.staff_events[0, 0] < now
            or (w.staff_events[0, 0] == now and w.staff_events[0, 1] < order)
        ):
            source, now, order = _STAFF, w.staff_events[0, 0], w.staff_events[0, 1]
        if s.next_call < s.first_attempts:
            arrives = w.arrived_us[s.next_call]
            if source == _NOBODY or arrives < now or (arrives == now and ARRIVAL | s.next_call < order):
                source, now, order = _ARRIVAL, arrives, ARRIVAL | s.next_call
        if s.n_menu and (
            source == _NOBODY
            or w.menu_events[0, 0] < now
            or (w.menu_events[0, 0] == now and w.menu_events[0, 1] < order)
        ):
            source, now, order = _MENU, w.menu_events[0, 0], w.menu_events[0, 1]
        if s.n_wait and (
            source == _NOBODY
            or w.wait_events[0, 0] < now
            or (w.wait_events[0, 0] == now and w.wait_events[0, 1] < order)
        ):
            source, now, order = _WAIT, w.wait_events[0, 0], w.wait_events[0, 1]

        goes_on = taken = False
        s.free_agent = NONE
        if source == _AGENT:
            agent = order & ID
            if order < RELEASE:
                goes_on = end_talk(w, s, agent, now)
            else:
                s.free_agent = agent
                s.free_how = RELEASED
        elif source == _ARRIVAL:
            call = s.next_call
            s.next_call += 1
            ending = at(w.ending, call)
            if ending == OFFERED or s.lines_limited:
                goes_on = arrive(w, s, call, s.next_slot, now)
                s.next_slot += ending == OFFERED
            else:  # nothing else depends on the end of the menu
                s.call = call
                s.delay = 0
                s.leg = NONE
                s.ending = ending
                now += at(w.menu_us, call)
                goes_on = True
        elif source == _MENU:
            a, b = w.menu_events[0, 2], w.menu_events[0, 3]
            pop(w.menu_events, s.n_menu)
            s.n_menu -= 1
            call = order & ID
            if order < MENU_END:
                w.later_arrived_us[call - s.first_attempts] = now
                goes_on = arrive(w, s, call, s.later_slot + call - s.first_attempts, now)
            else:
                goes_on = True
                s.call = call
                s.visit = b
                s.delay = 0
                if order < OVERFLOW:
                    s.leg = a if a >= 0 else NONE
                    s.ending = ~a
                else:  # call back again
                    s.leg = a >> 20
                    s.tries = a & 0xFFFFF
                    s.work = NONE
                    s.place = now
                    s.mode = CALLED_BACK
        elif source == _WAIT:
            node, visit = w.wait_events[0, 2], w.wait_events[0, 3]
            pop(w.wait_events, s.n_wait)
            s.n_wait -= 1
            v = w.nodes[node]
            if v.visit != visit:  # it no longer waits
                continue
            if order < LIMIT:
                draw = at(w.agent_draw, v.leg)
                s.agent = agent_for(w.pairs, w.groups, w.agents, v.lane // s.urgencies, now - v.place, draw, now)
                if s.agent == NONE:
                    continue
                taken = True
                take(w, s, node)
            else:
                goes_on = True
                take(w, s, node)
                s.delay = 0
                w.left_us[visit] = now
                if s.asker != NONE:
                    w.result[visit] = R_UNJOINED
                    let_go(w, s, s.asker, now)
                    s.asker = NONE
                    goes_on = False
                elif order < ABANDONMENT:
                    reach_limit(w, s, v.patience, now)
                else:
                    w.result[visit] = R_ABANDONED
                    s.ending = ABANDONED
                    s.leg = NONE
        elif source == _STAFF:
            row = w.staff_events[0, 2]
            pop(w.staff_events, s.n_staff)
            s.n_staff -= 1
            agent = order & ID
            if order < SHIFT_ON:
                close_waiting(w, s, now)
            elif order < SHIFT_OFF:
                begin(w, s, agent, now)
            else:
                if s.chats and w.groups[w.agents[agent].group].at_once:
                    goes_on = chats_at_off(w, s, agent, row, now)
                else:
                    goes_on = shift_ends(w, s, agent, row, now)
        elif s.left_closed:
            return DONE
        else:
            s.left_closed = 1
            now = s.last
            close_waiting(w, s, now)

        while goes_on:
            if s.delay:
                push(
                    w.menu_events,
                    s.n_menu,
                    now + s.delay,
                    MENU_END | s.call,
                    s.leg if s.leg != NONE else ~s.ending,
                    s.visit,
                )
                s.n_menu += 1
                break
            if s.leg == NONE:
                conclude(w, s, now)
                break
            came = join(w, s, now)
            taken = came == TAKEN
            goes_on = came == GOES_ON
        while True:
            if taken:
                answer(w, s, now)
            if s.free_agent == NONE:
                break
            if s.chats and w.groups[w.agents[s.free_agent].group].at_once:
                taken = settle_chats(w, s, now)
            else:
                taken = settle(w, s, now)
        if s.staying and s.pending == 0:
            leave_all_staying(w, s, now)
