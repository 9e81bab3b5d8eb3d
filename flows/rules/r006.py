"""R006 closed-branch-missing: closed is treated as open."""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.nodes.base import END
from flows.nodes.hours import Type as Hours
from flows.nodes.play import Type as Play
from flows.nodes.queue import Type as Queue
from flows.nodes.set import Type as Set
from flows.rules.base import Problem, Rule


def check(context: Context) -> Iterator[Problem]:
    """Hours nodes whose two branches are one, or come to the same queue."""
    for name, node in context.nodes(Hours):
        if name in context.graph.broken:
            continue
        way, out = _straight(context, node.on["open"]), _straight(context, node.on["closed"])
        path = ("nodes", name, "on", "closed")
        hint = "tell callers when you open, and take a message"
        if node.on["open"] == node.on["closed"]:
            message = f"open and closed both lead to {node.on['open']!r}: callers do not hear that nobody is there"
            yield Problem(path, message, hint)
        elif way and out and (same := _queue(context, way) & _queue(context, out)):
            message = f"when it is closed, callers join queue {min(same)!r} all the same"
            yield Problem(path, message, hint)


def _straight(context: Context, name: str) -> list[str]:
    """The nodes that are passed from `name` with nothing to decide, and the first one that decides."""
    way: list[str] = []
    while name in context.flow.nodes and name not in way:
        way.append(name)
        if not isinstance(context.flow.nodes[name], Play | Set):
            break
        name = next((edge.target for edge in context.graph.edges[name]), END)
    return way


def _queue(context: Context, way: list[str]) -> set[str]:
    node = context.flow.nodes[way[-1]]
    return {node.queue} if isinstance(node, Queue) else set()


RULE = Rule(
    code="R006", name="closed-branch-missing", severity="error", check=check,
    summary="closed leads where open leads",
    what="The closed branch of an hours node leads to the same node as the open one, or straight into the same queue. A "
    "closed branch that is not written at all is S009.",
    why="The opening hours are asked and change nothing: at night callers wait for nobody.",
    example="open: {type: hours, hours: office, on: {open: desk, closed: desk}}",
    better="open: {type: hours, hours: office, on: {open: desk, closed: message}}",
    source="Arithmetic: the two branches compared",
)  # fmt: skip
