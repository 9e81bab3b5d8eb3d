"""R001 unknown-queue: a queue that is not declared."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.appointment import Appointment
from flows.nodes.callback import Callback
from flows.nodes.queue import Queue
from flows.source.document import nearest
from flows.source.finding import Fix


def check(context: Context) -> Iterator[Problem]:
    """Find queue and callback nodes whose queue is not under ``queues:``."""
    known = list(context.flow.queues)
    joining: list[tuple[str, Queue | Callback | Appointment]] = [
        *context.nodes(Queue),
        *context.nodes(Callback),
        *context.nodes(Appointment),
    ]
    for name, node in joining:
        if node.queue and node.queue not in context.flow.queues:
            near = nearest(node.queue, known)
            hint = f"did you mean {near!r}?" if near else f"add it: 'queues: {{{node.queue}: {{}}}}'"
            shown = f"; declared: {', '.join(known)}" if known and not near else ""
            path = ("nodes", name, "queue")
            fix = Fix(path, near, safe=False) if near and context.document.scalar(path) == node.queue else None
            yield Problem(path, f"there is no queue {node.queue!r}{shown}", hint, fix=fix)


RULE = Rule(
    code="R001",
    name="unknown-queue",
    severity="error",
    check=check,
    summary="a queue that is not declared",
    what="A queue node names a queue that is not under 'queues:'.",
    why="No agent serves it: callers wait until they give up.",
    example="tech: {type: queue, queue: tehc}\nqueues: {tech: {}}",
    better="tech: {type: queue, queue: tech}\nqueues: {tech: {}}",
    source="Arithmetic: names compared",
)
