"""M126 exit-never-taken: an exit after the last attempt that no caller takes."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue


def check(context: Context) -> Iterator[Problem]:
    """Find ``otherwise`` and ``attempts`` where silence and wrong keys both lead or count by themselves."""
    for name, node in context.flow.nodes.items():
        if not isinstance(node, Dialogue) or node.taken_back:
            continue
        both = [node.on_failure(reason) for reason in (NO_INPUT, NO_MATCH)]
        never = (
            ("otherwise", all(again.then is not None for again in both), "lead somewhere of their own"),
            ("attempts", all(again.attempts is not None for again in both), "have attempts of their own"),
        )
        for key, unused, why in never:
            if unused and context.is_written(name, key):
                message = f"{key!r} of {name!r} has no effect: silence and wrong keys both {why}"
                yield Problem(("nodes", name, key), message, "remove it", of_key=True)


RULE = Rule(
    code="M126",
    name="exit-never-taken",
    severity="warning",
    check=check,
    summary="an exit that no caller takes",
    what=(
        "A node has 'otherwise' although both 'no_input' and 'no_match' lead somewhere of their own, or 'attempts' "
        "although both have attempts of their own."
    ),
    why="Whoever reads the file takes it for what happens. It never does.",
    example=(
        "main:\n  type: menu\n  choices: [{key: 1, label: billing, next: billing}]\n"
        "  no_input: {attempts: 2, next: operator}\n  no_match: {attempts: 3, next: sorry}\n  otherwise: goodbye"
    ),
    better=(
        "main:\n  type: menu\n  choices: [{key: 1, label: billing, next: billing}]\n"
        "  no_input: {attempts: 2, next: operator}\n  no_match: {attempts: 3, next: sorry}"
    ),
    source="Arithmetic: every failed attempt is a silence or a wrong key",
)
