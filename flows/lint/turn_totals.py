"""Totals within one turn: between two points where the call waits for the caller or for an external system.

A turn is one response to the carrier, however many nodes it passes through.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from flows.nodes.base import END
from flows.nodes.base_dialogue import Dialogue
from flows.nodes.dial import Dial
from flows.nodes.hangup import Hangup
from flows.nodes.queue import Queue
from flows.nodes.reject import Reject
from flows.nodes.voicemail import Voicemail

if TYPE_CHECKING:
    from flows.lint.context import Context

__all__ = ["totals_before"]

_ENDS = (Dialogue, Queue, Dial, Voicemail, Hangup, Reject)


def totals_before(
    context: Context, weight: Mapping[str, float], *, cleared_by: Collection[str] = ()
) -> dict[str, float]:
    """Return the largest total within the turn when a call reaches each node.

    Parameters
    ----------
    context : Context
    weight : mapping of node to float
        What each node adds; 0 for nodes left out.
    cleared_by : collection of node names
        Nodes that reset the total before adding their own weight.

    Returns
    -------
    dict of node to float
        A loop within a turn counts once.
    """
    nodes = context.flow.nodes
    onward = {
        name: {edge.target for edge in context.graph.edges[name] if edge.target != END}
        for name, node in nodes.items()
        if not isinstance(node, _ENDS)
    }
    left = dict.fromkeys(nodes, 0)
    for targets in onward.values():
        for target in targets:
            left[target] += 1
    gathered = dict.fromkeys(nodes, 0.0)
    todo = [name for name, count in left.items() if not count]
    done = set(todo)
    looped = iter(nodes)
    while True:
        while todo:
            name = todo.pop()
            total = (0.0 if name in cleared_by else gathered[name]) + weight.get(name, 0.0)
            for target in onward.get(name, ()):
                if target not in done:
                    gathered[target] = max(gathered[target], total)
                    left[target] -= 1
                    if not left[target]:
                        done.add(target)
                        todo.append(target)
        looping = next((name for name in looped if name not in done), None)
        if looping is None:
            return gathered
        done.add(looping)
        todo.append(looping)
