"""Future events: binary heaps, and a winner tree over the agents' completions. Compiled.

An event is a row of four numbers: its time; its kind and id as one number (see ``simulation.tables.tie_rule``); and two
about its subject. Rows are ordered by the first two, which is the tie rule.
"""

from __future__ import annotations

from simulation.engines.kernel.jit import apart, inline
from simulation.engines.kernel.state import Int64s

__all__ = ["pop", "push", "set_due"]


@inline
def push(heap: Int64s, size: int, time_us: int, order: int, a: int, b: int) -> None:
    """Add an event to a heap of `size` rows."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap[above, 0] < time_us or (heap[above, 0] == time_us and heap[above, 1] < order):
            break
        heap[at, 0] = heap[above, 0]
        heap[at, 1] = heap[above, 1]
        heap[at, 2] = heap[above, 2]
        heap[at, 3] = heap[above, 3]
        at = above
    heap[at, 0] = time_us
    heap[at, 1] = order
    heap[at, 2] = a
    heap[at, 3] = b


@apart
def pop(heap: Int64s, size: int) -> None:
    """Remove the first event of a heap of `size` rows.

    The gap sinks to the bottom, and the last event rises from there: it came from the bottom, so it seldom rises far.
    Which of two rows comes first is computed rather than decided by a jump that the processor would have to guess.
    """
    last = size - 1
    at, below = 0, 1
    while below < last:
        one, other = heap[below, 0], heap[below + 1, 0]
        below += (below + 1 < last) & ((other < one) | ((other == one) & (heap[below + 1, 1] < heap[below, 1])))
        heap[at, 0] = heap[below, 0]
        heap[at, 1] = heap[below, 1]
        heap[at, 2] = heap[below, 2]
        heap[at, 3] = heap[below, 3]
        at = below
        below = 2 * at + 1
    push(heap, at, heap[last, 0], heap[last, 1], heap[last, 2], heap[last, 3])


@inline
def set_due(tree: Int64s, agent: int, key: int) -> None:
    """Set when an agent's current work ends; the root of the tree, ``tree[1]``, is the earliest.

    A key packs time, kind (0 = talk end, 1 = release) and agent into one number, ordered by the tie rule.
    """
    at = (len(tree) >> 1) + agent
    tree[at] = key
    while at > 1:
        other = tree[at ^ 1]
        if other < key:
            key = other
        at >>= 1
        tree[at] = key
