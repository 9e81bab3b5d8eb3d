"""What the engines need from a scenario: queues, groups, the starting moment and the routing table."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flows.model.flow import Flow
from flows.model.opening_hours import zone_of_hours
from flows.nodes.queue import Queue
from ivr.answering.routing import queue_specs, table_of
from ivr.routing import GroupSpec, RoutingTable
from simulation.clock.local_time import local_clock
from simulation.scenario.model import Scenario

__all__ = ["first_queue_nodes", "group_specs", "passing_on", "routing_table", "starts_at", "zone_of"]


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
    return table_of(scenario.routing, queue_specs(flow), group_specs(scenario))
