"""Routing as data: a policy makes a RoutingTable, and two pure functions read it.

Every module of this package except ``table`` and ``choice`` is a policy: a
function ``table(queues, groups) -> RoutingTable``, named after its file.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from flows.registry import members
from ivr.routing.choice import IdleAgent, WaitingCall, agent_for_call, call_for_agent, place_us, ticket
from ivr.routing.table import CHOICES, ORDERS, GroupSpec, QueueSpec, RoutingError, RoutingTable, own_queues

__all__ = [
    "CHOICES",
    "ORDERS",
    "GroupSpec",
    "IdleAgent",
    "Policy",
    "QueueSpec",
    "RoutingError",
    "RoutingTable",
    "WaitingCall",
    "agent_for_call",
    "call_for_agent",
    "own_queues",
    "place_us",
    "policies",
    "ticket",
]

Policy = Callable[[Sequence[QueueSpec], Sequence[GroupSpec]], RoutingTable]


def policies() -> dict[str, Policy]:
    """Return every routing policy by name.

    >>> sorted(policies())
    ['longest_wait', 'single_queue', 'skill_priority', 'specialists_first']
    """
    modules = members(sys.modules[__name__])
    return {name: module.table for name, module in modules.items() if name not in ("table", "choice")}
