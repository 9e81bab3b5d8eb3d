"""R007 closed-loops: after hours a call goes in circles."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.components import cycles
from flows.analysis.graph import Edge
from flows.analysis.wiring import reach_from
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base import END
from flows.nodes.hours import Hours


def check(context: Context) -> Iterator[Problem]:
    """Check the flow as it is while a table of hours is closed, table by table."""
    asking: dict[str, list[str]] = {}
    for name, node in context.nodes(Hours):
        if name in context.graph.reachable:
            asking.setdefault(node.hours, []).append(name)
    silent_anyway = {name for cycle in context.graph.silent_cycles for name in cycle} if asking else set()
    for table, names in asking.items():
        out = {name: _closed(context, name, table) for name in context.flow.nodes}
        around = (
            {n: cycle for cycle in cycles(_silent(context, out, table)) for n in cycle}
            if _leads_back(context, names, out)
            else {}
        )
        told: set[frozenset[str]] = set()
        for name in names:
            cycle = around.get(name)
            if cycle and cycle not in told and not cycle & silent_anyway:
                told.add(cycle)
                path = ("nodes", name, "on", "closed")
                message = f"while {table!r} is closed, a caller who does nothing keeps coming back to {name!r}"
                yield Problem(path, message, "lead 'closed' to a message box, or say when you open and say goodbye")


def _closed(context: Context, name: str, table: str) -> list[Edge]:
    node = context.flow.nodes[name]
    shut = isinstance(node, Hours) and node.hours == table
    return [edge for edge in context.graph.exits[name] if edge.target != END and (not shut or edge.outcome == "closed")]


def _silent(context: Context, out: dict[str, list[Edge]], table: str) -> dict[str, list[str]]:
    """Where a call goes without the caller; other nodes that ask external systems may always end the loop."""
    nodes = context.flow.nodes

    def goes(edge: Edge) -> bool:
        node = nodes[edge.source]
        return edge.silent or (isinstance(node, Hours) and node.hours == table)

    return {
        name: [target for edge in edges if goes(edge) for target in context.graph.leads(edge)]
        for name, edges in out.items()
    }


def _leads_back(context: Context, names: list[str], out: dict[str, list[Edge]]) -> bool:
    """Whether an hours node of the table comes after another, or after itself; otherwise there is nothing to find."""
    leads = context.graph.leads
    first = [target for name in names for edge in out[name] for target in leads(edge)]
    return bool(
        set(reach_from(first, lambda at: [to for edge in out[at] if edge.needs != "caller" for to in leads(edge)]))
        & set(names)
    )


RULE = Rule(
    code="R007",
    name="closed-loops",
    severity="warning",
    check=check,
    summary="after hours a call goes in circles",
    what=(
        "While the hours are closed, the closed branch leads back to the same hours node without the caller doing "
        "anything: through messages, or through a menu that times out."
    ),
    why=(
        "It works all day. At night, callers who say nothing hold the line until they hang up, and hear over and over "
        "that you are closed."
    ),
    example=(
        "open: {type: hours, hours: office, on: {open: desk, closed: sorry}}\n"
        "sorry: {type: play, say: We are closed., next: open}"
    ),
    better=(
        "open: {type: hours, hours: office, on: {open: desk, closed: sorry}}\n"
        "sorry: {type: hangup, say: We are closed. We open at 8.}"
    ),
    source="Arithmetic: a cycle that only the clock ends",
)
