"""T005 urgency-not-live: urgency that no live call has."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.queue import Queue


def check(context: Context) -> Iterator[Problem]:
    """Find queues that should not serve callers in order of arrival."""
    for name, node in context.nodes(Queue):
        if node.urgency:
            message = (
                f"callers from {name!r} have urgency {node.urgency} in a simulation; the carrier's queue serves"
                " in order of arrival"
            )
            hint = "lead them to a queue of their own, which agents serve first"
            yield Problem(("nodes", name, "urgency"), message, hint)


RULE = Rule(
    code="T005",
    name="urgency-not-live",
    severity="info",
    check=check,
    summary="urgency that no live call has",
    what="A queue node states an urgency. Simulations honour it; the carrier's queue is first in, first out.",
    why="Urgent callers wait less in the simulation than in reality.",
    example="vip: {type: queue, queue: desk, urgency: 5}",
    better="vip: {type: queue, queue: priority_desk}",
    source="Platform: twilio.com/docs/voice/twiml/queue (the caller at the front is connected next)",
)
