"""From a scenario to what engines read of the floor: queues, groups, the moment it begins, and the routing table."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from flows.model.flow import Flow
from flows.model.opening_hours import zone_of_hours
from flows.values.units import US_PER_S
from ivr.routing import GroupSpec, QueueSpec, RoutingTable, own_queues, policies
from simulation.clock.local_time import local_clock
from simulation.scenario.model import Scenario

__all__ = ["group_specs", "first_queue_nodes", "passing_on", "queue_specs", "routing_table", "starts_at", "zone_of"]


def queue_specs(flow: Flow) -> tuple[QueueSpec, ...]:
    """The queues that nodes of the flow lead to; without stated skills an agent needs the one named like the queue.

    Examples
    --------
    >>> from flows.model.load import load
    >>> queue_specs(load("northwind").flow)[0]
    QueueSpec(name='billing', skills=('billing',), priority=0)
    """
    used = [node.queue for node in flow.nodes.values() if node.type == "queue"]
    specs = []
    for name in dict.fromkeys([*(q for q in flow.queues if q in used), *used]):
        stated = flow.queues.get(name)
        specs.append(QueueSpec(name, (stated.skills if stated else ()) or (name,), stated.priority if stated else 0))
    return tuple(specs)


def first_queue_nodes(flow: Flow) -> dict[str, str]:
    """By queue the first node, in the order of the file, that leads to it: where callers wait whom an agent passes on
    to the queue.
    """
    found: dict[str, str] = {}
    for name, node in flow.nodes.items():
        if node.type == "queue":
            found.setdefault(node.queue, name)
    return found


def passing_on(scenario: Scenario, flow: Flow) -> dict[str, tuple[str, ...]]:
    """By queue node, the nodes to which its agents pass callers on.

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
    return {name: to[node.queue] for name, node in flow.nodes.items() if node.type == "queue" and node.queue in to}


def group_specs(scenario: Scenario) -> tuple[GroupSpec, ...]:
    """The agent groups with their skill levels."""
    return tuple(GroupSpec(name, group.skills) for name, group in scenario.groups.items())


def zone_of(scenario: Scenario, flow: Flow) -> ZoneInfo:
    """The stated zone, else that of the flow's first opening hours, else UTC."""
    return ZoneInfo(scenario.zone or zone_of_hours(flow.hours) or "UTC")


def starts_at(scenario: Scenario, flow: Flow) -> dt.datetime:
    """The moment at which the scenario starts, in UTC."""
    return local_clock(scenario.start, zone_of(scenario, flow).key, scenario.horizon).utc


def routing_table(scenario: Scenario, flow: Flow) -> RoutingTable:
    """The table of the scenario's policy, with what the scenario changes in it.

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
    for stated, cells in ((wanted.rank, rank), (wanted.pull, pull), (wanted.after, after)):
        for queue, row in stated.items():
            for group, value in row.items():
                cell = None if value == "never" else round(value * US_PER_S) if cells is after else value
                cells[queues.index(queue)][groups.index(group)] = cell  # type: ignore[call-overload]
    own = [list(row) for row in own_queues(*specs, rank)]
    for group, stated in wanted.own.items():
        for cells, queue in zip(own, queues):
            cells[groups.index(group)] = queue in stated
    choice = wanted.choice if isinstance(wanted.choice, dict) else dict.fromkeys(groups, wanted.choice)
    return replace(
        table,
        rank=tuple(map(tuple, rank)),
        pull=tuple(map(tuple, pull)),
        after_us=tuple(map(tuple, after)),
        priority=tuple(wanted.priority.get(q, p) for q, p in zip(queues, table.priority)),
        weight_per_s=tuple(wanted.weight_per_s.get(q, w) for q, w in zip(queues, table.weight_per_s)),
        keep_idle=tuple(wanted.keep_idle.get(g, k) for g, k in zip(groups, table.keep_idle)),
        choice=tuple(choice.get(g, c) for g, c in zip(groups, table.choice)),
        own=tuple(map(tuple, own)),
    )
