"""Agents with several chats in hand, from the words of docs/engines.md."""

from __future__ import annotations

from tests.support.models.choosing import Choosing
from tests.support.models.people import Agent, Visit
from tests.support.models.staffing import Row

TALK_END, RELEASE, SHIFT_OFF = 1, 2, 4


class Chatting(Choosing):
    """What agents do who chat; the floor does the rest."""

    horizon: int

    def _slow(self, agent: Agent) -> float:
        assert agent.chats
        return agent.chats["slower"][agent.in_hand - 1] if agent.in_hand else 1

    def _account(self, agent: Agent) -> None:
        """Add the time since the last change to the agent's record: talk if any goes on, else work after chats."""
        there = [visit for visit in agent.hand if visit]
        if there:
            agent.records[-1][3 if any(not visit.wraps for visit in there) else 4] += self.now - agent.seen
        agent.seen = self.now

    def _move(self, agent: Agent, visit: Visit, until: int) -> None:
        visit.until, visit.moved = until, visit.moved + 1
        kind = RELEASE if visit.wraps else TALK_END
        self._at(until, kind, agent.turn + 1 + agent.hand.index(visit), (agent, visit, visit.moved))

    def _put(self, agent: Agent, at: int, visit: Visit | None) -> None:
        """Change what is in a hand; the others go on faster or slower."""
        self._account(agent)
        before, others = self._slow(agent), [v for i, v in enumerate(agent.hand) if v and i != at]
        agent.hand[at] = visit
        after = self._slow(agent)
        if before != after:
            for other in others:
                self._move(agent, other, self.now + round((other.until - self.now) * after / before))

    def _begin_chat(self, agent: Agent, visit: Visit) -> None:
        self._put(agent, agent.hand.index(None), visit)
        self._move(agent, visit, self.now + round(visit.talk * self._slow(agent)))

    def _chat_ends(self, agent: Agent, visit: Visit) -> None:
        """The talk is over, and what follows it for the caller has begun."""
        acw = 0 if visit.result == "unreached" else self.rules.at(self.rules.acw_s(visit.queue), visit.call.nominal_us)
        acw = acw if agent.person.speed == 1 else round(acw / agent.person.speed)
        work = round(acw * self._slow(agent))
        if work:
            self._account(agent)
            visit.wraps = True
            self._move(agent, visit, self.now + work)
        else:
            self._chat_over(agent, visit)

    def _let_down(self, agent: Agent, visit: Visit) -> None:
        self._put(agent, agent.hand.index(visit), None)
        visit.moved += 1
        agent.worked += self.now - visit.answered
        if visit.wraps:
            visit.acw = self.now - visit.answered - visit.talk

    def _chat_over(self, agent: Agent, visit: Visit) -> None:
        self._did()
        self._let_down(agent, visit)
        if not agent.in_hand and visit.result == "handled" and self._pause(agent):
            return
        self._look(agent)

    def _look(self, agent: Agent) -> None:
        """Take what is chosen, one after another; then wait for more, finish or leave."""
        agent.state, agent.since = "chats", self.now
        while True:
            stays = self.now < agent.row.off or self._stays(agent)
            named = None
            if stays or (self._mode(agent) == "serve_queue" and not agent.row.ends_in_break):
                self.seeking = agent
                named = self._call_for(agent)
                self.seeking = None
            agent.takes = stays
            if named is None:
                break
            self._answer(named, agent)
        if not stays and not agent.in_hand:
            self._leave(agent)

    def _chats_at_off(self, agent: Agent, row: Row) -> None:
        if self._stays(agent):
            return
        if agent.state == "pause":
            self._end_pause(agent)
        agent.takes = False
        handed = None
        if self._mode(agent) == "hand_over" and self.now < self.horizon and not row.ends_in_break:
            for visit in list(agent.hand):
                if visit and visit.wraps:
                    self._let_down(agent, visit)
            handed = next((v for v in agent.hand if v and not v.called_back), None)
        if handed:
            left = round((handed.until - self.now) / self._slow(agent))
            self._let_down(agent, handed)
            handed.talk, handed.result = self.now - handed.answered, "handed_over"
            if agent.in_hand:
                self._at(self.now, SHIFT_OFF, agent.turn, (agent, row))
            else:
                self._leave(agent)
            self._wait_again(handed, round(left * agent.person.speed))
        elif not agent.in_hand:
            self._leave(agent)
