"""M133 either-way-alike: a question whose answer changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.yes_no import YesNo


def check(context: Context) -> Iterator[Problem]:
    """Find questions that lead to one node either way."""
    for name, node in context.nodes(YesNo):
        if node.yes is not None and node.yes == node.no:
            message = f"yes and no both lead to {node.yes!r}: the answer changes nothing"
            hint = "lead one of them to another node, or make it a 'play' node without the question"
            yield Problem(("nodes", name, "no"), message, hint)


RULE = Rule(
    code="M133",
    name="either-way-alike",
    severity="warning",
    check=check,
    summary="an answer that changes nothing",
    what="Both answers of a 'yes_no' node lead to the same node.",
    why="Callers listen to a question and press a key for nothing; often one of the targets is a slip.",
    example="member: {type: yes_no, say: Are you a member?, yes: desk, no: desk}",
    better="member: {type: yes_no, say: Are you a member?, yes: members, no: desk}",
    source="Arithmetic: targets compared",
)
