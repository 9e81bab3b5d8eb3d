"""One pooled queue: first come, first served, by the agent who has been idle longest."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.routing.table import GroupSpec, QueueSpec, RoutingTable, own_queues

__all__ = ["table"]


def table(queues: Sequence[QueueSpec], groups: Sequence[GroupSpec]) -> RoutingTable:
    """Return the table of one pooled queue.

    All groups that have a queue's skills are one pool; priorities of queues
    and levels of skills are ignored.

    Examples
    --------
    >>> table([QueueSpec("a", ("x",), priority=5)], [GroupSpec("g", {"x": 1}), GroupSpec("h", {"x": 2})]).rank
    ((0, 0),)
    """
    rank = tuple(tuple(None if g.level(q) is None else 0 for g in groups) for q in queues)
    return RoutingTable(
        queues=tuple(q.name for q in queues),
        groups=tuple(g.name for g in groups),
        rank=rank,
        own=own_queues(queues, groups, rank),
    )
