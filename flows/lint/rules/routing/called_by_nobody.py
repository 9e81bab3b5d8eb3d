"""R025 called-by-nobody: a value says whom to dial, and no node sets it."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.dial import Dial
from flows.source.document import nearest

_ALWAYS = ("ani", "dnis", "language")


def check(context: Context) -> Iterator[Problem]:
    """Find dial nodes that go by a value which no node sets."""
    known = [*_ALWAYS, *dict.fromkeys(value for node in context.flow.nodes.values() for value in node.writes())]
    for name, node in context.nodes(Dial):
        for path, value in node.reads():
            if value not in known:
                near = nearest(value, known)
                message = f"no node sets {value!r}, by which {name!r} dials: nobody is called unless the call has it"
                hint = f"did you mean {near!r}?" if near else f"set it before, e.g. with a collect 'into: {value}'"
                whole = ("nodes", name, *path)
                alone = ("nodes", name, *(part for part in path if not isinstance(part, int)))  # 'to' names one party
                yield Problem(alone if alone in context.document.marks else whole, message, hint)


RULE = Rule(
    code="R025",
    name="called-by-nobody",
    severity="warning",
    check=check,
    summary="a value for dialling is never set",
    what="A dial node goes by a value (to, or extension) that no node collects, looks up or sets.",
    why="Every caller takes the exit 'unknown', though the list of numbers is right.",
    example=(
        "ask: {type: collect, into: branch, digits: 1, next: desk}\n"
        'desk: {type: dial, to: {value: brunch, numbers: {1: "+14155550100"}}, otherwise: main}'
    ),
    better=(
        "ask: {type: collect, into: branch, digits: 1, next: desk}\n"
        'desk: {type: dial, to: {value: branch, numbers: {1: "+14155550100"}}, otherwise: main}'
    ),
    source="Arithmetic: values set and values used compared",
)
