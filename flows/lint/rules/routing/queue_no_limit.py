"""R002 queue-no-limit: no maximum wait."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.queue import Queue


def check(context: Context) -> Iterator[Problem]:
    """Find queue nodes without a maximum wait."""
    for name, node in context.nodes(Queue):
        if node.max_wait is None:
            message = f"nothing limits how long callers wait in {name!r}"
            hint = "add 'max_wait: 15m' and lead 'on: {timeout: ...}' to a message box, a callback or another queue"
            yield Problem(("nodes", name), message, hint, of_key=True)


RULE = Rule(
    code="R002",
    name="queue-no-limit",
    severity="warning",
    check=check,
    summary="no maximum wait",
    what="A queue node has no maximum wait (max_wait).",
    why=(
        "On a bad day, or when no agent is logged on, callers hold a line until they give up, and nobody else can use "
        "it."
    ),
    example="tech: {type: queue, queue: tech}",
    better="tech: {type: queue, queue: tech, max_wait: 15m, on: {timeout: voicemail}}",
    source="Guide: Ireland's public-service guide (offer another way); Twilio <Enqueue> has no limit of its own",
)
