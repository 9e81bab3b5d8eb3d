"""N004 unused-queue-or-hours: an unused queue or opening hours."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.appointment import Appointment
from flows.nodes.callback import Callback
from flows.nodes.hours import Hours
from flows.nodes.queue import Queue
from flows.source.document import nearest


def check(context: Context) -> Iterator[Problem]:
    """Find queues and opening hours that no node names, except one that a misspelt name probably means."""
    queues = {node.queue for _, node in context.nodes(Queue)} | {node.queue for _, node in context.nodes(Callback)}
    queues |= {node.queue for _, node in context.nodes(Appointment)}
    hours = {node.hours for _, node in context.nodes(Hours)} | {node.hours for _, node in context.nodes(Appointment)}
    for kind, what, declared, used in (
        ("queues", "queue", context.flow.queues, queues),
        ("hours", "opening hours", context.flow.hours, hours),
    ):
        meant = {nearest(name, list(declared)) for name in used - set(declared) - {""}}
        for name in declared:
            if name not in used and name not in meant:
                hint = (
                    "remove it, or lead callers there"
                    if kind == "queues"
                    else "remove them, or ask for them in an 'hours' node"
                )
                yield Problem(
                    (kind, name),
                    f"{what} {name!r} {'is' if kind == 'queues' else 'are'} used nowhere",
                    hint,
                    of_key=True,
                )


RULE = Rule(
    code="N004",
    name="unused-queue-or-hours",
    severity="warning",
    check=check,
    summary="an unused queue or opening hours",
    what=(
        "A queue or a table of opening hours is declared, and no node uses it. Prompts belong to their node, so a "
        "prompt is only unused if its node is unreachable (S003)."
    ),
    why=(
        "Usually a node names another one by mistake: the hours that someone corrected are not the ones that callers "
        "meet."
    ),
    example='hours: {office: {zone: UTC, mon-fri: "09:00-17:00"}}\nnodes: {bye: {type: hangup}}',
    better="nodes: {bye: {type: hangup}}",
    source="Arithmetic: names compared",
)
