"""The tables that every engine reads, and whether they fit together.

Times are int64 microseconds from the start of the scenario; ``NEVER`` means infinite patience or no limit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ivr.records.schema import NONE
from ivr.routing import RoutingTable
from simulation.tables.call_table import OFFERED, CallTable, microseconds, wrong
from simulation.tables.queue_rules import QueueRule
from simulation.tables.staff_table import AT_OFF, StaffTable

__all__ = ["AT_OFF", "OFFERED", "CallTable", "QueueRule", "StaffTable", "microseconds", "require_tables_fit"]


def require_tables_fit(
    calls: CallTable,
    staff: StaffTable,
    routing: RoutingTable,
    *,
    horizon_us: int,
    lines: int | None,
    at_end: str,
    queue_rules: Sequence[QueueRule] = (),
) -> None:
    """Raise ScenarioError unless an engine can run these tables together.

    >>> calls, staff = CallTable.of(arrived_us=[0]), StaffTable.constant({"g": 1}, 0, 9)
    >>> routing = RoutingTable(queues=("queue",), groups=("g",), rank=((0,),))
    >>> require_tables_fit(calls, staff, routing, horizon_us=9, lines=None, at_end="drain")
    """
    for name, given, expected in (("queues", routing.queues, calls.queues), ("groups", routing.groups, staff.groups)):
        if given != expected:
            raise wrong(f"the routing table has {name} {', '.join(given)}; the tables have {', '.join(expected)}")
    first = calls.arrived_us[: calls.first_attempts]
    if len(first) and first[-1] >= horizon_us:
        raise wrong(f"a call arrives at {first[-1]} us, not before the horizon of {horizon_us} us")
    if queue_rules and len(queue_rules) != len(calls.queues):
        raise wrong(f"there are {len(queue_rules)} queue rules; each of {len(calls.queues)} queues needs one")
    if calls.queue_visits and not calls.u.shape[1] and any(rule.needs_chance for rule in queue_rules):
        raise wrong("balking and callback offers need the uniforms u of the call table")
    if "random" in routing.choice and calls.queue_visits and not calls.uses("agent_draw"):
        raise wrong("choosing agents at random needs the draws agent_draw of the call table")
    if calls.talk_column and len(calls.talk_column) != len(routing.groups):
        raise wrong(
            f"talk_column has {len(calls.talk_column)} values; it needs one for each of {len(routing.groups)} groups"
        )
    if calls.pause_column and len(calls.pause_column) != len(routing.groups):
        raise wrong(
            f"pause_column has {len(calls.pause_column)} values; it needs one for each of {len(routing.groups)} groups"
        )
    _require_chats_fit(calls, staff, routing)
    if lines is not None and lines < 0:
        raise wrong(f"lines is {lines}; it must be 0 or more")
    if at_end not in ("drain", "clear"):
        raise wrong(f"at_end is '{at_end}'; it must be drain or clear")


def _require_chats_fit(calls: CallTable, staff: StaffTable, routing: RoutingTable) -> None:
    """Agents who chat take no part in conferences."""
    chatting = [g for g, chats in enumerate(staff.chats) if chats]
    if not chatting or not calls.uses("confer_next"):
        return
    asking = np.flatnonzero(calls.confer_next != NONE)
    queues = {*calls.queue[asking].tolist(), *calls.queue[calls.confer_next[asking]].tolist()}
    for queue in sorted(queues):
        for group in chatting:
            if routing.rank[queue][group] is not None:
                raise wrong(
                    f"the agents of {staff.groups[group]} chat and serve {calls.queues[queue]}, whose agents ask or"
                    " join a colleague"
                )
