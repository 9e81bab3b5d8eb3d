"""Checks that the routing of a scenario names known policies, queues, groups and choices."""

from __future__ import annotations

from ivr.routing import CHOICES, RoutingError, policies
from simulation.loading.checks import Checks
from simulation.scenario.routing import queue_specs, routing_table

__all__ = ["check_routing"]


def check_routing(checks: Checks) -> None:
    """Check a scenario's routing.

    Parameters
    ----------
    checks : Checks
        Collects the findings.
    """
    before = len(checks.found)
    checks.unknown("routing policy", checks.scenario.routing.policy, policies(), ("routing", "policy"), of_key=False)
    _names(checks)
    _choices(checks)
    if len(checks.found) == before:
        try:
            routing_table(checks.scenario, checks.flow)
        except RoutingError as error:
            for finding in error.findings:
                checks.add("X005", finding.message, ("routing",), hint=finding.hint)


def _names(checks: Checks) -> None:
    routing, groups = checks.scenario.routing, checks.scenario.groups
    queues = [queue.name for queue in queue_specs(checks.flow)]
    for name in ("rank", "pull", "after"):
        for queue, row in getattr(routing, name).items():
            checks.unknown("queue", queue, queues, ("routing", name, queue))
            for group in row:
                checks.unknown("group", group, groups, ("routing", name, queue, group))
    for name, known, what in (
        ("priority", queues, "queue"),
        ("weight_per_s", queues, "queue"),
        ("keep_idle", groups, "group"),
        ("own", groups, "group"),
    ):
        for key in getattr(routing, name):
            checks.unknown(what, key, known, ("routing", name, key))
    for group, own in routing.own.items():
        for i, queue in enumerate(own):
            checks.unknown("queue", queue, queues, ("routing", "own", group, i), of_key=False)


def _choices(checks: Checks) -> None:
    choice = checks.scenario.routing.choice
    if isinstance(choice, str):
        checks.unknown("choice of agents", choice, CHOICES, ("routing", "choice"), of_key=False)
        return
    for group, name in choice.items():
        checks.unknown("group", group, checks.scenario.groups, ("routing", "choice", group))
        checks.unknown("choice of agents", name, CHOICES, ("routing", "choice", group), of_key=False)
