"""The readable definition of what a simulation is, on SimPy, in whole microseconds.

The model
---------
A call arrives, holds a line (if lines are limited; with none free it is
blocked), spends its time in the menu, and ends there or is offered to a queue.
It is answered at once if an agent may take it, else it waits until it is
answered, reaches the flow's limit, loses patience, or the doors close. A
handled call frees its line at the end of the talk; the agent then has
after-call work. Who takes which call is decided by the routing table alone
(``ivr.routing``).

The tie rule
------------
Events are ordered by (time, kind, id), the kinds in this order:

1. closing of the doors (only ``at_end="clear"``)
2. talk end, by agent id (with no after-call work the agent is free at once)
3. release after wrap-up, by agent id
4. shift on, by agent id
5. shift off, by agent id
6. arrival, by call id
7. menu end, by call id: the call ends there or is offered
8. overflow: the call has waited long enough for more groups, by call id
9. callback, by call id (no feature of this engine yet; its place is kept)
10. limit of the flow, by call id
11. abandonment, by call id

An event that is caused at the present instant takes its place among those not
yet done. So service at the very moment a caller's patience ends comes first,
and a caller without patience is served if an agent is idle.

Shifts
------
An agent is offered calls in [on, off). A call in progress at ``off``, and its
wrap-up, is finished; then the agent leaves, and a shift that should have begun
meanwhile begins then. Overtime counts as staffed time.

The end
-------
Calls arrive in [0, horizon). ``at_end="drain"``: agents whose shift reaches
the horizon stay until no call that will be offered is left in the menu or a
queue (or to the end of their shift, if later). Calls that nobody is left to
serve are closed when all else is over. ``at_end="clear"``: at the horizon
waiting calls are closed, and so is each call whose menu ends later on the way
to a queue; calls in progress are finished.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import simpy

from ivr.record_schema import NEVER, NONE, outcome_code, result_code
from ivr.records import Records
from ivr.routing import RoutingTable
from simulation.conservation import check_conservation
from simulation.floor import Agent, Floor
from simulation.results import EngineResult, records_of
from simulation.tables import OFFERED, CallTable, StaffTable, require_tables_fit

__all__ = ["simulate"]

# Priorities of SimPy's schedule: kind * 2**40 + id, so that one number orders both.
(CLOSING, TALK_END, RELEASE, SHIFT_ON, SHIFT_OFF, ARRIVAL, MENU_END, OVERFLOW, _CALLBACK, LIMIT, ABANDONMENT) = (
    kind << 40 for kind in range(11))

HANDLED, ABANDONED, BLOCKED, CLOSED = (outcome_code(name) for name in ("handled", "abandoned", "blocked", "closed"))

# How a visit ended, by the outcome the call got at the flow's limit; any other counts as a time-out.
_RESULT_AT_LIMIT = {outcome_code(name): result_code(name) for name in ("voicemail", "callback", "closed")}


class _Happening(simpy.Event):
    """An event that is scheduled as it is made: what to call, and the call or agent it is about."""

    def __init__(self, act, subject) -> None:
        # Not Event.__init__: this event has a value from the start, as simpy.Timeout does.
        self.callbacks = [act]
        self._ok = True
        self._value = None
        self.subject = subject


class _Run:
    """One run: the state of calls and agents, and one method for each kind of event."""

    def __init__(
        self, calls: CallTable, staff: StaffTable, routing: RoutingTable, lines: int | None, horizon_us: int, drain: bool,
    ) -> None:
        self.env = simpy.Environment()
        n = len(calls)
        self.table, self.staff, self.horizon_us, self.drain = calls, staff, horizon_us, drain
        self.lines_limited = lines is not None
        self.free_lines = lines or 0
        self.floor = Floor(routing, calls.queue.tolist())
        # Plain lists: reading one number of a NumPy array costs three times as much.
        self.arrived, self.menu, self.ending = calls.arrived_us.tolist(), calls.menu_us.tolist(), calls.ending.tolist()
        self.patience, self.limit, self.acw = calls.patience_us.tolist(), calls.limit_us.tolist(), calls.acw_us.tolist()
        columns = calls.talk_us.T.tolist()
        self.talk = [columns[c] for c in calls.talk_column or (0,) * len(routing.groups)]
        self.overflow_us = [sorted({us for us in row if us}) for row in routing.after_us]
        self.agents = {int(id): Agent(int(id)) for id in staff.agent}
        self.shift_on, self.shift_off = staff.on_us.tolist(), staff.off_us.tolist()
        # What becomes of calls and shifts.
        self.outcome, self.ended = [NONE] * n, [0] * n
        self.left, self.result, self.row = [NONE] * n, [NONE] * n, [NONE] * n
        self.actual_on, self.actual_off = self.shift_on[:], self.shift_on[:]
        self.idle_us = [0] * len(self.shift_on)
        self.endings = 0
        self.upcoming = int(np.count_nonzero(calls.ending == OFFERED))  # to be offered, or waiting
        self.lingering: list[Agent] = []

    def at(self, time_us: int, priority: int, act, subject) -> None:
        env = self.env
        env.schedule(_Happening(act, subject), priority, time_us - env.now)

    def go(self) -> None:
        staff = self.staff
        for row, (id, on, off) in enumerate(zip(staff.agent.tolist(), self.shift_on, self.shift_off)):
            self.at(on, SHIFT_ON + id, self.on_shift_on, row)
            self.at(off, SHIFT_OFF + id, self.on_shift_off, row)
        if self.lines_limited:
            if self.arrived:
                self.at(self.arrived[0], ARRIVAL, self.on_arrival, 0)
        else:
            self.take_offers_in_order()
        if not self.drain:
            self.at(self.horizon_us, CLOSING, self.on_closing, None)
        self.env.run()
        self.close_what_is_left()

    # Calls

    def on_arrival(self, event: _Happening) -> None:
        call = event.subject
        if call + 1 < len(self.arrived):
            self.at(self.arrived[call + 1], ARRIVAL + call + 1, self.on_arrival, call + 1)
        if not self.free_lines:
            self.outcome[call], self.ended[call] = BLOCKED, self.arrived[call]
            self.endings += 1
            if self.ending[call] == OFFERED:
                self.no_longer_upcoming(self.arrived[call])
            return
        self.free_lines -= 1
        self.at(self.arrived[call] + self.menu[call], MENU_END + call, self.on_menu_end, call)

    def on_menu_end(self, event: _Happening) -> None:
        call, now = event.subject, self.env.now
        if self.ending[call] == OFFERED:
            self.offer(call, now)
        else:
            self.end(call, self.ending[call], now)

    def take_offers_in_order(self) -> None:
        """Without a limit on lines nothing happens at an arrival, nor when a call ends in the menu: skip those events."""
        table = self.table
        menu_end = table.arrived_us + table.menu_us
        offered = table.ending == OFFERED
        for call in np.flatnonzero(~offered).tolist():
            self.end(call, self.ending[call], self.arrived[call] + self.menu[call])
        calls = np.flatnonzero(offered)
        order = calls[np.argsort(menu_end[calls], kind="stable")]
        self.offers = zip(menu_end[order].tolist(), order.tolist())
        self.schedule_next_offer()

    def schedule_next_offer(self) -> None:
        for time_us, call in self.offers:
            self.at(time_us, MENU_END + call, self.on_next_offer, call)
            return

    def on_next_offer(self, event: _Happening) -> None:
        self.schedule_next_offer()
        self.offer(event.subject, self.env.now)

    def offer(self, call: int, now: int) -> None:
        floor = self.floor
        if now >= self.horizon_us and not self.drain:
            self.end(call, CLOSED, now)
            return
        queue = floor.queue_of[call]
        agent = floor.agent_for(queue, now, now)
        if agent is not None:
            floor.offered_us[call] = now
            floor.remove_idle(agent, now)
            self.answer(agent, call, now)
            return
        floor.add_waiting(call, now)
        patience, limit = self.patience[call], self.limit[call]
        if patience < limit:
            self.at(now + patience, ABANDONMENT + call, self.on_abandonment, call)
        elif limit < NEVER:
            self.at(now + limit, LIMIT + call, self.on_limit, call)
        for after_us in self.overflow_us[queue]:
            self.at(now + after_us, OVERFLOW + call, self.on_overflow, call)

    def on_overflow(self, event: _Happening) -> None:
        call, now, floor = event.subject, self.env.now, self.floor
        if floor.is_waiting[call]:
            agent = floor.agent_for(floor.queue_of[call], now, floor.offered_us[call])
            if agent is not None:
                floor.remove_waiting(call)
                floor.remove_idle(agent, now)
                self.answer(agent, call, now)

    def on_abandonment(self, event: _Happening) -> None:
        if self.floor.is_waiting[event.subject]:
            self.leave_queue(event.subject, ABANDONED, result_code("abandoned"), self.env.now)

    def on_limit(self, event: _Happening) -> None:
        if self.floor.is_waiting[event.subject]:
            ending = int(self.table.limit_ending[event.subject])
            self.leave_queue(event.subject, ending, _RESULT_AT_LIMIT.get(ending, result_code("timeout")), self.env.now)

    def on_closing(self, event: _Happening) -> None:
        for waiting in self.floor.waiting_calls():
            self.leave_queue(waiting.call, CLOSED, result_code("closed"), self.env.now)

    def leave_queue(self, call: int, outcome: int, result: int, now: int) -> None:
        self.floor.remove_waiting(call)
        self.left[call], self.result[call] = now, result
        self.end(call, outcome, now)
        self.no_longer_upcoming(now)

    def end(self, call: int, outcome: int, now: int) -> None:
        self.outcome[call], self.ended[call] = outcome, now
        self.endings += 1
        self.free_lines += 1

    # Agents

    def answer(self, agent: Agent, call: int, now: int) -> None:
        """The agent, who is not among the idle any more, takes the call, which does not wait any more."""
        self.left[call], self.result[call], self.row[call] = now, 0, agent.row
        agent.call = call
        agent.calls += 1
        self.at(now + self.talk[agent.group][call], TALK_END + agent.id, self.on_talk_end, agent)
        self.no_longer_upcoming(now)

    def on_talk_end(self, event: _Happening) -> None:
        agent, now = event.subject, self.env.now
        call = agent.call
        self.end(call, HANDLED, now)
        if self.acw[call]:
            self.at(now + self.acw[call], RELEASE + agent.id, self.on_release, agent)
        else:
            self.release(agent, now)

    def on_release(self, event: _Happening) -> None:
        self.release(event.subject, self.env.now)

    def release(self, agent: Agent, now: int) -> None:
        agent.worked_us += now - self.left[agent.call]
        agent.call = NONE
        if now < agent.off_us or self.stays_on(agent):
            self.seek(agent, now)
            return
        self.leave(agent, now)
        while agent.later_rows:  # shifts that should have begun during the overtime
            row = agent.later_rows.pop(0)
            if now < self.shift_off[row]:
                self.begin(agent, row, now)
                return
            self.actual_on[row] = self.actual_off[row] = now

    def seek(self, agent: Agent, now: int) -> None:
        """A free agent takes a waiting call or becomes idle."""
        call = self.floor.call_for(agent.group, now)
        if call is not None:
            self.floor.remove_waiting(call)
            self.answer(agent, call, now)
            return
        self.floor.add_idle(agent, now)
        if now >= agent.off_us:
            self.lingering.append(agent)

    def on_shift_on(self, event: _Happening) -> None:
        row, now = event.subject, self.env.now
        agent = self.agents[int(self.staff.agent[row])]
        if agent.entry is not None:  # the shift before ends at this very moment
            self.leave(agent, now)
        if agent.row == NONE:
            self.begin(agent, row, now)
        else:
            agent.later_rows.append(row)

    def begin(self, agent: Agent, row: int, now: int) -> None:
        agent.row, agent.group = row, int(self.staff.group[row])
        agent.on_us, agent.off_us = now, self.shift_off[row]
        agent.calls = agent.worked_us = agent.idle_us = 0
        self.actual_on[row] = now
        self.seek(agent, now)

    def on_shift_off(self, event: _Happening) -> None:
        row, now = event.subject, self.env.now
        agent = self.agents[int(self.staff.agent[row])]
        if agent.row == row and agent.entry is not None:
            if self.stays_on(agent):
                self.lingering.append(agent)
            else:
                self.leave(agent, now)

    def leave(self, agent: Agent, now: int) -> None:
        if agent.entry is not None:
            self.floor.remove_idle(agent, now)
        self.actual_off[agent.row], self.idle_us[agent.row] = now, agent.idle_us
        agent.row = NONE

    # The end

    def stays_on(self, agent: Agent) -> bool:
        """Whether an agent past the end of the shift waits for the queues to empty."""
        return self.drain and agent.off_us >= self.horizon_us and self.upcoming > 0

    def no_longer_upcoming(self, now: int) -> None:
        self.upcoming -= 1
        if not self.upcoming:
            for agent in self.lingering:
                if agent.entry is not None:
                    self.leave(agent, now)

    def close_what_is_left(self) -> None:
        """Close calls that nobody is left to serve, at the last moment at which anything happened."""
        waiting = self.floor.waiting_calls()
        if waiting:
            released = [left + self.talk[self.staff.group[row]][call] + self.acw[call]
                        for call, (left, row) in enumerate(zip(self.left, self.row)) if row != NONE]
            last = max([self.horizon_us, *self.ended, *released, *(w.offered_us for w in waiting), *self.actual_off])
            for call in waiting:
                self.leave_queue(call.call, CLOSED, result_code("closed"), last)

    def found(self) -> EngineResult:
        return EngineResult(
            outcome=np.array(self.outcome, dtype="i1"), ended_us=np.array(self.ended, dtype="i8"),
            result=np.array(self.result, dtype="i1"), left_us=np.array(self.left, dtype="i8"),
            shift=np.array(self.row, dtype="i8"),
            on_us=np.array(self.actual_on, dtype="i8"), off_us=np.array(self.actual_off, dtype="i8"))


def simulate(
    calls: CallTable, staff: StaffTable, routing: RoutingTable, *, horizon_us: int, lines: int | None = None,
    at_end: Literal["drain", "clear"] = "drain",
) -> Records:
    """Simulate one replication and return its records, checked for conservation.

    Parameters
    ----------
    calls : CallTable
        All arriving before the horizon.
    staff : StaffTable
    routing : RoutingTable
        Its queues and groups are those of `calls` and `staff`, in the same order.
    horizon_us : int
        Calls arrive in [0, horizon_us), microseconds.
    lines : int, optional
        Calls the system can hold, in the menu, waiting and talking; None = no limit.
    at_end : {"drain", "clear"}
        Whether the queue is served after the horizon, or cleared at it.

    Returns
    -------
    Records

    Raises
    ------
    ScenarioError
        If the tables do not fit together.
    ConservationError
        If the engine lost or doubled a call or an agent's time; a fault of the engine.

    Examples
    --------
    Two calls, one agent: the second waits 20 s.

    >>> calls = CallTable.of(arrived_us=[0, 10_000_000], talk_us=30_000_000)
    >>> staff = StaffTable.constant({"agents": 1}, 0, 60_000_000)
    >>> routing = RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),))
    >>> records = simulate(calls, staff, routing, horizon_us=60_000_000)
    >>> (records.visits["left_us"] - records.visits["offered_us"]).tolist()
    [0, 20000000]
    """
    require_tables_fit(calls, staff, routing, horizon_us=horizon_us, lines=lines, at_end=at_end)
    run = _Run(calls, staff, routing, lines, horizon_us, at_end == "drain")
    run.go()
    records = records_of(run.found(), calls, staff, horizon_us=horizon_us)
    check_conservation(records, endings=run.endings, idle_us=np.array(run.idle_us, dtype="i8"))
    return records
