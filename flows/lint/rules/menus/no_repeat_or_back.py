"""M117 no-repeat-or-back: no way back and no repeat."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu

_WORDS = ("repeat", "back")


def check(context: Context) -> Iterator[Problem]:
    """Find submenus without a key that repeats them or leads to a menu above; reported once."""
    levels = context.graph.levels
    if any(bound.then in _WORDS for bound in context.flow.keys.values()):
        return
    lacking = []
    for name, menu in context.nodes(Menu):
        if levels.get(name, 0) < 2 or name in context.graph.broken:
            continue
        keys = [edge.target for edge in context.graph.edges[name] if edge.needs == "caller"]
        up = (target for target in keys if target in levels and context.flow.nodes[target].keeps_place)
        if not any(choice.then in _WORDS for choice in menu.choices) and not any(levels[t] <= levels[name] for t in up):
            lacking.append(name)
    if lacking:
        rest = f", and from {len(lacking) - 1} more," if len(lacking) > 1 else ""
        message = f"from menu {lacking[0]!r}{rest} callers can neither go back nor hear it again"
        yield Problem(("nodes", lacking[0]), message, _free(context), of_key=True)


def _free(context: Context) -> str:
    """The usual keys for back and repeat, if no menu uses them."""
    taken = {choice.key for _, menu in context.nodes(Menu) for choice in menu.choices} | set(context.flow.keys)
    begun = {key[0] for key in taken}
    repeat = next((key for key in "987654321" if key not in begun), "")
    back = "star: back" if "*" not in begun else ""
    keys = ", ".join(part for part in (back, f"{repeat}: repeat" if repeat else "") if part)
    return f"add 'keys: {{{keys}}}' to the flow" if keys else "free a key in every menu for 'repeat'"


RULE = Rule(
    code="M117",
    name="no-repeat-or-back",
    severity="info",
    check=check,
    summary="no way back and no repeat",
    what=(
        "A submenu has no key that repeats it, and none that leads back to it or to a menu above. Reported once for "
        "the flow, at the first such menu."
    ),
    why="Some callers take a wrong turn. Without a way back they hang up and call again, or bother the operator.",
    example="keys: {0: operator}",
    better="keys: {0: operator, star: back, 9: repeat}",
    source="Standard: ISO/IEC 13714 as summarised by vendors (star goes back). Guide: W3C COGA O6P04",
)
