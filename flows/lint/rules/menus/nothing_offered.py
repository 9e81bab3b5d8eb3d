"""M131 nothing-offered: a menu in which some callers are offered nothing."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu


def check(context: Context) -> Iterator[Problem]:
    """Find menus of which every choice may be left out at once, and choices that no caller is offered."""
    for name, menu in context.nodes(Menu):
        offers = [{choice.key for choice in variant.choices} for variant in menu.variants]
        if not all(offers):
            message = f"menu {name!r} offers nothing to callers for whom no condition holds"
            hint = "leave 'when' out of one choice, or add 'key: other' for the rest"
            yield Problem(("nodes", name, "choices"), message, hint, of_key=True)
        known = set().union(*offers)
        for index, choice in enumerate(menu.choices):
            if choice.key not in known:
                yield Problem(
                    ("nodes", name, "choices", index, "when"),
                    f"key {choice.key} of menu {name!r} is never offered: its conditions cannot hold at once",
                    "correct 'when', or remove the choice",
                    of_key=True,
                )


RULE = Rule(
    code="M131",
    name="nothing-offered",
    severity="error",
    check=check,
    summary="a menu that may offer nothing",
    what=(
        "All choices of a menu are conditional and no condition need hold, so that some callers hear no choice; or the "
        "conditions of one choice cannot hold at the same time."
    ),
    why="Callers hear silence, are told that they chose nothing, and are sent on after the last attempt.",
    example=(
        "choices:\n  - {key: 1, label: today, when: {value: day, is: monday}, next: today}\n"
        "  - {key: 2, label: a refund, when: {value: day, is: friday}, next: refund}"
    ),
    better=(
        "choices:\n  - {key: 1, label: today, when: {value: day, is: monday}, next: today}\n"
        "  - {key: 2, label: a refund, next: refund}"
    ),
    source="Arithmetic: the conditions tried with every text that they name, and with none",
)
