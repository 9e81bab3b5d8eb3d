"""The longest-waiting call first, whatever its queue; the best-skilled group answers."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.routing.table import GroupSpec, QueueSpec, RoutingTable, own_queues

__all__ = ["table"]


def table(queues: Sequence[QueueSpec], groups: Sequence[GroupSpec]) -> RoutingTable:
    """Return the table in which calls are taken strictly by their wait.

    A call goes to the idle group with the best skill level; a free agent takes
    the longest-waiting call that they can serve. Priorities of queues are ignored.

    Examples
    --------
    >>> table([QueueSpec("a", ("x",), priority=5)], [GroupSpec("g", {"x": 1}), GroupSpec("h", {"x": 2})]).rank
    ((1, 2),)
    """
    rank = tuple(tuple(g.level(q) for g in groups) for q in queues)
    return RoutingTable(
        queues=tuple(q.name for q in queues),
        groups=tuple(g.name for g in groups),
        rank=rank,
        own=own_queues(queues, groups, rank),
    )
