"""R011 transfer-to-self: the line dials itself."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.dial import Dial
from flows.nodes.split import Split


def check(context: Context) -> Iterator[Problem]:
    """Find dialled numbers that a split on ``dnis`` lists as the line's own."""
    own = {
        case: name
        for name, split in context.nodes(Split)
        if split.value == "dnis"
        for case in split.cases
        if case.startswith("+")
    }
    for name, path, number in (
        (name, path, number) for name, node in context.nodes(Dial) for path, number in node.numbers()
    ):
        case = next(
            (case for case in own if number == case or (case[-1] == "*" and number.startswith(case[:-1]))), None
        )
        if case:
            message = f"{name!r} dials {number}, at which this line is called itself (case {case!r} of {own[case]!r})"
            yield Problem(("nodes", name, *path), message, "lead to a node of the flow, or dial the number behind it")


RULE = Rule(
    code="R011",
    name="transfer-to-self",
    severity="warning",
    check=check,
    summary="the line dials itself",
    what="A dial node dials a number that a split on dnis (the number called) lists as one of this line.",
    why=(
        "The caller starts again at the greeting, holds two lines, pays for both legs, and may go round until no line "
        "is left."
    ),
    example=(
        'which: {type: split, value: dnis, cases: {"+14155550100": main}, otherwise: main}\n'
        'sales: {type: dial, number: "+14155550100", otherwise: main}'
    ),
    better=(
        'which: {type: split, value: dnis, cases: {"+14155550100": main}, otherwise: main}\n'
        'sales: {type: dial, number: "+14155550122", otherwise: main}'
    ),
    source="Arithmetic: numbers compared",
)
