"""S001 entry-missing: the flow starts at an unknown node."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.source.document import nearest
from flows.source.finding import Fix


def check(context: Context) -> Iterator[Problem]:
    """Check that the start names a node."""
    flow = context.flow
    if flow.start not in flow.nodes:
        near = nearest(flow.start, list(flow.nodes))
        hint = f"did you mean {near!r}?" if near else f"write the first node, e.g. start: {next(iter(flow.nodes))}"
        fix = Fix(("start",), near, safe=False) if near else None
        yield Problem(("start",), f"the call starts at {flow.start!r}, but there is no such node", hint, fix=fix)


RULE = Rule(
    code="S001",
    name="entry-missing",
    severity="error",
    check=check,
    summary="the flow starts at an unknown node",
    what="'start' names a node that does not exist.",
    why="No call can begin: every caller goes straight to the fallback.",
    example="start: greting\nnodes:\n  greeting: {type: hangup, say: Hello and goodbye.}",
    better="start: greeting\nnodes:\n  greeting: {type: hangup, say: Hello and goodbye.}",
    source="Arithmetic: a graph without an entry",
)
