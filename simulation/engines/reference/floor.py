"""Idle agents and waiting calls, stored so that both routing choices are cheap.

The decisions are those of ``ivr.routing.choice``, which a test checks one by one; only the structures differ: a heap of
idle agents for each group, and the visits of each queue and urgency by (place, call). Stale entries are dropped when
they reach the front.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TypeVar

from flows.values.units import US_PER_S
from ivr.records.schema import NONE
from ivr.routing import IdleAgent, RoutingTable, WaitingCall, ticket
from simulation.engines.reference.dialled import Dialled
from simulation.engines.reference.schedule import Happening
from simulation.engines.reference.visit import Visit
from simulation.tables.queue_rules import QueueRule

__all__ = ["Agent", "Floor"]


T = TypeVar("T")
Entry = tuple[float, int, "Agent"]
"""An idle agent in a heap: sort key of the choice, id, agent."""
GroupTier = tuple[tuple[int, int, int], ...]
"""Groups of equal rank: (group, must have waited, agents who must stay idle)."""
LaneTier = tuple[tuple[deque[Visit], float, float, int, int], ...]
"""Lanes of equal pull: (lane, priority, weight, must have waited, agents who must stay idle)."""


@dataclass(slots=True, eq=False)
class Agent:
    """One agent during a run.

    Parameters
    ----------
    id : int
    rows : list of int
        Remaining rows of the staff table, the next one last.
    row, group : int
        The row being worked, and its group; NONE off duty.
    speed : float
    on_us, off_us : int
        When the row began, and when it is due to end.
    calls, worked_us, idle_us : int
        In this row: calls taken, time worked, time idle.
    visit : Visit or None
        The current call.
    dialled : Dialled or None
        The current call that the agent made.
    confers_on : int
        The row of the call that the agent asked a colleague about; NONE if they have not.
    talk_end_us : int
        When the talk ends.
    due : Happening or None
        The event that ends the agent's current activity.
    entry : tuple or None
        The agent's place among the idle; None if not idle.
    idle_since_us : int
    paused_us : int or None
        When the agent's pause began; None if they do not pause.
    """

    id: int
    rows: list[int] = field(default_factory=list)
    row: int = NONE
    group: int = NONE
    speed: float = 1.0
    on_us: int = 0
    off_us: int = 0
    calls: int = 0
    worked_us: int = 0
    idle_us: int = 0
    visit: Visit | None = None
    dialled: Dialled | None = None
    confers_on: int = NONE
    talk_end_us: int = 0
    due: Happening[Agent] | None = None
    entry: Entry | None = None
    idle_since_us: int = 0
    paused_us: int | None = None


class Floor:
    """Idle agents and waiting visits under one routing table.

    Parameters
    ----------
    routing : RoutingTable
    urgencies : tuple of float
        Added to the priority of a queue.
    rules : sequence of QueueRule
        The rules of the queues.
    """

    def __init__(self, routing: RoutingTable, urgencies: tuple[float, ...], rules: Sequence[QueueRule]) -> None:
        queues, groups = range(len(routing.queues)), range(len(routing.groups))
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
            best: Entry | None = None
            for group, after_us, stay in tier:
                if n_idle[group] > stay and waited_us >= after_us:
                    first = self._first_idle(group, draw, now_us)
                    if best is None or first < best:
                        best = first
            if best is not None:
                return best[2]
        return None

    def _first_idle(self, group: int, draw: int, now_us: int) -> Entry:
        heap, choice = self.idle[group], self.routing.choice[group]
        if choice in ("least_occupied", "random"):
            # Occupancies change while agents are idle, and tickets with each call, so no order can be kept.
            heap[:] = [entry for entry in heap if entry[2].entry is entry]
            if choice == "random":
                return min((ticket(draw, a.id), a.id, a) for _, _, a in heap)
            return min((a.worked_us / (now_us - a.on_us) if now_us > a.on_us else 0.0, a.id, a) for _, _, a in heap)
        while heap[0][2].entry is not heap[0]:
            heappop(heap)
        return heap[0]

    def visit_for(self, group: int, now_us: int) -> Visit | None:
        """The waiting visit that a newly free agent of this group takes, or None."""
        n_idle = self.n_idle[group] + 1
        for tier in self.pulls[group]:
            best: tuple[float, int, int] | None = None
            for lane, priority, weight, after_us, stay in tier:
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
        """An agent becomes idle now."""
        agent.idle_since_us = now_us
        first = agent.calls if self.routing.choice[agent.group] == "fewest_calls" else now_us
        agent.entry = entry = (first, agent.id, agent)
        heappush(self.idle[agent.group], entry)
        self.n_idle[agent.group] += 1

    def remove_idle(self, agent: Agent, now_us: int) -> None:
        """An idle agent takes a call or leaves."""
        agent.entry = None
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
            IdleAgent(a.id, a.group, a.idle_since_us, a.calls, a.worked_us, now_us - a.on_us)
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
