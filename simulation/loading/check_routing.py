"""Checks that the routing of a scenario names known policies, queues, groups and choices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ivr.routing import CHOICES, ORDERS, RoutingError, policies
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
    """Check what is stated for all groups or by group, and for all queues or by queue."""
    routing, queues = checks.scenario.routing, [queue.name for queue in queue_specs(checks.flow)]
    _one_or_each(checks, "choice", routing.choice, "choice of agents", CHOICES, "group", checks.scenario.groups)
    _one_or_each(checks, "order", routing.order, "order of callers", ORDERS, "queue", queues)


def _one_or_each(
    checks: Checks,
    field: str,
    stated: str | dict[str, str],
    what: str,
    allowed: Sequence[str],
    of: str,
    known: Iterable[str],
) -> None:
    if isinstance(stated, str):
        checks.unknown(what, stated, allowed, ("routing", field), of_key=False)
        return
    for key, name in stated.items():
        checks.unknown(of, key, known, ("routing", field, key))
        checks.unknown(what, name, allowed, ("routing", field, key), of_key=False)
