"""Idle agents and waiting visits, and the two routing decisions over them. Compiled.

The decisions are those of ``ivr.routing.choice``. The idle agents of a group and the waiting visits of a lane (one
queue and urgency) are linked lists in the order in which they are chosen, so only the first needs checking. Insertion
searches from the end, where a new agent or visit nearly always belongs.
"""

from __future__ import annotations

import numpy as np

from flows.values.units import US_PER_S
from ivr.records.schema import NONE
from ivr.routing.table import CHOICES
from simulation.engines.kernel.jit import inline
from simulation.engines.kernel.linked_lists import link, unlink
from simulation.engines.kernel.random_choice import ticket
from simulation.engines.kernel.state import (
    ALONE,
    AgentRecord,
    GroupRecord,
    Int64s,
    LaneRecord,
    NodeRecord,
    PairRecord,
    QueueRecord,
    RecordArray,
    RunRecord,
    World,
)

__all__ = [
    "add_idle",
    "add_waiting",
    "agent_for",
    "estimate",
    "node_for",
    "on_duty_changes",
    "remove_idle",
    "remove_waiting",
]

FEWEST_CALLS, LEAST_OCCUPIED, RANDOM = map(CHOICES.index, ("fewest_calls", "least_occupied", "random"))


@inline
def agent_for(  # noqa: C901 - one pass that carries the best so far
    pairs: RecordArray[PairRecord],
    groups: RecordArray[GroupRecord],
    agents: RecordArray[AgentRecord],
    queue: int,
    waited_us: int,
    draw: int,
    now: int,
) -> int:
    """The agent who takes a call with this draw from this queue after this wait, or NONE."""
    best, best_rank, best_key, best_share, best_hands = NONE, 0, 0, 0.0, 0
    for i in range(len(groups)):
        group = pairs[queue, i].by_rank
        if group == NONE:
            break
        pair = pairs[queue, group]
        if best != NONE and pair.rank != best_rank:
            break
        if groups[group].n_idle <= pair.reserve or waited_us < pair.after:
            continue
        if pair.shared:
            # Chats in hand change while agents are able to take more, so no order can be kept.
            if pair.shared == ALONE and groups[group].n_nothing <= pair.reserve:
                continue
            agent = groups[group].first
            while agent != NONE:
                a = agents[agent]
                key, share = a.idle_since, 0.0
                if groups[group].choice == LEAST_OCCUPIED:
                    key, share = 0, a.worked / (now - a.on) if now > a.on else 0.0
                elif groups[group].choice == RANDOM:
                    key = ticket(draw, a.id)
                elif groups[group].choice == FEWEST_CALLS:
                    key = a.calls
                first = a.hands < best_hands or (
                    a.hands == best_hands
                    and (
                        share < best_share
                        or (share == best_share and (key < best_key or (key == best_key and agent < best)))
                    )
                )
                if (best == NONE or first) and not (pair.shared == ALONE and a.hands):
                    best, best_hands, best_share, best_key, best_rank = agent, a.hands, share, key, pair.rank
                agent = a.after
        elif groups[group].choice == LEAST_OCCUPIED:
            # Occupancies change while agents are idle, so no order can be kept.
            agent = groups[group].first
            while agent != NONE:
                staffed = now - agents[agent].on
                share = agents[agent].worked / staffed if staffed else 0.0
                if best == NONE or best_hands or share < best_share or (share == best_share and agent < best):
                    best, best_share, best_rank, best_hands = agent, share, pair.rank, 0
                agent = agents[agent].after
        elif groups[group].choice == RANDOM:
            agent = groups[group].first
            while agent != NONE:
                key = ticket(draw, agents[agent].id)
                if best == NONE or best_hands or key < best_key or (key == best_key and agent < best):
                    best, best_key, best_rank, best_hands = agent, key, pair.rank, 0
                agent = agents[agent].after
        else:
            agent = groups[group].first
            key = agents[agent].calls if groups[group].choice == FEWEST_CALLS else agents[agent].idle_since
            if best == NONE or best_hands or key < best_key or (key == best_key and agent < best):
                best, best_key, best_rank, best_hands = agent, key, pair.rank, 0
    return best


