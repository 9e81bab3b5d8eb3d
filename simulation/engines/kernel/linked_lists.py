"""Linked lists within arrays: an owner knows `first` and `last`, an item what stands `before` and `after` it.
Compiled.
"""

from __future__ import annotations

from ivr.records.schema import NONE
from simulation.engines.kernel.jit import inline
from simulation.engines.kernel.state import AgentRecord, GroupRecord, LaneRecord, NodeRecord, RecordArray

__all__ = ["link", "unlink"]


@inline
def link(
    owner: GroupRecord | LaneRecord, items: RecordArray[AgentRecord] | RecordArray[NodeRecord], item: int, before: int
) -> None:
    """Put an item behind another, or with NONE in front of all."""
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
    """Take an item out."""
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
