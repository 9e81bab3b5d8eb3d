"""The readable definition of what a simulation is, on SimPy, in whole microseconds.

What happens is said step by step in ``docs/engines.md``; the methods below
have the names it uses. Who takes which call is decided by the routing table
alone (``ivr.routing``); everything random is in the call table.

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
9. call back: a vain attempt is repeated, by call id
10. limit of the flow, by call id
11. abandonment, by call id

An event that is caused at the present instant takes its place among those not
yet done. So service at the very moment a caller's patience ends comes first,
and a caller without patience is served if an agent is idle.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import simpy

from ivr.record_schema import NEVER, NONE, outcome_code, result_code
from ivr.records import Records
from ivr.routing import RoutingTable
from simulation.floor import Agent, Floor
from simulation.queue_rules import ESTIMATORS, QueueRule
from simulation.results import EngineResult, records_of
from simulation.tables import OFFERED, CallTable, StaffTable, require_tables_fit
from simulation.call_table import BALK, CALL_BACK
from simulation.visit_log import VisitLog

__all__ = ["run", "simulate"]

# Priorities of SimPy's schedule: kind * 2**40 + id, so that one number orders both.
(CLOSING, TALK_END, RELEASE, SHIFT_ON, SHIFT_OFF, ARRIVAL, MENU_END, OVERFLOW, CALL_BACK_AGAIN, LIMIT, ABANDONMENT) = (
    kind << 40 for kind in range(11))

HANDLED, ABANDONED, BLOCKED, CLOSED, CALLBACK = (
    outcome_code(name) for name in ("handled", "abandoned", "blocked", "closed", "callback"))
(R_HANDLED, R_ABANDONED, R_OVERFLOWED, R_CALLBACK, R_TIMEOUT, R_FULL, R_CLOSED, R_UNREACHED) = (
    result_code(name) for name in ("handled", "abandoned", "overflowed", "callback", "timeout", "full", "closed", "unreached"))

# How a visit ended, by the outcome the call got at the flow's limit; any other counts as a time-out.
_RESULT_AT_LIMIT = {outcome_code(name): result_code(name) for name in ("voicemail", "callback", "closed")}


class _Happening(simpy.Event):
    """An event that is scheduled as it is made: what to call, and whom it is about."""

    def __init__(self, act, subject) -> None:
        # Not Event.__init__: this event has a value from the start, as simpy.Timeout does.
        self.callbacks = [act]
        self._ok = True
        self._value = None
        self.subject = subject


class _Run:
    """One run: the state of calls and agents, and one method for each kind of event."""

    def __init__(
        self, calls: CallTable, staff: StaffTable, routing: RoutingTable, *, lines: int | None, horizon_us: int, drain: bool,
        queue_rules: Sequence[QueueRule], estimates: bool,
    ) -> None:
        self.env = simpy.Environment()
        n = len(calls)
        self.table, self.staff, self.horizon_us, self.drain = calls, staff, horizon_us, drain
        self.lines_limited = lines is not None
        self.free_lines = lines or 0
        self.rules = tuple(queue_rules) or (QueueRule(),) * len(calls.queues)
        self.plain = tuple(rule == QueueRule() and not estimates for rule in self.rules)
        self.visits = VisitLog()
        self.floor = Floor(routing, calls.urgencies, self.visits)
        # Plain lists: reading one number of a NumPy array costs three times as much.
        self.arrived, self.menu, self.ending = calls.arrived_us.tolist(), calls.menu_us.tolist(), calls.ending.tolist()
        self.queue, self.patience, self.limit = calls.queue.tolist(), calls.patience_us.tolist(), calls.limit_us.tolist()
        self.acw, self.urgency, self.talk_next = calls.acw_us.tolist(), calls.urgency.tolist(), calls.talk_next.tolist()
        self.talk_delay, self.retry = calls.talk_delay_us.tolist(), calls.retry.tolist()
        columns = calls.talk_us.T.tolist()
        self.talk = [columns[c] for c in calls.talk_column or (0,) * len(routing.groups)]
        self.overflow_us = [sorted({us for us in row if us}) for row in routing.after_us]
        self.agents = {int(id): Agent(int(id)) for id in staff.agent}
        self.shift_on, self.shift_off = staff.on_us.tolist(), staff.off_us.tolist()
        self.speed, self.rest = staff.speed.tolist(), staff.rest_us.tolist()
        # What becomes of calls and shifts.
        self.outcome, self.ended, self.endings = [NONE] * n, [0] * n, 0
        self.leg = list(range(n))  # where each call is
        self.onward: dict[int, tuple[int, int]] = {}  # what follows the present menu stage, unless it is the first
        self.work_left: dict[int, int] = {}  # of calls handed over, at speed 1
        self.attempts: dict[int, int] = {}  # to call back
        self.actual_on, self.actual_off = self.shift_on[:], self.shift_on[:]
        self.idle_us = [0] * len(self.shift_on)
        self.is_pending = bytearray(calls.ending == OFFERED)
        self.is_pending[calls.first_attempts:] = bytes(n - calls.first_attempts)
        self.pending = sum(self.is_pending)
        self.lingering: list[Agent] = []
        self.last_us = horizon_us  # when anything happened last

    def at(self, time_us: int, priority: int, act, subject) -> _Happening:
        env = self.env
        happening = _Happening(act, subject)
        env.schedule(happening, priority, time_us - env.now)
        return happening

    def go(self) -> None:
        for row in np.lexsort((self.staff.on_us, self.staff.agent))[::-1].tolist():
            self.agents[int(self.staff.agent[row])].rows.append(row)
        for agent in self.agents.values():
            self.at(self.shift_on[agent.rows[-1]], SHIFT_ON + agent.id, self.on_shift_on, agent)
        if self.lines_limited:
            if self.arrived:
                self.at(self.arrived[0], ARRIVAL, self.on_arrival, 0)
        else:
            self.take_offers_in_order()
        if not self.drain:
            self.at(self.horizon_us, CLOSING, self.on_closing, None)
        self.env.run()
        self.close_what_is_left()
        self.env.run()

    # Calls in the menu

    def on_arrival(self, event: _Happening) -> None:
        call, now = event.subject, self.env.now
        if call + 1 < self.table.first_attempts:
            self.at(self.arrived[call + 1], ARRIVAL + call + 1, self.on_arrival, call + 1)
        self.arrive(call, now)

    def on_retry(self, event: _Happening) -> None:
        self.arrive(event.subject, self.env.now)

    def arrive(self, call: int, now: int) -> None:
        if self.lines_limited:
            if not self.free_lines:
                self.conclude(call, BLOCKED, now)
                return
            self.free_lines -= 1
        self.at(now + self.menu[call], MENU_END + call, self.on_menu_end, call)

    def on_menu_end(self, event: _Happening) -> None:
        call, now = event.subject, self.env.now
        ending, leg = self.onward.pop(call, None) or (self.ending[call], call if self.ending[call] == OFFERED else NONE)
        self.go_on(call, ending, leg, now)

    def take_offers_in_order(self) -> None:
        """Without a limit on lines nothing happens at an arrival, nor when a call ends in the menu: skip those events."""
        table, first = self.table, self.table.first_attempts
        menu_end = (table.arrived_us + table.menu_us)[:first]
        offered = table.ending[:first] == OFFERED
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
        self.join(event.subject, event.subject, self.env.now)

    def follow(self, call: int, delay_us: int, ending: int, leg: int, now: int) -> None:
        """What comes after a queue: time on the line, then an end or another leg."""
        if delay_us:
            self.onward[call] = ending, leg
            self.at(now + delay_us, MENU_END + call, self.on_menu_end, call)
        else:
            self.go_on(call, ending, leg, now)

    def go_on(self, call: int, ending: int, leg: int, now: int) -> None:
        if leg == NONE:
            self.end(call, ending, now)
        else:
            self.join(call, leg, now)

    # Calls in a queue

    def join(self, call: int, leg: int, now: int) -> None:
        if now >= self.horizon_us and not self.drain:
            self.end(call, CLOSED, now)
            return
        queue = self.queue[leg]
        self.leg[call] = leg
        self.last_us = max(self.last_us, now)
        visit = self.visits.begin(call, queue, now, now)
        patience = self.patience[leg]
        if not self.taken_at_once(visit, now):
            if not self.plain[queue]:
                patience = self.told(visit, leg, patience, now)
                if patience == NONE:
                    return
            self.wait(visit, patience, self.limit[leg], now)

    def taken_at_once(self, visit: int, now: int) -> bool:
        agent = self.floor.agent_for(self.visits.queue[visit], now - self.visits.place_us[visit], now)
        if agent is None:
            return False
        self.floor.remove_idle(agent, now)
        self.answer(agent, visit, now)
        return True

    def told(self, visit: int, leg: int, patience: int, now: int) -> int:
        """Room, expected wait, offer of a call back, announcement; the patience of a caller who stays, else NONE."""
        call, queue = self.visits.call[visit], self.visits.queue[visit]
        rule = self.rules[queue]
        if self.floor.on_the_line[queue] >= rule.capacity:
            self.visits.end(visit, R_FULL, now)
            self.follow(call, *self.after_full(leg), now)
            return NONE
        estimates = self.floor.estimates(queue, rule.mean_handle_us, now)
        expected_us = estimates[ESTIMATORS.index(rule.estimator)]
        self.visits.estimates[visit] = estimates
        if expected_us >= rule.callback_above_us and self.table.u[leg, CALL_BACK] < rule.callback_share:
            self.visits.end(visit, R_CALLBACK, now)
            self.end(call, CALLBACK, now, stays_pending=True)
            self.wait(self.visits.begin(call, queue, now, now, called_back=True), NEVER, NEVER, now)
            return NONE
        if rule.announces:
            self.visits.announced_us[visit] = expected_us
            if rule.told_us:
                step = rule.step(expected_us)
                if self.table.u[leg, BALK] < rule.balk_share[step]:
                    self.leave_queue(visit, ABANDONED, R_ABANDONED, now)
                    return NONE
                if patience < NEVER:
                    patience = min(round(patience * rule.patience_factor[step]), NEVER)
        return patience

    def after_full(self, leg: int) -> tuple[int, int, int]:
        table = self.table
        return int(table.full_delay_us[leg]), int(table.full_ending[leg]), int(table.full_next[leg])

    def wait(self, visit: int, patience: int, limit: int, now: int) -> None:
        visits = self.visits
        call, queue, place = visits.call[visit], visits.queue[visit], visits.place_us[visit]
        self.floor.add_waiting(visit, self.urgency[self.leg[call]])
        if patience < limit:
            self.at(now + patience, ABANDONMENT + call, self.on_abandonment, visit)
        elif limit < NEVER:
            self.at(now + limit, LIMIT + call, self.on_limit, visit)
        for after_us in self.overflow_us[queue]:
            if place + after_us > now:
                self.at(place + after_us, OVERFLOW + call, self.on_overflow, visit)

    def on_overflow(self, event: _Happening) -> None:
        visit, now, floor = event.subject, self.env.now, self.floor
        if self.visits.waits[visit]:
            agent = floor.agent_for(self.visits.queue[visit], now - self.visits.place_us[visit], now)
            if agent is not None:
                floor.remove_waiting(visit)
                floor.remove_idle(agent, now)
                self.answer(agent, visit, now)

    def on_abandonment(self, event: _Happening) -> None:
        if self.visits.waits[event.subject]:
            self.floor.remove_waiting(event.subject)
            self.leave_queue(event.subject, ABANDONED, R_ABANDONED, self.env.now)

    def on_limit(self, event: _Happening) -> None:
        visit, table, now = event.subject, self.table, self.env.now
        if self.visits.waits[visit]:
            call = self.visits.call[visit]
            leg = self.leg[call]
            ending, then = int(table.limit_ending[leg]), int(table.limit_next[leg])
            self.floor.remove_waiting(visit)
            self.visits.end(visit, _RESULT_AT_LIMIT.get(ending, R_TIMEOUT) if then == NONE else R_OVERFLOWED, now)
            self.last_us = max(self.last_us, now)
            self.follow(call, int(table.limit_delay_us[leg]), ending, then, now)

    def on_closing(self, event: _Happening) -> None:
        self.close(self.env.now)

    def close(self, now: int) -> None:
        """Close all that waits."""
        for visit in self.floor.waiting_visits():
            self.floor.remove_waiting(visit)
            if self.visits.called_back[visit]:
                self.visits.end(visit, R_CLOSED, now)
                self.no_longer_pending(self.visits.call[visit], now)
            else:
                self.leave_queue(visit, CLOSED, R_CLOSED, now)

    def leave_queue(self, visit: int, outcome: int, result: int, now: int) -> None:
        self.visits.end(visit, result, now)
        self.end(self.visits.call[visit], outcome, now)

    def on_call_back_again(self, event: _Happening) -> None:
        call, now = event.subject, self.env.now
        if now < self.horizon_us or self.drain:
            visit = self.visits.begin(call, self.queue[self.leg[call]], now, now, called_back=True)
            self.last_us = max(self.last_us, now)
            if not self.taken_at_once(visit, now):
                self.wait(visit, NEVER, NEVER, now)

    # Ends

    def end(self, call: int, outcome: int, now: int, *, stays_pending: bool = False) -> None:
        """A call that has a line ends."""
        self.free_lines += 1
        self.conclude(call, outcome, now, stays_pending=stays_pending)

    def conclude(self, call: int, outcome: int, now: int, *, stays_pending: bool = False) -> None:
        self.outcome[call], self.ended[call] = outcome, now
        self.endings += 1
        self.last_us = max(self.last_us, now)
        again = self.retry[call]
        if again != NONE and outcome in self.table.retry_outcomes:
            self.try_again(again, now + int(self.table.retry_after_us[call]))
        if not stays_pending:
            self.no_longer_pending(call, now)

    def try_again(self, call: int, now: int) -> None:
        if now < self.horizon_us:
            self.arrived[call] = now
            self.at(now, ARRIVAL + call, self.on_retry, call)
            if self.ending[call] == OFFERED:
                self.now_pending(call)

    def now_pending(self, call: int) -> None:
        if not self.is_pending[call]:
            self.is_pending[call] = 1
            self.pending += 1

    def no_longer_pending(self, call: int, now: int) -> None:
        if self.is_pending[call]:
            self.is_pending[call] = 0
            self.pending -= 1
            if not self.pending:
                staying, self.lingering = self.lingering, []
                for agent in staying:
                    if agent.entry is not None:
                        self.leave(agent, now)

    # Agents

    def answer(self, agent: Agent, visit: int, now: int) -> None:
        """The agent, who is not among the idle any more, takes the call, which does not wait any more."""
        visits = self.visits
        call = visits.call[visit]
        leg = self.leg[call]
        self.last_us = max(self.last_us, now)
        self.floor.last_wait_us[visits.queue[visit]] = now - visits.place_us[visit]
        visits.shift[visit] = agent.row
        agent.visit = visit
        agent.calls += 1
        talk = self.talk[agent.group][leg] if call not in self.work_left else self.work_left.pop(call)
        if agent.speed != 1:
            talk = round(talk / agent.speed)
        if visits.called_back[visit]:
            talk = self.ring(visit, call, leg, talk, now)
        else:
            visits.end(visit, R_HANDLED, now)
            if self.talk_next[leg] == NONE:
                self.no_longer_pending(call, now)
        visits.talk_us[visit] = talk
        agent.talk_end_us = now + talk
        agent.due = self.at(now + talk, TALK_END + agent.id, self.on_talk_end, agent)

    def ring(self, visit: int, call: int, leg: int, talk: int, now: int) -> int:
        """The agent calls back; return how long that takes, with the talk if the caller answers."""
        attempt = self.attempts[call] = self.attempts.get(call, 0) + 1
        reached = attempt == self.table.reached_at[leg]
        self.visits.end(visit, R_HANDLED if reached else R_UNREACHED, now)
        if reached or attempt >= self.rules[self.queue[leg]].callback_attempts:
            self.no_longer_pending(call, now)
        return int(self.table.ring_us[leg]) + (talk if reached else 0)

    def on_talk_end(self, event: _Happening) -> None:
        agent, now, visits = event.subject, self.env.now, self.visits
        if agent.due is not event:  # the call was handed over
            return
        visit = agent.visit
        call = visits.call[visit]
        leg = self.leg[call]
        self.last_us = max(self.last_us, now)
        if not visits.called_back[visit]:
            self.follow(call, self.talk_delay[leg], HANDLED, self.talk_next[leg], now)
        elif self.is_pending[call]:
            again_us = self.rules[self.queue[leg]].callback_again_us
            self.at(now + again_us, CALL_BACK_AGAIN + call, self.on_call_back_again, call)
        acw = self.acw[leg] if visits.result[visit] == R_HANDLED else 0
        if acw and agent.speed != 1:
            acw = round(acw / agent.speed)
        if acw:
            visits.acw_us[visit] = acw
            agent.due = self.at(now + acw, RELEASE + agent.id, self.on_release, agent)
        else:
            self.release(agent, now)

    def on_release(self, event: _Happening) -> None:
        if event.subject.due is event:
            self.release(event.subject, self.env.now)

    def release(self, agent: Agent, now: int) -> None:
        self.last_us = max(self.last_us, now)
        self.put_down(agent, now)
        if now < agent.off_us or self.stays_on(agent):
            self.seek(agent, now)
            return
        if self.at_off(agent) == "serve_queue":
            visit = self.floor.visit_for(agent.group, now)
            if visit is not None:
                self.floor.remove_waiting(visit)
                self.answer(agent, visit, now)
                return
        self.leave(agent, now)

    def put_down(self, agent: Agent, now: int) -> None:
        agent.worked_us += now - self.visits.left_us[agent.visit]
        agent.visit = NONE
        agent.due = None

    def at_off(self, agent: Agent) -> str:
        return self.staff.at_off[agent.group]

    def seek(self, agent: Agent, now: int) -> None:
        """A free agent takes a waiting call or becomes idle."""
        visit = self.floor.visit_for(agent.group, now)
        if visit is not None:
            self.floor.remove_waiting(visit)
            self.answer(agent, visit, now)
            return
        self.floor.add_idle(agent, now)
        if now >= agent.off_us:
            self.lingering.append(agent)

    # Shifts

    def on_shift_on(self, event: _Happening) -> None:
        agent, now = event.subject, self.env.now
        row = agent.rows.pop()
        agent.row, agent.group, agent.speed = row, int(self.staff.group[row]), self.speed[row]
        agent.on_us, agent.off_us = now, self.shift_off[row]
        agent.calls = agent.worked_us = agent.idle_us = 0
        self.actual_on[row] = now
        self.last_us = max(self.last_us, now)
        self.floor.on_duty[agent.group] += 1
        self.at(agent.off_us, SHIFT_OFF + agent.id, self.on_shift_off, (agent, row))
        self.seek(agent, now)

    def on_shift_off(self, event: _Happening) -> None:
        (agent, row), now = event.subject, self.env.now
        if agent.row != row:
            return
        if agent.entry is None:
            if self.at_off(agent) == "hand_over" and now < self.horizon_us:
                self.hand_over(agent, now)
        elif self.stays_on(agent):
            self.lingering.append(agent)
        else:
            self.leave(agent, now)

    def hand_over(self, agent: Agent, now: int) -> None:
        visits, visit = self.visits, agent.visit
        call = visits.call[visit]
        if now >= agent.talk_end_us:  # in wrap-up
            visits.acw_us[visit] = now - agent.talk_end_us
            self.put_down(agent, now)
            self.leave(agent, now)
        elif not visits.called_back[visit]:
            self.work_left[call] = round((agent.talk_end_us - now) * agent.speed)
            visits.talk_us[visit] = now - visits.left_us[visit]
            self.now_pending(call)
            self.put_down(agent, now)
            self.leave(agent, now)
            again = visits.begin(call, visits.queue[visit], now, visits.place_us[visit])
            if not self.taken_at_once(again, now):
                self.wait(again, self.patience[self.leg[call]], self.limit[self.leg[call]], now)

    def leave(self, agent: Agent, now: int) -> None:
        if agent.entry is not None:
            self.floor.remove_idle(agent, now)
        self.floor.on_duty[agent.group] -= 1
        self.actual_off[agent.row], self.idle_us[agent.row] = now, agent.idle_us
        agent.row = NONE
        self.last_us = max(self.last_us, now)
        while agent.rows:
            row = agent.rows[-1]
            begin = max(self.shift_on[row], now + self.rest[row])
            if begin < self.shift_off[row]:
                self.at(begin, SHIFT_ON + agent.id, self.on_shift_on, agent)
                return
            agent.rows.pop()
            self.actual_on[row] = self.actual_off[row] = max(now, self.shift_on[row])

    # The end

    def stays_on(self, agent: Agent) -> bool:
        """Whether an agent past the end of the shift waits for the queues to empty."""
        return self.drain and agent.off_us >= self.horizon_us and self.pending > 0

    def close_what_is_left(self) -> None:
        """Close calls that nobody is left to serve, at the last moment at which anything happened."""
        self.close(max([self.last_us, *self.ended]))

    def found(self, *, estimates: bool) -> EngineResult:
        return EngineResult(
            arrived_us=np.array(self.arrived, dtype="i8"), outcome=np.array(self.outcome, dtype="i1"),
            ended_us=np.array(self.ended, dtype="i8"), visits=self.visits.columns(),
            on_us=np.array(self.actual_on, dtype="i8"), off_us=np.array(self.actual_off, dtype="i8"),
            idle_us=np.array(self.idle_us, dtype="i8"), endings=self.endings,
            estimates=self.visits.estimate_rows() if estimates else None)


def run(
    calls: CallTable, staff: StaffTable, routing: RoutingTable, *, horizon_us: int, lines: int | None = None,
    at_end: Literal["drain", "clear"] = "drain", queue_rules: Sequence[QueueRule] = (), estimates: bool = False,
) -> EngineResult:
    """Run the tables and return what the engine found out; parameters as `simulate`.

    Parameters
    ----------
    estimates : bool
        Whether to keep the expected wait of every visit by every estimator.

    Examples
    --------
    >>> calls = CallTable.of(arrived_us=[0, 10], talk_us=30)
    >>> routing = RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),))
    >>> run(calls, StaffTable.constant({"agents": 1}, 0, 60), routing, horizon_us=60, estimates=True).estimates.tolist()
    [[-1, -1, -1], [0, 0, 0]]
    """
    require_tables_fit(calls, staff, routing, horizon_us=horizon_us, lines=lines, at_end=at_end, queue_rules=queue_rules)
    made = _Run(calls, staff, routing, lines=lines, horizon_us=horizon_us, drain=at_end == "drain", queue_rules=queue_rules,
                estimates=estimates)
    made.go()
    return made.found(estimates=estimates)


def simulate(
    calls: CallTable, staff: StaffTable, routing: RoutingTable, *, horizon_us: int, lines: int | None = None,
    at_end: Literal["drain", "clear"] = "drain", queue_rules: Sequence[QueueRule] = (),
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
    queue_rules : sequence of QueueRule, optional
        One for each queue; none means room for all, nothing announced, no calls back.

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
    found = run(calls, staff, routing, horizon_us=horizon_us, lines=lines, at_end=at_end, queue_rules=queue_rules)
    return records_of(found, calls, staff, horizon_us=horizon_us)
