"""Who is idle and which calls wait, kept so that both routing choices are cheap.

The decisions are those of ``ivr.routing.choice``, which a test checks one by
one; only the structures differ: a heap of idle agents a group, and for each
queue its calls in the order they joined. Entries that no longer hold are
dropped when they come to the front.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush

from ivr.routing import IdleAgent, RoutingTable, WaitingCall

__all__ = ["Agent", "Floor"]


class Agent:
    """The state of one agent during a run; `entry` is its place among the idle, None if not idle."""

    __slots__ = (
        "id", "group", "row", "on_us", "off_us", "idle_since_us", "idle_us", "calls", "worked_us", "call", "entry",
        "later_rows",
    )

    def __init__(self, id: int) -> None:
        self.id = id
        self.group = self.row = self.call = -1
        self.on_us = self.off_us = self.idle_since_us = self.idle_us = self.calls = self.worked_us = 0
        self.entry: tuple | None = None
        self.later_rows: list[int] = []


class Floor:
    """Idle agents and waiting calls under one routing table.

    Parameters
    ----------
    routing : RoutingTable
    queue_of : list of int
        Per call, its queue.
    """

    def __init__(self, routing: RoutingTable, queue_of: list[int]) -> None:
        queues, groups = range(len(routing.queues)), range(len(routing.groups))
        self.routing = routing
        self.queue_of = queue_of
        self.offered_us = [0] * len(queue_of)
        self.is_waiting = bytearray(len(queue_of))
        self.lines: list[deque[int]] = [deque() for _ in queues]
        self.idle: list[list[tuple]] = [[] for _ in groups]
        self.n_idle = [0 for _ in groups]
        best = [min((row[g] for row in routing.rank if row[g] is not None), default=None) for g in groups]

        def reserve(q: int, g: int) -> int:
            return 0 if routing.rank[q][g] == best[g] else routing.keep_idle[g]

        # Per queue, its groups in tiers of equal rank: (group, must have waited, must stay idle).
        self.tiers = [
            _tiers({g: routing.rank[q][g] for g in groups},
                   {g: (g, routing.after_us[q][g], reserve(q, g)) for g in groups})
            for q in queues]
        # Per group, its queues in tiers of equal pull: (line, priority, weight, must have waited, must stay idle).
        self.pulls = [
            _tiers({q: None if routing.rank[q][g] is None else routing.pull[q][g] for q in queues},
                   {q: (self.lines[q], routing.priority[q], routing.weight_per_s[q], routing.after_us[q][g], reserve(q, g))
                    for q in queues})
            for g in groups]

    def agent_for(self, queue: int, now_us: int, offered_us: int) -> Agent | None:
        """The agent who takes a call of this queue, or None."""
        n_idle = self.n_idle
        for tier in self.tiers[queue]:
            best = None
            for group, after_us, stay in tier:
                if n_idle[group] > stay and now_us - offered_us >= after_us:
                    first = self._first_idle(group, now_us)
                    if best is None or first < best:
                        best = first
            if best is not None:
                return best[2]
        return None

    def _first_idle(self, group: int, now_us: int) -> tuple:
        heap = self.idle[group]
        if self.routing.choice[group] == "least_occupied":
            # Occupancies move while agents idle, so no order can be kept; entries in use are those of agents.
            heap[:] = [entry for entry in heap if entry[2].entry is entry]
            return min(
                (a.worked_us / (now_us - a.on_us) if now_us > a.on_us else 0.0, a.id, a) for _, _, a in heap)
        while heap[0][2].entry is not heap[0]:
            heappop(heap)
        return heap[0]

    def call_for(self, group: int, now_us: int) -> int | None:
        """The call that an agent of this group, just become free, takes; or None."""
        n_idle = self.n_idle[group] + 1
        is_waiting, offered_us = self.is_waiting, self.offered_us
        for tier in self.pulls[group]:
            best = None
            for line, priority, weight, after_us, stay in tier:
                while line and not is_waiting[line[0]]:
                    line.popleft()
                # The first of a line has waited longest, so no other of the line can come before it.
                if line and n_idle > stay:
                    call = line[0]
                    waited_us = now_us - offered_us[call]
                    if waited_us >= after_us:
                        key = (-(priority + weight * (waited_us / 1_000_000)), offered_us[call], call)
                        if best is None or key < best:
                            best = key
            if best is not None:
                return best[2]
        return None

    def add_idle(self, agent: Agent, now_us: int) -> None:
        """An agent waits for a call from now."""
        agent.idle_since_us = now_us
        first = agent.calls if self.routing.choice[agent.group] == "fewest_calls" else now_us
        agent.entry = entry = (first, agent.id, agent)
        heappush(self.idle[agent.group], entry)
        self.n_idle[agent.group] += 1

    def remove_idle(self, agent: Agent, now_us: int) -> None:
        """An idle agent takes a call, or leaves."""
        agent.entry = None
        agent.idle_us += now_us - agent.idle_since_us
        self.n_idle[agent.group] -= 1

    def add_waiting(self, call: int, now_us: int) -> None:
        """A call joins its queue; calls must come in the order (time, call id)."""
        self.offered_us[call] = now_us
        self.is_waiting[call] = 1
        self.lines[self.queue_of[call]].append(call)

    def remove_waiting(self, call: int) -> None:
        """A waiting call is answered, or leaves."""
        self.is_waiting[call] = 0

    def idle_agents(self, now_us: int) -> list[IdleAgent]:
        """All idle agents, as the pure choice reads them."""
        return [
            IdleAgent(a.id, a.group, a.idle_since_us, a.calls, a.worked_us, now_us - a.on_us)
            for heap in self.idle for entry in heap for a in [entry[2]] if a.entry is entry]

    def waiting_calls(self) -> list[WaitingCall]:
        """All waiting calls, as the pure choice reads them."""
        return [
            WaitingCall(call, queue, self.offered_us[call])
            for queue, line in enumerate(self.lines) for call in line if self.is_waiting[call]]


def _tiers(order: dict[int, int | None], entries: dict[int, tuple]) -> tuple[tuple[tuple, ...], ...]:
    """Entries grouped by equal order, lowest first; None is left out."""
    levels = sorted({level for level in order.values() if level is not None})
    return tuple(tuple(entries[i] for i in order if order[i] == level) for level in levels)
