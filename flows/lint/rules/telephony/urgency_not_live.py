"""T005 urgency-not-live: urgency that only the desk honours."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.queue import Queue


def check(context: Context) -> Iterator[Problem]:
    """Find queues that should not serve callers in order of arrival."""
    for name, node in context.nodes(Queue):
        for part, what in (("urgency", f"urgency {node.urgency}"), ("priority", "a priority by data")):
            if getattr(node, part):
                message = (
                    f"callers from {name!r} have {what} where agents answer at the desk, and in a simulation; the"
                    " carrier's own queue serves in order of arrival"
                )
                hint = "let agents answer at the desk (ivr serve --desk), or lead them to a queue of their own"
                yield Problem(("nodes", name, part), message, hint)


RULE = Rule(
    code="T005",
    name="urgency-not-live",
    severity="info",
    check=check,
    summary="urgency that only the desk honours",
    what=(
        "A queue node states an urgency, or a priority by data. The desk and simulations honour both; the carrier's own"
        " queue, where others answer, is first in, first out."
    ),
    why="Without a desk, urgent callers wait less in the simulation than in reality.",
    example="vip: {type: queue, queue: desk, urgency: 5}",
    better="vip: {type: queue, queue: priority_desk}",
    source="Platform: twilio.com/docs/voice/twiml/queue (the caller at the front is connected next)",
)
