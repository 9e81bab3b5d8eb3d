"""D016 shared-attempts-unknown: attempts that are shared by name, where the name and the questions do not meet."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.source.document import nearest


def check(context: Context) -> Iterator[Problem]:
    """Find names of shared attempts that do not exist, and shared attempts that fewer than two questions share."""
    attempts = context.flow.attempts
    sharing: dict[str, list[str]] = {}
    for name, node in context.flow.nodes.items():
        if of := node.counted_with:
            sharing.setdefault(of, []).append(name)
            if of not in attempts:
                near = nearest(of, list(attempts))
                hint = (
                    f"did you mean {near}?"
                    if near
                    else f"add 'attempts: {{{of}: {{most: 3, next: NODE}}}}' to the flow"
                )
                yield Problem(("nodes", name, "attempts_of"), f"there are no attempts called {of!r}", hint)
    for of in attempts:
        if of not in sharing:
            message = f"no question shares the attempts {of!r}: they limit nothing"
            yield Problem(("attempts", of), message, f"write 'attempts_of: {of}' in each question", of_key=True)


RULE = Rule(
    code="D016",
    name="shared-attempts-unknown",
    severity="error",
    check=check,
    summary="shared attempts that do not exist",
    what="A question shares attempts under a name that 'attempts' does not have, or no question shares them.",
    why="Callers may then fail as often as they like, where the designer believes that they are led on.",
    example=(
        "attempts: {identify: {most: 3, next: desk}}\n"
        "nodes: {pin: {type: collect, say: Your PIN?, into: pin, digits: 4, attempts_of: idenfity, next: main}}"
    ),
    better=(
        "attempts: {identify: {most: 3, next: desk}}\n"
        "nodes: {pin: {type: collect, say: Your PIN?, into: pin, digits: 4, attempts_of: identify, next: main}}"
    ),
    source="Our own: a name that leads nowhere is a mistake",
)
