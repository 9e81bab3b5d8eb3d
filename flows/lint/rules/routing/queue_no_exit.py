"""R003 queue-no-exit: no key leaves the queue."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.queue import Queue
from flows.nodes.voicemail import Voicemail


def check(context: Context) -> Iterator[Problem]:
    """Find queue nodes that callers cannot leave by pressing a key."""
    box = next((name for name, _ in context.nodes(Voicemail)), "")
    hint = f"add 'while_waiting: {{pound: {box or 'NODE'}}}'" + ("" if box else ", where NODE takes a message,")
    for name, node in context.nodes(Queue):
        if not node.while_waiting:
            message = f"callers waiting in {name!r} can only keep waiting or hang up"
            yield Problem(("nodes", name), message, f"{hint} and say so in 'say'", of_key=True)


RULE = Rule(
    code="R003",
    name="queue-no-exit",
    severity="warning",
    check=check,
    summary="no key leaves the queue",
    what=(
        "A queue node offers no key to callers who wait (while_waiting), for example to leave a message or ask for a "
        "callback."
    ),
    why="Callers who cannot wait hang up and call again later, and are counted and served twice.",
    example="tech: {type: queue, queue: tech}",
    better="tech: {type: queue, queue: tech, while_waiting: {pound: voicemail}}",
    source="Guide: Ireland's public-service guide (offer a callback or a message)",
)
