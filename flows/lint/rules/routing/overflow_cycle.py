"""R014 overflow-cycle: queues pass callers round in circles."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.components import cycles
from flows.analysis.graph import Edge
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base import END
from flows.nodes.base_dialogue import Dialogue
from flows.nodes.dial import Dial
from flows.nodes.hours import Hours
from flows.nodes.queue import Queue


def check(context: Context) -> Iterator[Problem]:
    """Find cycles of exits taken when nobody answers, while everything is open."""
    nodes, graph = context.flow.nodes, context.graph
    if not context.person_nodes:
        return

    def goes(edge: Edge) -> bool:
        node = nodes[edge.source]
        if edge.target == END or edge.via == "fallback" or isinstance(node, Dialogue):
            return False
        if isinstance(node, Queue):
            return edge.outcome in ("timeout", "full")
        if isinstance(node, Dial):
            return edge.outcome in ("busy", "no_answer")
        return edge.outcome == "open" if isinstance(node, Hours) else edge.silent

    waiting = [name for name in context.person_nodes if name in graph.reachable]
    onward = {
        name: graph.targets(name, goes) for name in graph.reachable_from(waiting, goes)
    }  # a cycle that includes a wait is in there
    order = {name: i for i, name in enumerate(nodes)}
    for cycle in sorted(cycles(onward), key=lambda c: min(order[n] for n in c)):
        names = sorted(cycle & context.person_nodes, key=order.__getitem__)
        if not names:
            continue  # no wait in it: reported by S006
        first = names[0]
        edge = next(e for e in graph.edges[first] if goes(e) and e.target in cycle)
        where = (
            f"from {first!r} to {', '.join(map(repr, names[1:]))} and back" if len(names) > 1 else f"back to {first!r}"
        )
        message = f"a caller whom nobody answers goes {where}, for ever; each time to the end of the queue"
        yield Problem(edge.path, message, "lead the last of them to a message box or a callback")


RULE = Rule(
    code="R014",
    name="overflow-cycle",
    severity="error",
    check=check,
    summary="queues pass callers round in circles",
    what=(
        "When nobody answers in time, a queue (or a dialled number) leads to another and that one leads back, or a "
        "queue leads to itself."
    ),
    why="The maximum wait limits nothing: on a busy day callers lose their place again and again and never get out.",
    example=(
        "first: {type: queue, queue: first, max_wait: 5m, on: {timeout: second}}\n"
        "second: {type: queue, queue: second, max_wait: 5m, on: {timeout: first}}"
    ),
    better=(
        "first: {type: queue, queue: first, max_wait: 5m, on: {timeout: second}}\n"
        "second: {type: queue, queue: second, max_wait: 5m, on: {timeout: message}}"
    ),
    source="Arithmetic: a cycle of time-outs",
)
