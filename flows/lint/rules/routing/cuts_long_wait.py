"""R017 cuts-long-wait: long waits are cut off."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import Dialogue
from flows.nodes.callback import Callback
from flows.nodes.queue import Queue

_ENDS = ("timeout", "full")


def check(context: Context) -> Iterator[Problem]:
    """Find queues whose time-out ends the call without a person, a voicemail box or a callback."""
    graph, nodes = context.graph, context.flow.nodes
    helped = context.help_nodes | {name for name, _ in context.nodes(Callback)}
    going_on = context.reaching_without_input(
        helped | {name for name, node in nodes.items() if isinstance(node, Dialogue)}
    )
    for name, queue in context.nodes(Queue):
        if name not in graph.reachable:
            continue
        for edge in graph.edges[name]:
            if edge.outcome not in _ENDS or edge.target in graph.broken:
                continue
            stated = context.flow.queues.get(queue.queue)
            if edge.outcome == "full" and edge.via == "fallback" and (stated is None or stated.max_calls is None):
                continue  # no exit is written, and nothing says that the queue can be full
            if edge.target not in going_on:
                what = "have waited too long" if edge.outcome == "timeout" else "find the queue full"
                message = f"callers in {name!r} who {what} are cut off"
                yield Problem(edge.path, message, "lead them to another queue, a callback or a message box")


RULE = Rule(
    code="R017",
    name="cuts-long-wait",
    severity="error",
    check=check,
    profiles=("es",),
    summary="long waits are cut off",
    what=(
        "When the maximum wait is over, or the queue is full, the call ends without another person, a message box or "
        "the offer of a callback."
    ),
    why="The caller has paid with their time and gets nothing. In Spain this is against the law.",
    example="desk: {type: queue, queue: desk, max_wait: 10m, on: {timeout: goodbye}}",
    better="desk: {type: queue, queue: desk, max_wait: 10m, on: {timeout: offer_callback}}",
    options="Only in the profile es. Whether a message box is enough is for a lawyer to say; this rule accepts it.",
    source="Law: Spain, Ley 10/2025 de servicios de atención a la clientela (no cutting off for long waits)",
)
