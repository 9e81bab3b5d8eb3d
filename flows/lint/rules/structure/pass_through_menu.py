"""S014 pass-through-menu: a menu that decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu
from flows.values.scalars import TARGET_WORDS


def check(context: Context) -> Iterator[Problem]:
    """Find menus whose exits all lead to one node, unless callers are trapped there (S005)."""
    trapped = {name for trap in context.graph.traps for name in trap.nodes}
    for name, menu in context.nodes(Menu):
        targets = {choice.then for choice in menu.choices} | {wire.target for wire in menu.retry_wires()}
        if any(choice.sets for choice in menu.choices):
            continue  # what was chosen is kept
        if len(targets) > 1 or name in context.graph.broken or name in trapped or name not in context.graph.reachable:
            continue
        target = str(*targets)
        if target not in TARGET_WORDS and target != name and target.partition(" ")[0] != "return":
            number = len(menu.choices)
            every = "its one choice and silence lead" if number == 1 else f"all {number} choices and silence lead"
            message = f"menu {name!r} decides nothing: {every} to {target!r}"
            yield Problem(
                ("nodes", name),
                message,
                f"lead callers to {target!r} at once and remove it, or give the choices different targets",
                of_key=True,
            )


RULE = Rule(
    code="S014",
    name="pass-through-menu",
    severity="info",
    check=check,
    summary="a menu that decides nothing",
    what="Every choice of a menu, and 'otherwise', lead to the same node.",
    why=(
        "Callers listen, choose and press, and nothing depends on it. If the choice is only for the records, ask "
        "whether it is worth every caller's time."
    ),
    example=(
        "main:\n  type: menu\n  choices:\n    - {key: 1, label: billing, next: desk}\n    - {key: 2, label: sales,"
        " next: desk}\n  otherwise: desk"
    ),
    better="start: desk  # until billing and sales have people of their own",
    source=(
        "Arithmetic: all exits compared. Every menu is another place to hang up (Commarford et al. 2008, Human Factors"
        " 50(1))"
    ),
)
