"""M115 key-gap-or-order: keys that are not 1, 2, 3 as they are spoken."""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.nodes.menu import Type as Menu
from flows.rules.base import Problem, Rule
from flows.scalars import TARGET_WORDS

LAST_KEY = "9"
"""May stand apart: guides keep it for hearing the menu again or leaving it."""


def check(context: Context) -> Iterator[Problem]:
    """The announced one-digit keys of each menu, in spoken order; 0, star, pound and keys that work everywhere apart."""
    everywhere = set(context.flow.keys)
    for name, menu in context.nodes(Menu):
        own = {choice.key: choice.then for choice in menu.choices if choice.key not in everywhere}
        spoken = dict.fromkeys(option.key for option in context.spoken(name, context.flow.languages[0]).options)
        keys = [key for key in spoken if key in own and len(key) == 1 and key in "123456789"]
        if keys and keys[-1] == LAST_KEY and _leads_back(context, name, own[LAST_KEY]):
            keys.pop()
        if any(choice.key not in spoken for choice in menu.choices) or not keys:
            continue  # a choice that is not announced is M116's
        free = [str(digit) for digit in range(1, 10) if str(digit) not in everywhere]
        ordered = sorted(keys)
        path = ("nodes", name, "choices")
        if keys != ordered:
            message = f"menu {name!r} offers its keys as {', '.join(keys)}, not in the order of the keypad"
            yield Problem(path, message, f"give them the keys {', '.join(free[: len(keys)])} in the order in which they are said", of_key=True)
        elif keys != free[: len(keys)]:
            gap = next(key for key in free if key not in keys)
            message = f"menu {name!r} has a gap in its keys: {', '.join(keys)}, without {gap}"
            yield Problem(path, message, "count without gaps, or callers wait for what does not come", of_key=True)


def _leads_back(context: Context, name: str, target: str) -> bool:
    """Whether a target is ``repeat`` or ``back``, or a menu that is no deeper."""
    levels = context.graph.levels
    above = target in context.flow.nodes and context.flow.nodes[target].keeps_place
    return target in TARGET_WORDS or (above and levels.get(target, 0) <= levels.get(name, 0))


RULE = Rule(
    code="M115", name="key-gap-or-order", severity="info", check=check,
    summary="keys with a gap or out of order",
    what="The keys of a menu are not spoken as 1, 2, 3 and so on: one is left out, or they come in another order. Keys "
    "that work everywhere, 0, star and pound are left out, and so is a 9 at the end that repeats or goes back.",
    why="Callers count along and reach for the next key before it is said.",
    example="choices:\n  - {key: 2, label: sales, next: sales}\n  - {key: 1, label: billing, next: billing}",
    better="choices:\n  - {key: 1, label: sales, next: sales}\n  - {key: 2, label: billing, next: billing}",
    source="Standard: ISO/IEC 13714 as summarised by vendors (ascending keys). Guide: Ireland's public-service guide",
)  # fmt: skip
