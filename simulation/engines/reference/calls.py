"""What happens to calls: arrival, menu, queues, ends."""

from __future__ import annotations

import numpy as np

from ivr.records.schema import NEVER, NONE, outcome_code, result_code
from simulation.engines.reference.schedule import Happening
from simulation.engines.reference.visit import Visit
from simulation.tables.call_table import BALK, CALL_BACK, OFFERED
from simulation.tables.queue_rules import ESTIMATORS
from simulation.tables.tie_rule import ABANDONMENT, ARRIVAL, LIMIT, MENU_END, OVERFLOW

__all__ = ["Calls"]

ABANDONED, BLOCKED, CLOSED, CALLBACK, HANDLED = (
    outcome_code(name) for name in ("abandoned", "blocked", "closed", "callback", "handled")
)
R_ABANDONED, R_OVERFLOWED, R_CALLBACK, R_TIMEOUT, R_FULL, R_CLOSED = (
    result_code(name) for name in ("abandoned", "overflowed", "callback", "timeout", "full", "closed")
)

# How a visit ended, by the outcome the call got at the flow's limit; any other counts as a time-out.
_RESULT_AT_LIMIT = {outcome_code(name): result_code(name) for name in ("voicemail", "callback", "closed")}


class Calls:
    """The part of an engine that is about calls: one method for each kind of event, and the steps between."""

    # In the menu

    def on_arrival(self, event: Happening) -> None:
        call, now = event.subject, self.env.now
        if call + 1 < self.table.first_attempts:
            self.at(self.arrived[call + 1], ARRIVAL + call + 1, self.on_arrival, call + 1)
        self.arrive(call, now)

    def on_retry(self, event: Happening) -> None:
        self.arrive(event.subject, self.env.now)

    def arrive(self, call: int, now: int) -> None:
        if self.lines_limited:
            if not self.free_lines:
                self.conclude(call, BLOCKED, now)
                return
            self.free_lines -= 1
        self.at(now + self.menu[call], MENU_END + call, self.on_menu_end, call)

    def on_menu_end(self, event: Happening) -> None:
        call, now = event.subject, self.env.now
        ending, leg = self.onward.pop(call, None) or (self.ending[call], call if self.ending[call] == OFFERED else NONE)
        self.go_on(call, ending, leg, now)

    def take_offers_in_order(self) -> None:
        """Without a limit on lines nothing happens at an arrival, nor when a call ends in the menu: skip those
        events.
        """
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

    def on_next_offer(self, event: Happening) -> None:
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

    # In a queue

    def join(self, call: int, leg: int, now: int) -> None:
        if now >= self.horizon_us and not self.drain:
            self.end(call, CLOSED, now)
            return
        queue = self.queue[leg]
        self.leg[call] = leg
        self.work_left.pop(
            call, None
        )  # of a call handed over, which has waited in vain: another leg has a talk of its own
        self.last_us = now
        visit = self.begin_visit(call, queue, now, now)
        visit.patience_us = self.patience_left.pop(call, self.patience[leg])
        if not self.taken_at_once(visit, now) and (self.plain[queue] or self.stays(visit, leg, now)):
            self.wait(visit, self.limit[leg], now)

    def begin_visit(self, call: int, queue: int, now: int, place: int, *, called_back: bool = False) -> Visit:
        visit = Visit(call, queue, now, place, called_back)
        self.visits.append(visit)
        return visit

    def taken_at_once(self, visit: Visit, now: int) -> bool:
        agent = self.floor.agent_for(visit.queue, now - visit.place_us, now)
        if agent is None:
            return False
        self.floor.remove_idle(agent, now)
        self.answer(agent, visit, now)
        return True

    def stays(self, visit: Visit, leg: int, now: int) -> bool:
        """Room, expected wait, offer of a callback, announcement; whether the caller waits then, and how long they
        would.
        """
        call, queue = visit.call, visit.queue
        rule = self.rules[queue]
        if self.floor.on_the_line[queue] >= rule.capacity:
            visit.end(R_FULL, now)
            self.keys[call] += int(self.table.full_keys[leg])
            self.lead_on(visit, *self.after_full(leg), now)
            return False
        estimates = self.floor.estimates(queue, now)
        expected_us = estimates[ESTIMATORS.index(rule.estimator)]
        visit.estimates = estimates
        if expected_us >= rule.callback_above_us and self.table.u[leg, CALL_BACK] < rule.callback_share:
            visit.end(R_CALLBACK, now)
            self.end(call, HANDLED if self.answered[call] else CALLBACK, now, stays_pending=True)
            self.wait(self.begin_visit(call, queue, now, now, called_back=True), NEVER, now)
            return False
        if rule.announces:
            visit.announced_us = expected_us
            if rule.told_us:
                step = rule.step(expected_us)
                if self.table.u[leg, BALK] < rule.balk_share[step]:
                    self.leave_queue(visit, ABANDONED, R_ABANDONED, now)
                    return False
                if visit.patience_us < NEVER:
                    visit.patience_us = min(round(visit.patience_us * rule.patience_factor[step]), NEVER)
        return True

    def after_full(self, leg: int) -> tuple[int, int, int]:
        table = self.table
        return int(table.full_delay_us[leg]), int(table.full_ending[leg]), int(table.full_next[leg])

    def lead_on(self, visit: Visit, delay_us: int, ending: int, leg: int, now: int) -> None:
        """A queue has given up on a caller, who brings what is left of their patience to the next one."""
        if leg != NONE:
            waited_us = 0 if visit.patience_us == NEVER else now - visit.offered_us
            self.patience_left[visit.call] = visit.patience_us - waited_us
        self.follow(visit.call, delay_us, ending, leg, now)

    def wait(self, visit: Visit, limit: int, now: int) -> None:
        call, queue, place, patience = visit.call, visit.queue, visit.place_us, visit.patience_us
        self.floor.add_waiting(visit, self.urgency[self.leg[call]])
        if patience < limit:
            self.at(now + patience, ABANDONMENT + call, self.on_abandonment, visit)
        elif limit < NEVER:
            self.at(now + limit, LIMIT + call, self.on_limit, visit)
        for after_us in self.overflow_us[queue]:
            if place + after_us > now:
                self.at(place + after_us, OVERFLOW + call, self.on_overflow, visit)

    def on_overflow(self, event: Happening) -> None:
        visit, now, floor = event.subject, self.env.now, self.floor
        if visit.waits:
            agent = floor.agent_for(visit.queue, now - visit.place_us, now)
            if agent is not None:
                floor.remove_waiting(visit)
                floor.remove_idle(agent, now)
                self.answer(agent, visit, now)

    def on_abandonment(self, event: Happening) -> None:
        if event.subject.waits:
            self.floor.remove_waiting(event.subject)
            self.leave_queue(event.subject, ABANDONED, R_ABANDONED, self.env.now)

    def on_limit(self, event: Happening) -> None:
        visit, table, now = event.subject, self.table, self.env.now
        if visit.waits:
            call = visit.call
            leg = self.leg[call]
            ending, then = int(table.limit_ending[leg]), int(table.limit_next[leg])
            self.floor.remove_waiting(visit)
            visit.end(_RESULT_AT_LIMIT.get(ending, R_TIMEOUT) if then == NONE else R_OVERFLOWED, now)
            self.last_us = now
            self.keys[call] += int(table.limit_keys[leg])
            self.lead_on(visit, int(table.limit_delay_us[leg]), ending, then, now)

    def on_closing(self, event: Happening) -> None:
        self.close(self.env.now)

    def close(self, now: int) -> None:
        """Close all that waits."""
        for visit in self.floor.waiting_visits():
            self.floor.remove_waiting(visit)
            if visit.called_back:
                visit.end(R_CLOSED, now)
                self.no_longer_pending(visit.call, now)
            else:
                self.leave_queue(visit, CLOSED, R_CLOSED, now)

    def leave_queue(self, visit: Visit, outcome: int, result: int, now: int) -> None:
        visit.end(result, now)
        self.end(visit.call, outcome, now)

    def on_call_back_again(self, event: Happening) -> None:
        call, now = event.subject, self.env.now
        if now < self.horizon_us or self.drain:
            visit = self.begin_visit(call, self.queue[self.leg[call]], now, now, called_back=True)
            self.last_us = now
            if not self.taken_at_once(visit, now):
                self.wait(visit, NEVER, now)

    # Ends

    def end(self, call: int, outcome: int, now: int, *, stays_pending: bool = False) -> None:
        """A call that has a line ends."""
        self.free_lines += 1
        self.conclude(call, outcome, now, stays_pending=stays_pending)

    def conclude(self, call: int, outcome: int, now: int, *, stays_pending: bool = False) -> None:
        self.outcome[call], self.ended[call] = outcome, now
        self.endings += 1
        self.last_us = now
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
