"""What the engines need from a scenario: queues, groups, the starting moment and the routing table."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from flows.model.flow import Flow
from flows.model.opening_hours import zone_of_hours
from flows.nodes.queue import Queue
from flows.values.units import US_PER_S
from ivr.routing import GroupSpec, QueueSpec, RoutingTable, own_queues, policies
from simulation.clock.local_time import local_clock
from simulation.scenario.model import Scenario

__all__ = ["first_queue_nodes", "group_specs", "passing_on", "queue_specs", "routing_table", "starts_at", "zone_of"]


def queue_specs(flow: Flow) -> tuple[QueueSpec, ...]:
    """The queues that nodes of the flow lead to; without stated skills, agents need the skill named after the queue.

    Examples
    --------
    >>> from flows.model.load import load
    >>> queue_specs(load("northwind").flow)[0]
    QueueSpec(name='billing', skills=('billing',), priority=0)
    """
    used = [node.queue for node in flow.nodes.values() if isinstance(node, Queue)]
    specs = []
    for name in dict.fromkeys([*(q for q in flow.queues if q in used), *used]):
        stated = flow.queues.get(name)
        specs.append(QueueSpec(name, (stated.skills if stated else ()) or (name,), stated.priority if stated else 0))
    return tuple(specs)


def first_queue_nodes(flow: Flow) -> dict[str, str]:
    """For each queue, the first node in the file that leads to it: transferred callers wait there."""
    found: dict[str, str] = {}
    for name, node in flow.nodes.items():
        if isinstance(node, Queue):
            found.setdefault(node.queue, name)
    return found


def passing_on(scenario: Scenario, flow: Flow) -> dict[str, tuple[str, ...]]:
    """For each queue node, the nodes to which its agents transfer callers.

    Examples
    --------
    >>> from simulation.loading.load import load_scenario
    >>> loaded = load_scenario("northwind_busy")
    >>> passing_on(loaded.scenario, loaded.flow)
    {'tech_queue': ('tech_tier2_queue',)}
    """
    first = first_queue_nodes(flow)
    to = {
        queue: tuple(first[transfer.to] for transfer in times.transfer)
        for queue, times in scenario.queues.items()
        if times.transfer
    }
    return {name: to[node.queue] for name, node in flow.nodes.items() if isinstance(node, Queue) and node.queue in to}


def group_specs(scenario: Scenario) -> tuple[GroupSpec, ...]:
    """The agent groups with their skill levels."""
    return tuple(GroupSpec(name, group.skills) for name, group in scenario.groups.items())


def zone_of(scenario: Scenario, flow: Flow) -> ZoneInfo:
    """The stated zone, or that of the flow's first opening hours, or UTC."""
    return ZoneInfo(scenario.zone or zone_of_hours(flow.hours) or "UTC")


def starts_at(scenario: Scenario, flow: Flow) -> dt.datetime:
    """The moment at which the scenario starts, in UTC."""
    return local_clock(scenario.start, zone_of(scenario, flow).key, scenario.horizon).utc


def routing_table(scenario: Scenario, flow: Flow) -> RoutingTable:
    """The routing table of the scenario's policy, with the scenario's changes.

    Raises
    ------
    RoutingError
        When the changes contradict each other.
    """
    wanted = scenario.routing
    specs = queue_specs(flow), group_specs(scenario)
    table = policies()[wanted.policy](*specs)
    if wanted == type(wanted)(policy=wanted.policy):
        return table
    queues, groups = table.queues, table.groups
    rank = [list(row) for row in table.rank]
    pull = [list(row) for row in table.pull]
    after = [list(row) for row in table.after_us]
    for queue, ranks in wanted.rank.items():
        for group, value in ranks.items():
            rank[queues.index(queue)][groups.index(group)] = None if value == "never" else value
    for queue, pulls in wanted.pull.items():
        for group, pulled in pulls.items():
            pull[queues.index(queue)][groups.index(group)] = pulled
    for queue, delays in wanted.after.items():
        for group, delay_s in delays.items():
            after[queues.index(queue)][groups.index(group)] = round(delay_s * US_PER_S)
    own = [list(row) for row in own_queues(*specs, rank)]
    for group, own_of_group in wanted.own.items():
        for row, queue in zip(own, queues, strict=True):
            row[groups.index(group)] = queue in own_of_group
    choice = wanted.choice if isinstance(wanted.choice, dict) else dict.fromkeys(groups, wanted.choice)
    order = wanted.order if isinstance(wanted.order, dict) else dict.fromkeys(queues, wanted.order)
    return replace(
        table,
        rank=tuple(map(tuple, rank)),
        pull=tuple(map(tuple, pull)),
        after_us=tuple(map(tuple, after)),
        priority=tuple(wanted.priority.get(q, p) for q, p in zip(queues, table.priority, strict=True)),
        weight_per_s=tuple(wanted.weight_per_s.get(q, w) for q, w in zip(queues, table.weight_per_s, strict=True)),
        keep_idle=tuple(wanted.keep_idle.get(g, k) for g, k in zip(groups, table.keep_idle, strict=True)),
        choice=tuple(choice.get(g, c) for g, c in zip(groups, table.choice, strict=True)),
        order=tuple(order.get(q, o) for q, o in zip(queues, table.order, strict=True)),
        own=tuple(map(tuple, own)),
    )
