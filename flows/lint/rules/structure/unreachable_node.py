"""S003 unreachable-node: a node that no call reaches."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.wiring import reach_from
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.source.document import nearest

_MOST_NAMED = 6


def check(context: Context) -> Iterator[Problem]:
    """Find the first node of every part that no call reaches."""
    flow, graph = context.flow, context.graph
    if flow.start not in flow.nodes:
        return
    known = tuple(flow.nodes)
    meant = {nearest(target, known) for target in {hole.target for hole in graph.holes if hole.target}} - {""}
    come = graph.reachable | graph.reachable_from(meant)
    lost = {name: None for name in flow.nodes if name not in come}
    told: set[str] = set()
    entered = {e.target for name in lost for e in graph.edges[name] if e.target != name}
    for name in sorted(lost, key=lambda n: n in entered):
        if name in told:
            continue
        part = reach_from(
            [name], lambda at: [e.target for e in graph.edges[at] if e.target in lost and e.target not in told]
        )
        told.update(part)
        behind = len(part) - 1
        rest = f", nor {_count(behind)} behind it" if behind else ""
        also = (
            f" with {', '.join(map(repr, part[1:]))}"
            if 0 < behind <= _MOST_NAMED
            else " with what only it leads to"
            if behind
            else ""
        )
        yield Problem(
            ("nodes", name),
            f"no call reaches {name!r}{rest}",
            f"lead a choice or 'next' here, or remove it{also}",
            of_key=True,
        )


def _count(number: int) -> str:
    return "the node" if number == 1 else f"the {number} nodes"


RULE = Rule(
    code="S003",
    name="unreachable-node",
    severity="warning",
    check=check,
    summary="a node that no call reaches",
    what=(
        "No path from the start leads to this node. Reported once for each unreachable part, at its first node. A "
        "node that a misspelt target probably means is not reported again."
    ),
    why="Someone wrote and recorded it, and no caller will ever hear it; often an exit was forgotten.",
    example="start: bye\nnodes:\n  bye: {type: hangup}\n  offers: {type: play, say: Our offers., next: bye}",
    better="start: offers\nnodes:\n  bye: {type: hangup}\n  offers: {type: play, say: Our offers., next: bye}",
    source="Arithmetic: reachability from the entry",
)
