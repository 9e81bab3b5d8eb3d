"""Specialists before generalists, so that those with more skills stay free for other calls."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.routing.table import GroupSpec, QueueSpec, RoutingTable, own_queues

__all__ = ["table"]


def table(queues: Sequence[QueueSpec], groups: Sequence[GroupSpec]) -> RoutingTable:
    """Return the table in which groups with fewer skills answer first.

    A group's rank is its number of skills, whatever their levels. A free agent
    takes the call of the highest queue priority, then the longest-waiting.

    Examples
    --------
    >>> table([QueueSpec("a", ("x",))], [GroupSpec("all", {"x": 1, "y": 1}), GroupSpec("only_x", {"x": 3})]).rank
    ((2, 1),)
    """
    rank = tuple(tuple(None if g.level(q) is None else len(g.skills) for g in groups) for q in queues)
    return RoutingTable(
        queues=tuple(q.name for q in queues),
        groups=tuple(g.name for g in groups),
        rank=rank,
        priority=tuple(q.priority for q in queues),
        own=own_queues(queues, groups, rank),
    )
