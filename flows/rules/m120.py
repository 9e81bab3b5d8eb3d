"""M120 two-key-menu: a choice that takes two keys while single ones are free."""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.nodes.menu import Type as Menu
from flows.rules.base import Problem, Rule


def check(context: Context) -> Iterator[Problem]:
    """Choices of several keys; told once a menu."""
    for name, menu in context.nodes(Menu):
        several = [(index, choice) for index, choice in enumerate(menu.choices) if len(choice.key) > 1]
        if not several:
            continue
        index, choice = several[0]
        taken = {c.key[0] for c in menu.choices} | set(context.flow.keys)
        free = [key for key in "123456789" if key not in taken]
        label = context.label(choice.label)
        what = f" ({label})" if label else ""
        more = f", and {len(several) - 1} more of menu {name!r}" if len(several) > 1 else ""
        message = f"choice {choice.key}{what} takes {len(choice.key)} keys{more}"
        hint = f"use single keys, such as {free[0]}" if free else "group the choices, or ask with 'collect'"
        yield Problem(("nodes", name, "choices", index, "key"), message, hint)


RULE = Rule(
    code="M120", name="two-key-menu", severity="warning", check=check,
    summary="a choice that takes two keys",
    what="A choice of a menu is a number of two keys or more. One finding for each menu. Extensions and codes belong in a "
    "'collect'.",
    why="Callers press the first key and wait, or press the second too late; on many telephones the keypad has to be "
    "brought back in between.",
    example="choices:\n  - {key: 11, label: sales, next: sales}", better="choices:\n  - {key: 1, label: sales, next: sales}",
    source="Standard: ISO/IEC 13714 as summarised by vendors (one key a choice)",
)  # fmt: skip
