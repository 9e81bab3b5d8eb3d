"""S011 flow-cycle: a subflow calls itself."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule

DEPTH = 8
"""How deeply the interpreter lets subflows nest."""


def check(context: Context) -> Iterator[Problem]:
    """Find subflow nodes inside the part that they call."""
    for cycle in context.graph.call_cycles():
        names = " -> ".join((*cycle, cycle[0]))
        what = f"calls itself ({names})" if len(cycle) > 1 else "calls itself"
        message = f"subflow {cycle[0]!r} {what}; a call goes to the fallback after {DEPTH} levels"
        yield Problem(
            ("nodes", cycle[0], "start"),
            message,
            "use 'next' to start again, and a subflow only where the call returns",
        )


RULE = Rule(
    code="S011",
    name="flow-cycle",
    severity="error",
    check=check,
    summary="a subflow calls itself",
    what="A subflow leads to itself, directly or through others, before it returns.",
    why="Every round goes one level deeper, and after eight the call goes to the fallback.",
    example=(
        "pin: {type: subflow, start: ask, next: main}\n"
        "ask: {type: collect, say: Your PIN?, into: pin, digits: 4, otherwise: pin, next: return}"
    ),
    better=(
        "pin: {type: subflow, start: ask, on: {failed: operator}, next: main}\n"
        "ask: {type: collect, say: Your PIN?, into: pin, digits: 4, otherwise: return failed, next: return}"
    ),
    source="Arithmetic: endless recursion; the interpreter's limit of 8 levels",
)
