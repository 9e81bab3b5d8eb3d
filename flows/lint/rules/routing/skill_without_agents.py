"""R010 skill-without-agents: a skill that no agent has."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.callback import Callback
from flows.nodes.queue import Queue as QueueNode
from flows.source.document import nearest


def check(context: Context) -> Iterator[Problem]:
    """Compare the queues in use with the agent groups of the scenario."""
    staffing = context.staffing
    if staffing is None or not staffing.groups:
        return
    used = {node.queue for _, node in context.nodes(QueueNode)} | {node.queue for _, node in context.nodes(Callback)}
    known = sorted(set().union(*staffing.groups.values()))
    for name, queue in context.flow.queues.items():
        needed = set(queue.skills or (name,))
        if name not in used or any(needed <= skills for skills in staffing.groups.values()):
            continue
        missing = sorted(needed - set(known))
        if missing:
            near = nearest(missing[0], known)
            message = f"no agent of the scenario has the skill {missing[0]!r} that queue {name!r} needs"
            hint = (
                f"did you mean {near!r}?"
                if near
                else f"give it to a group; skills there are: {', '.join(known) or 'none'}"
            )
        else:
            message = (
                f"no agent group of the scenario has all the skills that queue {name!r} needs"
                f" ({', '.join(sorted(needed))})"
            )
            hint = "give them to one group, or ask for fewer"
        yield Problem(("queues", name, "skills"), message, hint)


RULE = Rule(
    code="R010",
    name="skill-without-agents",
    severity="error",
    check=check,
    summary="a skill that no agent has",
    what=(
        "A queue that the flow uses needs skills that no agent group of the scenario has together. A queue without "
        "'skills' needs the skill of its own name."
    ),
    why="Every caller in that queue waits until they give up.",
    example="queues: {tech: {skills: [tehc]}}  # the scenario's groups have tech",
    better="queues: {tech: {skills: [tech]}}",
    options="Only checked with '--scenario'.",
    source="Arithmetic: sets of skills compared",
)
