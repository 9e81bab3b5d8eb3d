"""S005 caller-trapped: callers cannot get out."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule

SHOWN = 5
"""Names of trapped nodes shown in a message."""


def check(context: Context) -> Iterator[Problem]:
    """Find parts that callers can enter but not leave to an end; reported at the node where callers enter."""
    graph = context.graph
    for trap in graph.traps:
        inner = [edge for name in trap.nodes for edge in graph.edges[name]]
        if all(edge.silent for edge in inner):
            continue  # it runs by itself: reported by S006
        names = ", ".join(trap.nodes[:SHOWN]) + (
            f" and {len(trap.nodes) - SHOWN} more" if len(trap.nodes) > SHOWN else ""
        )
        many = f"{names} lead only to each other" if len(trap.nodes) > 1 else f"{names} leads only to itself"
        message = f"callers cannot get out: {many} (shortest path in: {context.keys_pressed(trap.way)})"
        hint = "give one of them a way to a person, or to the end of the call"
        yield Problem(("nodes", trap.entry), message, hint, of_key=True)


RULE = Rule(
    code="S005",
    name="caller-trapped",
    severity="error",
    check=check,
    summary="callers cannot get out",
    what=(
        "A part of the flow can be entered, and no path out of it leads to an end of the call. Reported once for each "
        "part, with the keys that lead into it. A key that works everywhere counts as a way out."
    ),
    why="All a caller can do is hang up.",
    example=(
        "a:\n  type: menu\n  choices: [{key: 1, label: more, next: b}]\n  otherwise: b\n"
        "b:\n  type: menu\n  choices: [{key: 1, label: back, next: a}]\n  otherwise: a"
    ),
    better=(
        "a:\n  type: menu\n  choices: [{key: 1, label: more, next: b}]\n  otherwise: operator\n"
        "b:\n  type: menu\n  choices: [{key: 1, label: back, next: a}]\n  otherwise: operator"
    ),
    source="Arithmetic: no terminal is reachable. GetHuman standard: a person is always within reach",
)
