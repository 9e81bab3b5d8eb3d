"""What happens to agents: answers, talks, wrap-up, shifts."""

from __future__ import annotations

from ivr.records.schema import NONE, outcome_code, result_code
from simulation.engines.reference.floor import Agent
from simulation.engines.reference.schedule import Happening
from simulation.engines.reference.visit import Visit
from simulation.tables.tie_rule import CALL_BACK_AGAIN, RELEASE, SHIFT_OFF, SHIFT_ON, TALK_END

__all__ = ["Agents"]

HANDLED = outcome_code("handled")
R_HANDLED, R_UNREACHED, R_HANDED_OVER = (result_code(name) for name in ("handled", "unreached", "handed_over"))


class Agents:
    """The part of an engine that is about agents: one method for each kind of event, and the steps between."""

    def answer(self, agent: Agent, visit: Visit, now: int) -> None:
        """The agent, who is not among the idle any more, takes the call, which does not wait any more."""
        call = visit.call
        leg = self.leg[call]
        self.last_us = now
        self.floor.last_wait_us[visit.queue] = now - visit.offered_us
        visit.shift = agent.row
        agent.visit = visit
        agent.calls += 1
        talk = self.talk[agent.group][leg] if call not in self.work_left else self.work_left.pop(call)
        if agent.speed != 1:
            talk = round(talk / agent.speed)
        if visit.called_back:
            talk = self.ring(visit, call, leg, talk, now)
        else:
            visit.end(R_HANDLED, now)
            if self.talk_next[leg] == NONE:
                self.no_longer_pending(call, now)
        visit.talk_us = talk
        agent.talk_end_us = now + talk
        agent.due = self.at(now + talk, TALK_END + agent.id, self.on_talk_end, agent)

    def ring(self, visit: Visit, call: int, leg: int, talk: int, now: int) -> int:
        """The agent calls back; return how long that takes, with the talk if the caller answers."""
        attempt = self.attempts[call] = self.attempts.get(call, 0) + 1
        reached = attempt == self.table.reached_at[leg]
        visit.end(R_HANDLED if reached else R_UNREACHED, now)
        if reached or attempt >= self.rules[self.queue[leg]].callback_attempts:
            self.no_longer_pending(call, now)
        return int(self.table.ring_us[leg]) + (talk if reached else 0)

    def on_talk_end(self, event: Happening) -> None:
        agent, now = event.subject, self.env.now
        if agent.due is not event:  # the call was handed over
            return
        visit = agent.visit
        call = visit.call
        leg = self.leg[call]
        self.last_us = now
        if not visit.called_back:
            self.answered[call] = 1
            self.keys[call] += int(self.table.talk_keys[leg])
            self.follow(call, self.talk_delay[leg], HANDLED, self.talk_next[leg], now)
        elif self.is_pending[call]:
            again_us = self.rules[self.queue[leg]].callback_again_us
            self.at(now + again_us, CALL_BACK_AGAIN + call, self.on_call_back_again, call)
        acw = self.acw[leg] if visit.result == R_HANDLED else 0
        if acw and agent.speed != 1:
            acw = round(acw / agent.speed)
        if acw:
            visit.acw_us = acw
            agent.due = self.at(now + acw, RELEASE + agent.id, self.on_release, agent)
        else:
            self.release(agent, now)

    def on_release(self, event: Happening) -> None:
        if event.subject.due is event:
            self.release(event.subject, self.env.now)

    def release(self, agent: Agent, now: int) -> None:
        self.last_us = now
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
        agent.worked_us += now - agent.visit.left_us
        agent.visit = None
        agent.due = None

    def at_off(self, agent: Agent) -> str:
        """What the agent does at the end of the row; a break begins after the call in hand, whatever holds at the end
        of a shift.
        """
        return "finish" if self.to_break[agent.row] else self.staff.at_off[agent.group]

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

    def on_shift_on(self, event: Happening) -> None:
        agent, now = event.subject, self.env.now
        row = agent.rows.pop()
        agent.row, agent.group, agent.speed = row, int(self.staff.group[row]), self.speed[row]
        agent.on_us, agent.off_us = now, self.shift_off[row]
        agent.calls = agent.worked_us = agent.idle_us = 0
        self.actual_on[row] = now
        self.last_us = now
        self.floor.on_duty_changes(agent, 1)
        self.at(agent.off_us, SHIFT_OFF + agent.id, self.on_shift_off, (agent, row))
        self.seek(agent, now)

    def on_shift_off(self, event: Happening) -> None:
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
        visit = agent.visit
        call = visit.call
        if now >= agent.talk_end_us:  # in wrap-up
            visit.acw_us = now - agent.talk_end_us
            self.put_down(agent, now)
            self.leave(agent, now)
        elif not visit.called_back:
            self.work_left[call] = round((agent.talk_end_us - now) * agent.speed)
            visit.talk_us = now - visit.left_us
            visit.result = R_HANDED_OVER
            self.now_pending(call)
            self.put_down(agent, now)
            self.leave(agent, now)
            again = self.begin_visit(call, visit.queue, now, visit.place_us)
            if not self.taken_at_once(again, now):
                again.patience_us = self.patience[self.leg[call]]
                self.wait(again, self.limit[self.leg[call]], now)

    def leave(self, agent: Agent, now: int) -> None:
        if agent.entry is not None:
            self.floor.remove_idle(agent, now)
        self.floor.on_duty_changes(agent, -1)
        self.actual_off[agent.row], self.idle_us[agent.row] = now, agent.idle_us
        agent.row = NONE
        self.last_us = now
        while agent.rows:
            row = agent.rows[-1]
            begin = max(self.shift_on[row], now + self.rest[row])
            if begin < self.shift_off[row]:
                self.at(begin, SHIFT_ON + agent.id, self.on_shift_on, agent)
                return
            agent.rows.pop()
            self.actual_on[row] = self.actual_off[row] = max(now, self.shift_on[row])

    def stays_on(self, agent: Agent) -> bool:
        """Whether an agent past the end of the shift waits for the queues to empty."""
        return self.drain and agent.off_us >= self.horizon_us and self.pending > 0