@inline
def node_for(
    pairs: RecordArray[PairRecord],
    groups: RecordArray[GroupRecord],
    queues: RecordArray[QueueRecord],
    lanes: RecordArray[LaneRecord],
    nodes: RecordArray[NodeRecord],
    urgencies: int,
    group: int,
    hands: int,
    now: int,
) -> int:
    """The waiting visit that a newly free agent of this group takes, with this many chats in hand, or NONE."""
    n_idle = groups[group].n_idle + 1
    best, best_pull, best_score = NONE, 0, 0.0
    for i in range(len(queues)):
        queue = pairs[i, group].by_pull
        if queue == NONE:
            break
        pair = pairs[queue, group]
        if best != NONE and pair.pull != best_pull:
            break
        if queues[queue].waiting == 0 or n_idle <= pair.reserve:
            continue
        if pair.shared == ALONE and (hands or groups[group].n_nothing + 1 <= pair.reserve):
            continue
        for lane in range(queue * urgencies, (queue + 1) * urgencies):
            node = lanes[lane].first
            # The first visit of a lane has waited longest, so no other visit of the lane can come before it.
            if node == NONE:
                continue
            waited_us = now - nodes[node].place
            if waited_us < pair.after:
                continue
            score = lanes[lane].priority + queues[queue].weight * (waited_us / US_PER_S)
            if best != NONE and not score > best_score:
                if score < best_score or nodes[node].place > nodes[best].place:
                    continue
                if nodes[node].place == nodes[best].place and nodes[node].call > nodes[best].call:
                    continue
            best, best_pull, best_score = node, pair.pull, score
    return best


@inline
def add_idle(groups: RecordArray[GroupRecord], agents: RecordArray[AgentRecord], agent: int, now: int) -> None:
    """An agent becomes idle now."""
    a = agents[agent]
    a.idle_since = now
    g = groups[a.group]
    g.n_idle += 1
    before = g.last
    if g.choice == FEWEST_CALLS:
        while before != NONE and (
            agents[before].calls > a.calls or (agents[before].calls == a.calls and before > agent)
        ):
            before = agents[before].before
    else:
        while before != NONE and agents[before].idle_since == now and before > agent:
            before = agents[before].before
    link(g, agents, agent, before)


@inline
def remove_idle(groups: RecordArray[GroupRecord], agents: RecordArray[AgentRecord], agent: int, now: int) -> None:
    """An idle agent takes a call or leaves."""
    a = agents[agent]
    a.idle += now - a.idle_since
    g = groups[a.group]
    g.n_idle -= 1
    unlink(g, agents, agent)


@inline
def add_waiting(
    queues: RecordArray[QueueRecord],
    lanes: RecordArray[LaneRecord],
    nodes: RecordArray[NodeRecord],
    urgencies: int,
    node: int,
) -> None:
    """Add a waiting visit in order of (place, call)."""
    v = nodes[node]
    queues[v.lane // urgencies].waiting += 1
    if v.tries == NONE:
        queues[v.lane // urgencies].on_the_line += 1
    lane = lanes[v.lane]
    if lane.first != NONE and _stands_before(nodes, node, lane.first):  # it has kept its place
        before = NONE
    else:
        before = lane.last
        while before != NONE and _stands_before(nodes, node, before):
            before = nodes[before].before
    link(lane, nodes, node, before)


@inline
def _stands_before(nodes: RecordArray[NodeRecord], node: int, other: int) -> bool:
    return nodes[node].place < nodes[other].place or (
        nodes[node].place == nodes[other].place and nodes[node].call < nodes[other].call
    )


@inline
def remove_waiting(
    s: RunRecord,
    queues: RecordArray[QueueRecord],
    lanes: RecordArray[LaneRecord],
    nodes: RecordArray[NodeRecord],
    urgencies: int,
    node: int,
) -> None:
    """Remove a visit that is answered or ends; its node can be reused."""
    v = nodes[node]
    queues[v.lane // urgencies].waiting -= 1
    if v.tries == NONE:
        queues[v.lane // urgencies].on_the_line -= 1
    unlink(lanes[v.lane], nodes, node)
    v.visit = NONE
    v.after = s.free_node
    s.free_node = node


@inline
def on_duty_changes(w: World, agent: int, by: int) -> None:
    """An agent begins (1) or leaves (-1): update each queue's count of agents and their total handle time."""
    a = w.agents[agent]
    for queue in range(len(w.queues)):
        pair = w.pairs[queue, a.group]
        if pair.may:
            w.queues[queue].on_duty += by
            w.queues[queue].duty_handle += by * (pair.handle if a.speed == 1 else int(np.rint(pair.handle / a.speed)))


@inline
def estimate(w: World, urgencies: int, queue: int, now: int, found: Int64s) -> None:
    """Put the expected wait of a joining call into `found`, by each of ESTIMATORS."""
    q = w.queues[queue]
    agents = max(1, q.on_duty)
    mean = q.duty_handle // agents if q.on_duty else q.mean_handle
    longest = 0
    for lane in range(queue * urgencies, (queue + 1) * urgencies):
        first = w.lanes[lane].first
        if first != NONE:
            longest = max(longest, now - w.offered_us[w.nodes[first].visit])
    found[0] = (q.waiting + 1) * mean // agents
    found[1] = longest
    found[2] = q.last_wait
