"""M115 key-gap-or-order: keys with a gap or out of order."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.lint.rules.menus._key_order import counted_on, uses
from flows.lint.rules.menus._precedence import PRECEDENCE
from flows.nodes.menu import Menu


def check(context: Context) -> Iterator[Problem]:
    """Check each menu's announced digits in spoken order, without 0 and keys that work everywhere."""
    known = uses(context)
    first = context.flow.languages[0]
    for name, menu in context.nodes(Menu):
        planned = counted_on(context, name, known)
        if not planned:
            continue
        new = {choice.key: planned.get(index, choice.key) for index, choice in enumerate(menu.choices)}
        spoken = dict.fromkeys(option.key for option in context.spoken(name, first).options)
        keys = [key for key in spoken if key in new and key not in context.flow.keys and key in tuple("123456789")]
        given = ", ".join(new[key] for key in keys)
        hint = (
            f"give them the keys {given} in the order in which they are said"
            if len(keys) > 1
            else f"give it key {given}"
        )
        if menu.prompt is not None:
            hint += ", and say so in the prompt"
        wanted = sorted(new[key] for key in keys)
        gap = next((key for key in wanted if key not in keys), "")
        if keys != sorted(keys) and [new[key] for key in keys] == wanted:
            message = f"menu {name!r} offers its keys as {', '.join(keys)}, not in the order of the keypad"
        else:
            message = f"menu {name!r} has a gap in its keys: {', '.join(keys)}, without {gap}"
            hint += "; callers wait for a key that never comes"
        yield Problem(("nodes", name, "choices"), message, hint, of_key=True)


RULE = Rule(
    code="M115",
    name="key-gap-or-order",
    severity="info",
    check=check,
    summary="keys with a gap or out of order",
    what=(
        "The keys of a menu are not offered as 1, 2, 3 and so on: one is skipped, or they come in another order. Not "
        "counted are keys that work everywhere, 0, star and pound, and a final 9 that repeats or goes back. An order "
        "that M105 asks for stays, and so does a key that the same label has in another menu."
    ),
    why="Callers count along and reach for the next key before it is announced.",
    example="choices:\n  - {key: 2, label: sales, next: sales}\n  - {key: 1, label: billing, next: billing}",
    better="choices:\n  - {key: 1, label: sales, next: sales}\n  - {key: 2, label: billing, next: billing}",
    options=PRECEDENCE,
    source="Standard: ISO/IEC 13714 as summarised by vendors (ascending keys). Guide: Ireland's public-service guide",
)
