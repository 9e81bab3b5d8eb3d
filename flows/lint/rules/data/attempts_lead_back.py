"""D017 attempts-lead-back: the last failure asks the same questions again."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import Dialogue


def check(context: Context) -> Iterator[Problem]:
    """Find shared attempts whose target is one of the questions, or leads to one without asking anything else."""
    nodes = context.flow.nodes
    for of, shared in context.flow.attempts.items():
        members = {name for name, node in nodes.items() if node.counted_with == of}
        at, seen = shared.then, set[str]()
        while at in nodes and at not in seen and at not in members and not isinstance(nodes[at], Dialogue):
            seen.add(at)
            onward = [wire.target for wire in nodes[at].wires() if wire.target]
            at = onward[0] if len(set(onward)) == 1 else ""
        if at in members:
            message = f"after {shared.most} failures callers come to {at!r} again, and the count begins anew"
            yield Problem(("attempts", of, "next"), message, "lead the last failure to a person")


RULE = Rule(
    code="D017",
    name="attempts-lead-back",
    severity="warning",
    check=check,
    summary="the last failure asks again",
    what="The node after the last of several shared attempts is one of their questions, or leads straight to one.",
    why="The limit limits nothing: the caller who cannot answer is asked for ever, and so is the machine that guesses.",
    example="attempts: {identify: {most: 3, next: account}}  # account: a question with attempts_of: identify",
    better="attempts: {identify: {most: 3, next: desk}}",
    source="Our own: the count begins again when it has led on",
)
