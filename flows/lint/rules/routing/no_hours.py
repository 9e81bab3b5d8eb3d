"""R004 no-hours: a queue without opening hours."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.queue import Queue


def check(context: Context) -> Iterator[Problem]:
    """Find queue nodes that some path reaches without passing an hours node."""
    for name, _ in context.nodes(Queue):
        passed = context.path_facts.known.get(name)
        if passed is None or "hours" in passed:
            continue
        keys = context.keys_pressed(context.path_facts.path_without(name, "hours"))
        message = f"callers reach {name!r} without a check of the opening hours (keys: {keys})"
        hint = (
            "put an 'hours' node before it"
            if context.flow.hours
            else "declare 'hours:' and put an 'hours' node before it"
        )
        yield Problem(("nodes", name), message, hint, of_key=True)


RULE = Rule(
    code="R004",
    name="no-hours",
    severity="warning",
    check=check,
    summary="a queue without opening hours",
    what="Some path leads to a queue without passing an hours node. The keys of such a path are shown.",
    why="Outside opening hours, callers wait for nobody.",
    example="main:\n  type: menu\n  choices: [{key: 1, label: support, next: tech_queue}]",
    better="main:\n  type: menu\n  choices: [{key: 1, label: support, next: tech_open}]  # an hours node",
    source="Arithmetic: a must-analysis over all paths",
)
