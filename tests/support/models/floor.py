"""A floor of agents and waiting callers, written from the words of docs/engines.md alone.

It shares no code with the engines, and is slow and plain on purpose: where they differ, one of them, or the page, is
wrong.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from typing import Any, ClassVar

from tests.support.models.chatting import Chatting
from tests.support.models.people import Agent, Call, Dialled, Visit
from tests.support.models.rules import Rules
from tests.support.models.staffing import Row, Staffing
from tests.support.models.walks import Leg, Walks, Way, seconds, us

CLOSING, TALK_END, RELEASE, SHIFT_ON, SHIFT_OFF, ARRIVAL, MENU_END, OVERFLOW, CALL_AGAIN, LIMIT, ABANDONMENT = range(11)


class Floor(Chatting):
    """One day, from its description to its records."""

    def __init__(self, flow: dict, scenario: dict, arrivals: list[tuple[int, str]]):
        self.walks, self.rules, staffing = Walks(flow, scenario), Rules(flow, scenario), Staffing(scenario)
        self.scenario, self.horizon = scenario, staffing.horizon_us
        self.drain = scenario.get("at_end", "drain") == "drain"
        self.retry: dict = scenario.get("behaviour", {}).get("retry", {})
        self.agents = [Agent(i, person) for i, person in enumerate(staffing.people())]
        turn = 0
        for agent in self.agents:
            agent.turn, agent.chats = turn, scenario["groups"][agent.person.group].get("chats")
            agent.hand = [None] * (agent.chats["at_once"] if agent.chats else 0)
            turn += 1 + len(agent.hand)
        self.waiting: list[Visit] = []
        self.pauses: list[tuple[int, int, int]] = []
        self.last_wait = dict.fromkeys(self.rules.queues, 0)
        self.lines, self.held = scenario.get("lines"), 0
        self.events: list[tuple[int, int, int, int, Any]] = []
        self.now = self.last = self.counted = 0
        self.calls = [
            Call(i, intent, 1, at, self.walks.menu(intent), None)
            for i, (at, intent) in enumerate(sorted(arrivals, key=lambda a: a[0]))
        ]
        self.first = len(self.calls)
        self.dialled: list[Dialled] = []
        self.made: Counter[str] = Counter()
        self.pending = {call for call in self.calls if call.menu.leg}

    def run(self) -> Floor:
        """Run the day to its end."""
        for call in self.calls:
            self._at(call.nominal_us, ARRIVAL, call.id, call)
        if not self.drain:
            self._at(self.horizon, CLOSING, 0, None)
        for agent in self.agents:
            self._next_row(agent, None)
        while self.events:
            self.now, kind, _, _, what = heapq.heappop(self.events)
            self._DO[kind](self, what)
        self.now = max(self.horizon, self.last)
        self._close()
        for agent in self.agents:
            if agent.state in ("idle", "chats"):
                self._leave(agent)
        return self

    def _at(self, when: int, kind: int, id_: int, what: Any) -> None:
        self.counted += 1
        heapq.heappush(self.events, (when, kind, id_, self.counted, what))

    def _did(self) -> None:
        self.last = max(self.last, self.now)

    # Calls

    def _arrive(self, call: Call) -> None:
        call.arrived = self.now
        if self.lines is not None and self.held >= self.lines:
            self._end(call, "blocked", holding=False)
            return
        self.held += 1
        call.menu_us = call.menu.delay_us
        self._at(self.now + call.menu_us, MENU_END, call.id, (call, call.menu, "new"))

    def _menu_end(self, what: tuple[Call, Way, Any]) -> None:
        self._go(*what)

    def _follow(self, call: Call, way: Way, patience: Any) -> None:
        if way.delay_us:
            self._at(self.now + way.delay_us, MENU_END, call.id, (call, way, patience))
        else:
            self._go(call, way, patience)

    def _go(self, call: Call, way: Way, patience: Any) -> None:
        call.keys += way.keys
        if way.leg is None:
            assert way.ending
            self._end(call, way.ending)
        else:
            self._join(call, way.leg, self._own_patience(call, way.leg) if patience == "new" else patience)

    def _own_patience(self, call: Call, leg: Leg) -> int | None:
        if call.first_patience_us is not None and leg.number == 1:
            return call.first_patience_us if call.first_patience_us >= 0 else None
        return self.rules.patience_us(self.walks.nodes[leg.node]["queue"], call.nominal_us)

    def _end(self, call: Call, outcome: str, *, holding: bool = True) -> None:
        self._did()
        call.outcome, call.ended = outcome, self.now
        self.held -= holding
        retry = self.retry
        if (
            retry
            and retry["share"] == 1
            and outcome in retry.get("on", ("blocked", "abandoned", "turned_away"))
            and call.attempt < retry["attempts"]
        ):
            after = us(seconds(retry["after"]["constant"]))
            if self.now + after < self.horizon:
                self._call_again(call, after)
        if not (call.visits and call.visits[-1].called_back):
            self._settle(call)

    def _call_again(self, call: Call, after: int) -> None:
        kept = None
        if self.retry.get("patience", "keep") == "keep" and call.menu.leg:
            kept = call.first_patience_us
            if kept is None:
                own = self._own_patience(call, call.menu.leg)
                kept = -1 if own is None else own
        nominal = call.nominal_us + call.menu.delay_us + after
        again = Call(call.id + self.first, call.intent, call.attempt + 1, nominal, call.menu, kept)
        self.calls.append(again)
        if again.menu.leg:
            self.pending.add(again)
        self._at(self.now + after, ARRIVAL, again.id, again)

    def _settle(self, call: Call) -> None:
        """The call is no longer pending; after the last one, agents who stayed leave."""
        if call in self.pending:
            self.pending.remove(call)
            if not self.pending:
                for agent in self.agents:
                    if agent.state in ("idle", "chats") and agent.row.off <= self.now:
                        agent.takes = False
                        if not agent.in_hand:
                            self._leave(agent)

    # Queues

    def _join(self, call: Call, leg: Leg, patience: int | None) -> None:
        if not self.drain and self.now >= self.horizon:
            self._end(call, "closed")
            return
        self._did()
        queue = self.walks.nodes[leg.node]["queue"]
        place = call.arrived if self.rules.order[queue] == "time_in_system" else self.now
        visit = Visit(call, leg, queue, self.now, place, patience)
        call.visits.append(visit)
        if (agent := self._agent_for(visit)) is not None:
            self._answer(visit, agent)
            return
        room, rules = self.rules.room(queue), self.rules
        if room is not None and sum(v.queue == queue and not v.called_back for v in self.waiting) >= room:
            self._leave_queue(visit, "full")
            self._follow(call, self.walks.full(leg, call.intent), visit.patience)
            return
        estimate = self._estimate(queue)
        offer = rules.stated.get(queue, {}).get("callback")
        if offer and estimate >= us(seconds(offer["above"])) and offer["share"] == 1:
            self._leave_queue(visit, "callback")
            again = Visit(call, leg, queue, self.now, visit.place, None, called_back=True)
            call.visits.append(again)
            self._end(call, "handled" if call.answered else "callback")
            self._wait(again)
            return
        if rules.announces(queue):
            visit.announced = estimate
            step = rules.told(estimate)
            if step.get("leave") == 1:
                self._leave_queue(visit, "abandoned")
                self._end(call, "abandoned")
                return
            if visit.patience is not None:
                visit.patience = round(visit.patience * step.get("patience", 1))
        self._wait(visit)

    def _wait(self, visit: Visit) -> None:
        self.waiting.append(visit)
        call = visit.call
        if visit.asker:
            give_up = self.rules.stated[visit.asker.visit.queue]["conference"].get("give_up", "120s")
            self._at(self.now + us(seconds(give_up)), LIMIT, call.id, (visit, ""))
        elif not visit.called_back:
            limit, exit_ = self.walks.limit_us(visit.leg)
            if visit.patience is not None and (limit is None or visit.patience < limit):
                self._at(self.now + visit.patience, ABANDONMENT, call.id, visit)
            elif limit is not None:
                self._at(self.now + limit, LIMIT, call.id, (visit, exit_))
        for after in {self.rules.after[visit.queue, g] for g in self.rules.groups}:
            if after and visit.place + after > self.now:
                self._at(visit.place + after, OVERFLOW, call.id, visit)

    def _leave_queue(self, visit: Visit, result: str) -> None:
        self._did()
        visit.left, visit.result = self.now, result
        if visit in self.waiting:
            self.waiting.remove(visit)

    def _overflow(self, visit: Visit) -> None:
        if visit in self.waiting and (agent := self._agent_for(visit)) is not None:
            self._answer(visit, agent)

    def _abandon(self, visit: Visit) -> None:
        if visit in self.waiting:
            self._leave_queue(visit, "abandoned")
            self._end(visit.call, "abandoned")

    def _limit(self, what: tuple[Visit, str]) -> None:
        visit, exit_ = what
        if visit.asker and visit in self.waiting:
            self._nobody_came(visit)
        elif visit in self.waiting:
            way = self.walks.after(visit.leg, exit_, visit.call.intent)
            result = (
                "overflowed"
                if way.leg
                else way.ending
                if way.ending in ("voicemail", "callback", "closed")
                else "timeout"
            )
            self._leave_queue(visit, result)
            left = None if visit.patience is None else visit.patience - (self.now - visit.offered)
            self._follow(visit.call, way, left)

    def _close(self, _: Any = None) -> None:
        for visit in sorted(self.waiting, key=lambda v: (v.place, v.call.id)):
            if visit.asker:
                self._nobody_came(visit)
                continue
            self._leave_queue(visit, "closed")
            if visit.call.outcome is None:
                self._end(visit.call, "closed")

    # Agents

    def _answer(self, visit: Visit, agent: Agent) -> None:
        if visit in self.waiting:
            self.waiting.remove(visit)
        self._did()
        call, speed, group = visit.call, agent.person.speed, agent.person.group
        visit.answered = visit.left = self.now
        visit.agent = agent
        if not agent.chats:
            agent.visit, agent.state = visit, "talk"
        agent.taken += 1
        self.last_wait[visit.queue] = self.now - visit.offered
        base = (
            self.rules.at(self.rules.talk_s(visit.queue, group), call.nominal_us)
            if visit.remaining is None
            else visit.remaining
        )
        visit.talk = base if speed == 1 else round(base / speed)
        visit.result = "joined" if visit.asker else "handled"
        if visit.called_back:
            offer = self.rules.stated[visit.queue]["callback"]
            ring = us(seconds(offer["ring"]["constant"]))
            call.tried += 1
            reached = offer["answered"] == 1
            visit.talk = ring + visit.talk if reached else ring
            visit.result = "handled" if reached else "unreached"
            if reached or call.tried == offer["attempts"]:
                self._settle(call)
        elif not visit.asker and self.walks.talk(visit.leg, call.intent).leg is None and not self._conference(visit):
            self._settle(call)
        if agent.chats:
            self._begin_chat(agent, visit)
            return
        agent.until = self.now + visit.talk
        self._at(agent.until, TALK_END, agent.turn, (agent, visit))

    def _talk_end(self, what: Any) -> None:
        agent, visit, *moved = what
        if visit.result == "handed_over" or (moved and moved != [visit.moved]):
            return
        if agent.chats:
            visit.talk = self.now - visit.answered
        self._did()
        call = visit.call
        stated = None if agent.confers or visit.asker or visit.called_back else self._conference(visit)
        if stated and (self.drain or self.now < self.horizon):
            self._ask(agent, visit, stated)
            return
        agent.confers = False
        agent.records[-1][3] += 0 if agent.chats else visit.talk
        if visit.asker:
            self._let_go(visit.asker)
            visit.asker = None
        elif not visit.called_back:
            call.answered = True
            self._follow(call, self.walks.talk(visit.leg, call.intent), "new")
        elif visit.result == "unreached":
            offer = self.rules.stated[visit.queue]["callback"]
            if call.tried < offer["attempts"]:
                self._at(self.now + us(seconds(offer["again"])), CALL_AGAIN, call.id, visit)
        if agent.chats:
            self._chat_ends(agent, visit)
            return
        acw = 0 if visit.result == "unreached" else self.rules.at(self.rules.acw_s(visit.queue), call.nominal_us)
        visit.acw = acw if agent.person.speed == 1 else round(acw / agent.person.speed)
        if visit.acw:
            agent.state, agent.since = "wrap", self.now
            self._at(self.now + visit.acw, RELEASE, agent.turn, (agent, visit))
        else:
            self._release((agent, visit))

    def _conference(self, visit: Visit) -> dict | None:
        """Whom the agents of a queue ask into each talk."""
        stated = self.rules.stated.get(visit.queue, {}).get("conference")
        return stated if stated and stated["share"] == 1 else None

    def _ask(self, agent: Agent, visit: Visit, stated: dict) -> None:
        agent.confers = True
        base = us(seconds(stated["talk"]["constant"]))
        asked = Visit(visit.call, visit.leg, stated["with"], self.now, self.now, None, remaining=base, asker=agent)
        visit.call.visits.append(asked)
        if (colleague := self._agent_for(asked)) is not None:
            self._answer(asked, colleague)
        else:
            self._wait(asked)

    def _nobody_came(self, visit: Visit) -> None:
        self._leave_queue(visit, "unjoined")
        self._let_go(visit.asker)

    def _let_go(self, agent: Agent) -> None:
        """The talk of the agent who asked ends now."""
        agent.visit.talk = self.now - agent.visit.answered
        self._at(self.now, TALK_END, agent.turn, (agent, agent.visit))

    def _call_back_again(self, visit: Visit) -> None:
        if not self.drain and self.now >= self.horizon:
            return
        self._did()
        again = Visit(visit.call, visit.leg, visit.queue, self.now, self.now, None, called_back=True)
        visit.call.visits.append(again)
        if (agent := self._agent_for(again)) is not None:
            self._answer(again, agent)
        else:
            self._wait(again)

    def _release(self, what: Any) -> None:
        agent, visit, *moved = what
        if isinstance(visit, int):  # a pause that began then
            if agent.state == "pause" and agent.since == visit:
                self._end_pause(agent)
                (self._look if agent.chats else self._free)(agent)
            return
        if moved:
            if moved == [visit.moved]:
                self._chat_over(agent, visit)
            return
        if agent.visit is not visit:
            return
        self._did()
        agent.records[-1][4] += visit.acw
        agent.visit = None
        if not (isinstance(visit, Visit) and visit.result == "handled" and self._pause(agent)):
            self._free(agent)

    def _pause(self, agent: Agent) -> bool:
        """Begin the pause that follows each call of a group, if it has one."""
        pauses = self.scenario["groups"][agent.person.group].get("pauses", {"after_calls": 0})
        length = us(seconds(pauses["length"]["constant"])) if pauses["after_calls"] == 1 else 0
        if not length or self.now >= agent.row.off:
            return False
        agent.state, agent.since, agent.takes = "pause", self.now, False
        self._at(self.now + length, RELEASE, agent.turn, (agent, self.now))
        return True

    def _end_pause(self, agent: Agent) -> None:
        self._did()
        self.pauses.append((agent.id, agent.since, self.now))

    def _free(self, agent: Agent) -> None:
        agent.visit, agent.state, agent.since = None, "idle", self.now
        stays = True
        if self.now >= agent.row.off:
            stays = self._stays(agent)
            if not stays and (agent.row.ends_in_break or self._mode(agent) != "serve_queue"):
                self._leave(agent)
                return
        if (named := self._call_for(agent)) is not None:
            self._answer(named, agent)
        elif not stays:
            self._leave(agent)
        else:
            self._dial(agent)

    def _dial(self, agent: Agent) -> None:
        """A free agent for whom no call waits dials, if enough others of the group stay idle."""
        group = agent.person.group
        work = self.scenario["groups"][group].get("outbound")
        if not work or self.now >= agent.row.off or self.now >= self.horizon:
            return
        idle = sum(a.state == "idle" and a.person.group == group for a in self.agents if a is not agent)
        if idle < work.get("keep_idle", 0) or self.made[group] >= work.get("calls", math.inf):
            return
        reached = work["answered"] == 1
        talk, acw = (
            round(us(seconds(work[name]["constant"])) / agent.person.speed) if reached and name in work else 0
            for name in ("talk", "after_call_work")
        )
        call = Dialled(agent, self.now, us(seconds(work["ring"]["constant"])), reached, talk, acw)
        self.dialled.append(call)
        self.made[group] += 1
        agent.visit, agent.state = call, "dial"
        agent.taken += 1
        agent.records[-1][3] += call.ring + talk
        self._at(self.now + call.ring + talk + acw, RELEASE, agent.turn, (agent, call))

    def _stays(self, agent: Agent) -> bool:
        return self.drain and agent.row.off >= self.horizon and bool(self.pending)

    def _mode(self, agent: Agent) -> str:
        return self.scenario["groups"][agent.person.group].get("end_of_shift", "finish")

    def _shift_on(self, agent: Agent) -> None:
        self._did()
        agent.records[-1][0] = self.now
        agent.state, agent.since, agent.taken = "idle", self.now, 0
        self._at(agent.row.off, SHIFT_OFF, agent.turn, (agent, agent.row))
        if agent.chats:
            agent.worked = 0
            self._look(agent)
            return
        if (named := self._call_for(agent)) is not None:
            self._answer(named, agent)
        else:
            self._dial(agent)

    def _shift_off(self, what: tuple[Agent, Row]) -> None:
        agent, row = what
        if agent.state == "off" or agent.row is not row:
            return
        visit = agent.visit
        if agent.chats:
            self._chats_at_off(agent, row)
        elif visit is None:
            if not self._stays(agent):
                if agent.state == "pause":
                    self._end_pause(agent)
                self._leave(agent)
        elif agent.confers or getattr(visit, "asker", None):
            return
        elif self._mode(agent) == "hand_over" and row.off < self.horizon and not row.ends_in_break:
            if agent.state == "wrap":
                visit.acw = self.now - agent.since
                agent.records[-1][4] += visit.acw
                self._leave(agent)
            elif not visit.called_back:
                self._hand_over(agent, visit)

    def _hand_over(self, agent: Agent, visit: Visit) -> None:
        visit.talk, visit.result = self.now - visit.answered, "handed_over"
        agent.records[-1][3] += visit.talk
        self._leave(agent)
        self._wait_again(visit, round((agent.until - self.now) * agent.person.speed))

    def _wait_again(self, visit: Visit, remaining: int) -> None:
        """Who was handed over joins the queue again, at the place they had."""
        self.pending.add(visit.call)
        again = Visit(
            visit.call,
            visit.leg,
            visit.queue,
            self.now,
            visit.place,
            self._own_patience(visit.call, visit.leg),
            remaining=remaining,
        )
        visit.call.visits.append(again)
        if (other := self._agent_for(again)) is not None:
            self._answer(again, other)
        else:
            self._wait(again)

    def _leave(self, agent: Agent) -> None:
        self._did()
        agent.state, agent.visit = "off", None
        agent.records[-1][1] = self.now
        agent.records[-1][2] = self.now - agent.records[-1][0]
        self._next_row(agent, self.now)

    def _next_row(self, agent: Agent, ended: int | None) -> None:
        """Begin the next row that is not over before it begins: `ended` is when the previous row ended."""
        while len(agent.records) < len(agent.person.rows):
            row = agent.person.rows[len(agent.records)]
            agent.records.append([row.on, row.on, 0, 0, 0])
            begin = row.on if ended is None else max(row.on, ended + row.rest)
            if begin < row.off:
                self._at(begin, SHIFT_ON, agent.turn, agent)
                return
            assert ended is not None
            agent.records[-1][:2] = [max(ended, row.on)] * 2

    _DO: ClassVar = {
        CLOSING: _close,
        TALK_END: _talk_end,
        RELEASE: _release,
        SHIFT_ON: _shift_on,
        SHIFT_OFF: _shift_off,
        ARRIVAL: _arrive,
        MENU_END: _menu_end,
        OVERFLOW: _overflow,
        CALL_AGAIN: _call_back_again,
        LIMIT: _limit,
        ABANDONMENT: _abandon,
    }
