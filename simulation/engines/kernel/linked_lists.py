"""Linked lists within arrays: an owner has `first` and `last`, an item `before` and `after`. Compiled."""

from __future__ import annotations

from ivr.records.schema import NONE
from simulation.engines.kernel.jit import inline
from simulation.engines.kernel.state import AgentRecord, GroupRecord, LaneRecord, NodeRecord, RecordArray

__all__ = ["link", "unlink"]


@inline
def link(
    owner: GroupRecord | LaneRecord, items: RecordArray[AgentRecord] | RecordArray[NodeRecord], item: int, before: int
) -> None:
    """Insert an item after another, or at the front if that is NONE."""
    after = items[before].after if before != NONE else owner.first
    items[item].before = before
    items[item].after = after
    if before == NONE:
        owner.first = item
    else:
        items[before].after = item
    if after == NONE:
        owner.last = item
    else:
        items[after].before = item


@inline
def unlink(
    owner: GroupRecord | LaneRecord, items: RecordArray[AgentRecord] | RecordArray[NodeRecord], item: int
) -> None:
    """Remove an item."""
    before = items[item].before
    after = items[item].after
    if before == NONE:
        owner.first = after
    else:
        items[before].after = after
    if after == NONE:
        owner.last = before
    else:
        items[after].before = before
