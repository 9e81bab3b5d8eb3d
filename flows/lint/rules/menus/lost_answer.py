"""M129 lost-answer: callers choose, and nothing follows from what they chose."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu


def check(context: Context) -> Iterator[Problem]:
    """Find announced choices of a menu that lead to one question or menu, and set nothing; others than S014."""
    for name, menu in context.nodes(Menu):
        if name not in context.graph.reachable or name in context.graph.broken:
            continue
        by_target: dict[str, list[int]] = {}
        for index, choice in enumerate(menu.choices):
            asks = choice.then in context.flow.nodes and context.graph.awaits[choice.then] == "caller"
            if choice.label is not None and not choice.sets and asks and choice.then != name:
                by_target.setdefault(choice.then, []).append(index)
        everything = {choice.then for choice in menu.choices} | {wire.target for wire in menu.retry_wires()}
        for target, indices in by_target.items() if len(everything) > 1 else ():
            if len(indices) > 1:
                keys = " and ".join(menu.choices[i].key for i in indices)
                yield Problem(
                    ("nodes", name, "choices", indices[1]),
                    f"keys {keys} of menu {name!r} both lead to {target!r}, which does not know which was pressed",
                    "keep the answer ('set: {wish: ...}' in each of them) and use it, or make one choice of them",
                )


RULE = Rule(
    code="M129",
    name="lost-answer",
    severity="info",
    check=check,
    summary="a choice that nobody remembers",
    what=(
        "Two announced choices of a menu lead to the same menu or question, and neither sets a value. Choices that "
        "lead to a person, a message or a lookup are left out, and a menu whose choices all lead to one node is S014."
    ),
    why="Callers are asked, answer, and are treated as if they had said nothing. The next question asks it again.",
    example=(
        "choices:\n  - {key: 1, label: internet, next: ask_account}\n  - {key: 2, label: television, next: ask_account}"
    ),
    better=(
        "choices:\n  - {key: 1, label: internet, set: {product: internet}, next: ask_account}\n"
        "  - {key: 2, label: television, set: {product: television}, next: ask_account}"
    ),
    source="Arithmetic: the paths are the same after the key",
)
