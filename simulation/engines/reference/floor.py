"""Idle agents and waiting calls, stored so that both routing choices are cheap.

The decisions are those of ``ivr.routing.choice``, which a test checks one by one; only the structures differ: a heap of
idle agents for each group, and the visits of each queue and urgency by (place, call). Stale entries are dropped when
they reach the front.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import TypeVar

from flows.values.units import US_PER_S
from ivr.routing import IdleAgent, RoutingTable, WaitingCall, ticket
from simulation.engines.reference.people import Agent, Entry
from simulation.engines.reference.visit import Visit
from simulation.tables.chats import Chats
from simulation.tables.queue_rules import QueueRule

__all__ = ["Floor"]


T = TypeVar("T")
Candidate = tuple[int, float, int, Agent]
"""An agent who may be chosen: chats in hand, sort key of the choice, id, agent."""
GroupTier = tuple[tuple[int, int, int], ...]
"""Groups of equal rank: (group, must have waited, agents who must stay idle)."""
LaneTier = tuple[tuple[deque[Visit], float, float, int, int, bool], ...]
"""Lanes of equal pull: (lane, priority, weight, must have waited, agents who must stay idle, taken alone by agents who
chat).
"""


class Floor:
    """Idle agents and waiting visits under one routing table.

    Parameters
    ----------
    routing : RoutingTable
    urgencies : tuple of float
        Added to the priority of a queue.
    rules : sequence of QueueRule
        The rules of the queues.
    chats : sequence of Chats or None
        Those of the groups.
    """

    def __init__(
        self,
        routing: RoutingTable,
        urgencies: tuple[float, ...],
        rules: Sequence[QueueRule],
        chats: Sequence[Chats | None],
    ) -> None:
        queues, groups = range(len(routing.queues)), range(len(routing.groups))
        self.chats = chats
        self.routing, self.urgencies, self.rules = routing, urgencies, rules
        self.lanes: list[list[deque[Visit]]] = [[deque() for _ in urgencies] for _ in queues]
        self.waiting = [0 for _ in queues]
        self.on_the_line = [0 for _ in queues]
        self.last_wait_us = [0 for _ in queues]
        self.idle: list[list[Entry]] = [[] for _ in groups]
        self.n_idle = [0 for _ in groups]
        self.on_duty = [0 for _ in queues]  # agents who may serve the queue
        self.handle_us = [0 for _ in queues]  # total handle time of these agents, one call each
        self.served_by = [[q for q in queues if routing.rank[q][g] is not None] for g in groups]

        def reserve(q: int, g: int) -> int:
            return 0 if routing.own[q][g] else routing.keep_idle[g]

        def alone(q: int, g: int) -> bool:
            of = chats[g]
            return of is not None and not of.covers(routing.queues[q])

        self.alone = [[alone(q, g) for g in groups] for q in queues]

        self.tiers: list[tuple[GroupTier, ...]] = [  # by queue
            _tiers(
                {g: routing.rank[q][g] for g in groups},
                {g: [(g, routing.after_us[q][g], reserve(q, g))] for g in groups},
            )
            for q in queues
        ]
        self.pulls: list[tuple[LaneTier, ...]] = [  # by group
            _tiers(
                {q: None if routing.rank[q][g] is None else routing.pull[q][g] for q in queues},
                {
                    q: [
                        (
                            lane,
                            routing.priority[q] + urgency,
                            routing.weight_per_s[q],
                            routing.after_us[q][g],
                            reserve(q, g),
                            alone(q, g),
                        )
                        for lane, urgency in zip(self.lanes[q], urgencies, strict=True)
                    ]
                    for q in queues
                },
            )
            for g in groups
        ]

    def agent_for(self, queue: int, waited_us: int, draw: int, now_us: int) -> Agent | None:
        """The agent who takes a call with this draw from this queue, or None."""
        n_idle = self.n_idle
        for tier in self.tiers[queue]:
            best: Candidate | None = None
            for group, after_us, stay in tier:
                if n_idle[group] > stay and waited_us >= after_us:
                    first = self._first_able(queue, group, stay, draw, now_us)
                    if first is not None and (best is None or first < best):
                        best = first
            if best is not None:
                return best[3]
        return None

    def _first_able(self, queue: int, group: int, stay: int, draw: int, now_us: int) -> Candidate | None:
        """The agent of a group who comes first for a call; None if too few can take it."""
        heap, choice = self.idle[group], self.routing.choice[group]
        if self.chats[group] is None and choice in ("longest_idle", "fewest_calls"):
            while heap[0][2].entry is not heap[0]:
                heappop(heap)
            return 0, *heap[0]
        # Occupancies change while agents are idle, tickets with each call, and chats in hand while an agent is able to
        # take more, so no order can be kept.
        heap[:] = [entry for entry in heap if entry[2].entry is entry]
        able = self._able(group, alone=self.alone[queue][group])
        if len(able) <= stay:
            return None
        if choice == "random":
            return min((a.in_hand, ticket(draw, a.id), a.id, a) for a in able)
        if choice == "least_occupied":
            return min(
                (a.in_hand, a.worked_us / (now_us - a.on_us) if now_us > a.on_us else 0.0, a.id, a) for a in able
            )
        return min((a.in_hand, a.calls if choice == "fewest_calls" else a.idle_since_us, a.id, a) for a in able)

    def _able(self, group: int, *, alone: bool) -> list[Agent]:
        """The agents of a group who can take a call now; one that is taken alone only with nothing in hand."""
        return [a for entry in self.idle[group] for a in [entry[2]] if a.entry is entry and not (alone and a.in_hand)]

    def visit_for(self, group: int, now_us: int, in_hand: int = 0) -> Visit | None:
        """The waiting visit that an agent of this group takes who has become free, with this many chats in hand."""
        n_idle = self.n_idle[group] + 1
        for tier in self.pulls[group]:
            best: tuple[float, int, int] | None = None
            for lane, priority, weight, after_us, stay, alone in tier:
                if alone and (in_hand or len(self._able(group, alone=True)) + 1 <= stay):
                    continue
                while lane and not lane[0].waits:
                    lane.popleft()
                # The first visit of a lane has waited longest, so no other visit of the lane can come before it.
                if lane and n_idle > stay:
                    visit = lane[0]
                    waited_us = now_us - visit.place_us
                    if waited_us >= after_us:
                        key = (-(priority + weight * (waited_us / US_PER_S)), visit.place_us, visit.call)
                        if best is None or key < best:
                            best, found = key, visit
            if best is not None:
                return found
        return None

    def add_idle(self, agent: Agent, now_us: int) -> None:
        """An agent becomes idle now, or able to take another chat."""
        agent.idle_since_us = now_us
        first = agent.calls if self.routing.choice[agent.group] == "fewest_calls" else now_us
        agent.entry = entry = (first, agent.id, agent)
        heappush(self.idle[agent.group], entry)
        self.n_idle[agent.group] += 1

    def remove_idle(self, agent: Agent, now_us: int) -> None:
        """An agent is no longer idle, or able to take another chat."""
        agent.entry = None
        if agent.chats is None:
            agent.idle_us += now_us - agent.idle_since_us
        self.n_idle[agent.group] -= 1

    def add_waiting(self, visit: Visit, urgency: int) -> None:
        """Add a waiting visit in order of (place, call)."""
        lane = self.lanes[visit.queue][urgency]
        lane.append(visit)
        key, i = (visit.place_us, visit.call), len(lane) - 1
        while i and (lane[i - 1].place_us, lane[i - 1].call) > key:
            lane[i], lane[i - 1] = lane[i - 1], visit
            i -= 1
        visit.waits = True
        self.waiting[visit.queue] += 1
        self.on_the_line[visit.queue] += not visit.called_back

    def remove_waiting(self, visit: Visit) -> None:
        """Remove a visit that is answered or ends."""
        visit.waits = False
        self.waiting[visit.queue] -= 1
        self.on_the_line[visit.queue] -= not visit.called_back

    def on_duty_changes(self, agent: Agent, by: int) -> None:
        """An agent begins (1) or leaves (-1)."""
        for queue in self.served_by[agent.group]:
            self.on_duty[queue] += by
            self.handle_us[queue] += by * self.rules[queue].handle_of(agent.group, agent.speed)

    def estimates(self, queue: int, now_us: int) -> tuple[int, int, int]:
        """The expected wait of a joining call, by each of ``ESTIMATORS``."""
        agents, joined_us = self.on_duty[queue], now_us
        mean_us = self.handle_us[queue] // agents if agents else self.rules[queue].mean_handle_us
        for lane in self.lanes[queue]:
            while lane and not lane[0].waits:
                lane.popleft()
            if lane:
                joined_us = min(joined_us, lane[0].offered_us)
        return (self.waiting[queue] + 1) * mean_us // max(1, agents), now_us - joined_us, self.last_wait_us[queue]

    def idle_agents(self, now_us: int) -> list[IdleAgent]:
        """All idle agents, in the form that ``ivr.routing.choice`` takes."""
        return [
            IdleAgent(a.id, a.group, a.idle_since_us, a.calls, a.worked_us, now_us - a.on_us, a.in_hand)
            for heap in self.idle
            for entry in heap
            for a in [entry[2]]
            if a.entry is entry
        ]

    def waiting_visits(self) -> list[Visit]:
        """All waiting visits, by (place, call)."""
        found = [visit for lanes in self.lanes for lane in lanes for visit in lane if visit.waits]
        return sorted(found, key=lambda visit: (visit.place_us, visit.call))

    def waiting_calls(self) -> list[WaitingCall]:
        """All waiting calls, in the form that ``ivr.routing.choice`` takes."""
        return [
            WaitingCall(visit.call, queue, visit.place_us, urgency)
            for queue, lanes in enumerate(self.lanes)
            for lane, urgency in zip(lanes, self.urgencies, strict=True)
            for visit in lane
            if visit.waits
        ]


def _tiers(order: dict[int, int | None], entries: dict[int, list[T]]) -> tuple[tuple[T, ...], ...]:
    """Entries grouped by equal order, lowest first; an order of None is left out."""
    levels = sorted({level for level in order.values() if level is not None})
    return tuple(tuple(entry for i in order if order[i] == level for entry in entries[i]) for level in levels)
