"""Which agent for a call, which call for an agent, and how long a caller will wait, at one moment of the floor."""

from __future__ import annotations

from tests.support.models.people import Agent, Visit
from tests.support.models.rules import Rules
from tests.support.models.walks import us


class Choosing:
    """Choices of a floor; they change nothing."""

    rules: Rules
    agents: list[Agent]
    waiting: list[Visit]
    last_wait: dict[str, int]
    now: int
    seeking: Agent | None = None

    def _can(self, agent: Agent, queue: str) -> bool:
        """Whether an agent is idle, or can take another chat."""
        if agent.chats is None or agent.state != "chats":
            return agent.state == "idle"
        if not agent.takes and agent is not self.seeking:
            return False
        if not agent.covers(queue):
            return not agent.in_hand
        return agent.in_hand < len(agent.hand) and all(v is None or agent.covers(v.queue) for v in agent.hand)

    def _may(self, group: str, queue: str, wait: int) -> bool:
        rules = self.rules
        idle = sum(self._can(a, queue) and a.person.group == group for a in self.agents)
        return (
            rules.rank[queue, group] is not None
            and wait >= rules.after[queue, group]
            and idle > (0 if rules.own[queue, group] else rules.keep_idle[group])
        )

    def _agent_for(self, visit: Visit) -> Agent | None:
        rules, queue = self.rules, visit.queue
        may = [g for g in rules.groups if self._may(g, queue, self.now - visit.place)]
        if not may:
            return None
        lowest = min(rules.rank[queue, g] for g in may)
        pool = [
            a
            for a in self.agents
            if self._can(a, queue) and a.person.group in may and rules.rank[queue, a.person.group] == lowest
        ]
        choice = rules.choice[pool[0].person.group]

        def key(agent: Agent) -> tuple[float, float, int]:
            if choice == "longest_idle":
                return agent.in_hand, agent.since, agent.id
            if choice == "fewest_calls":
                return agent.in_hand, agent.taken, agent.id
            on, *_, busy, wrap = agent.records[-1]
            worked = agent.worked if agent.chats else busy + wrap
            return agent.in_hand, (worked / (self.now - on) if self.now > on else 0), agent.id

        return min(pool, key=key)

    def _call_for(self, agent: Agent) -> Visit | None:
        rules, group = self.rules, agent.person.group

        def key(v: Visit) -> tuple[float, ...]:
            score = rules.priority[v.queue] + v.leg.urgency + rules.weight[v.queue] * ((self.now - v.place) / 1_000_000)
            return rules.pull[v.queue, group], -score, v.place, v.call.id

        fit = [v for v in self.waiting if not agent.chats or self._can(agent, v.queue)]
        return min((v for v in fit if self._may(group, v.queue, self.now - v.place)), key=key, default=None)

    def _estimate(self, queue: str) -> int:
        rules = self.rules
        there = [v for v in self.waiting if v.queue == queue]
        how = rules.estimator(queue)
        if how == "last_to_enter":
            return self.last_wait[queue]
        if how == "head_of_line":
            firsts: dict[float, Visit] = {}
            for visit in sorted(there, key=lambda v: (v.place, v.call.id)):
                firsts.setdefault(visit.leg.urgency, visit)
            return max((self.now - v.offered for v in firsts.values()), default=0)
        serving = [g for g in rules.groups if rules.rank[queue, g] is not None]
        on_duty = [a.person for a in self.agents if a.state != "off" and a.person.group in serving]
        if on_duty:
            total = sum(round(us(rules.handle_s(queue, p.group)) / p.speed) for p in on_duty)
            return (len(there) + 1) * (total // len(on_duty)) // len(on_duty)
        return (len(there) + 1) * us(sum(rules.handle_s(queue, g) for g in serving) / len(serving)) if serving else 0
