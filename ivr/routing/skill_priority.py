"""The best-skilled agent for a call, and for an agent the call of their best skill."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.routing.table import GroupSpec, QueueSpec, RoutingTable, own_queues

__all__ = ["table"]


def table(queues: Sequence[QueueSpec], groups: Sequence[GroupSpec]) -> RoutingTable:
    """Return the table in which skill levels decide on both sides.

    A call goes to the idle group of the best level. A free agent takes a call
    of the queue they are best at; among equals, that of the highest queue
    priority, then the longest-waiting.

    Examples
    --------
    >>> made = table([QueueSpec("a", ("x",)), QueueSpec("b", ("y",))], [GroupSpec("g", {"x": 2, "y": 1})])
    >>> made.rank, made.pull
    (((2,), (1,)), ((2,), (1,)))
    """
    levels = tuple(tuple(g.level(q) for g in groups) for q in queues)
    return RoutingTable(
        queues=tuple(q.name for q in queues),
        groups=tuple(g.name for g in groups),
        rank=levels,
        pull=tuple(tuple(level or 0 for level in row) for row in levels),
        priority=tuple(q.priority for q in queues),
        own=own_queues(queues, groups, levels),
    )
