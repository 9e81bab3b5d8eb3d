"""D008 collected-twice: callers enter the same thing twice."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.dataflow import facts_on_all_paths
from flows.analysis.graph import Edge
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH
from flows.nodes.collect import Collect
from flows.nodes.lookup import Lookup
from flows.nodes.split import Split
from flows.speech.prompt import placeholders


def check(context: Context) -> Iterator[Problem]:
    """Find collect nodes whose value is already collected on every path to them, and not rejected since."""
    into: dict[str, list[str]] = {}
    for name, node in context.nodes(Collect):
        into.setdefault(node.into, []).append(name)
    twice = {value: names for value, names in into.items() if len(names) > 1}
    if not twice:
        return
    known = facts_on_all_paths(context.graph, lambda edge: _gain(context, edge, twice)).known
    for value, names in twice.items():
        for name in names:
            passed = known.get(name, frozenset())
            if f"has {value}" in passed and f"refused {value}" not in passed:
                others = " or ".join(repr(other) for other in names if other != name)
                message = f"callers have already entered {value!r} (in {others}) and are asked for it again"
                yield Problem(("nodes", name), message, "go on without asking, or collect something else", of_key=True)


def _gain(context: Context, edge: Edge, twice: dict[str, list[str]]) -> list[str]:
    node = context.flow.nodes[edge.source]
    if isinstance(node, Collect):
        entered = (
            edge.outcome in ("collected", "confirmed")
            and edge.via == "wire"
            and edge.outcome not in (NO_INPUT, NO_MATCH)
        )
        return [f"has {node.into}"] if entered and node.into in twice else []
    if isinstance(node, Split) and node.value in twice:
        return [f"refused {node.value}"] if edge.outcome == "otherwise" else []
    if isinstance(node, Lookup) and edge.outcome != node.conditions[0].label:
        return [f"refused {value}" for _, text in node.inserts() for value in placeholders(text) if value in twice]
    return []


RULE = Rule(
    code="D008",
    name="collected-twice",
    severity="warning",
    check=check,
    summary="callers enter the same thing twice",
    what=(
        "Every path to a collect node has already passed another that takes the same value. Asking again after a "
        "lookup or a split has rejected the value is fine."
    ),
    why="Callers notice that nobody listened. It costs them ten seconds or more, and some of their patience.",
    example=(
        "first: {type: collect, say: Your account?, into: account, digits: 9, next: again}\n"
        "again: {type: collect, say: Your account number?, into: account, digits: 9, next: desk}"
    ),
    better="first: {type: collect, say: Your account?, into: account, digits: 9, next: desk}",
    source="Standard: WCAG 2.2, 3.3.7 (redundant entry). Arithmetic: a must-analysis over all paths",
)
