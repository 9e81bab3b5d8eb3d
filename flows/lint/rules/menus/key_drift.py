"""M114 key-drift: one label, different keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.lint.rules.menus._key_order import Use, Uses, counted_on, uses
from flows.lint.rules.menus._precedence import PRECEDENCE
from flows.nodes.menu import Menu


def check(context: Context) -> Iterator[Problem]:
    """Find labels with several keys. The usual key is the most frequent, then one in sequence, then the first."""
    known = uses(context)
    for label, places in known.by_label.items():
        counts = Counter(use.key for use in places)
        if len(counts) < 2:
            continue
        sound = Counter(
            use.key for use in places if not use.menu or use.index not in counted_on(context, use.menu, known)
        )
        single = [key for key in counts if len(key) == 1] or list(counts)
        usual = next((use.key for use in places if not use.menu), None) or max(
            single, key=lambda key: (counts[key], sound[key])
        )
        other = next(_where(use) for use in places if use.key == usual)
        for use in places:
            if use.key != usual:
                message = f"{label!r} is on key {use.key} in {_where(use)}, and on key {usual} in {other}"
                yield Problem(use.path, message, _advice(context, use, usual, known))


def _where(use: Use) -> str:
    return f"menu {use.menu!r}" if use.menu else "every menu"


def _advice(context: Context, use: Use, usual: str, known: Uses) -> str:
    """Advise the usual key here too, if every other choice of the menu can then have a suitable key."""
    menu = context.flow.nodes.get(use.menu)
    if not isinstance(menu, Menu):
        return f"use key {usual} there too, or another label"
    now = [choice.key for choice in menu.choices]
    keys = list(now)
    bound = context.flow.keys.get(usual)
    if usual in now:
        taken = now.index(usual)
        if context.label(menu.choices[taken].label).lower() == context.label(menu.choices[use.index].label).lower():
            return "leave one of them out, or use another label"
        if not known.only_here(use.menu, taken) and not known.elsewhere(use.menu, taken, use.key):
            return (
                f"use another label: key {usual} is {context.label(menu.choices[taken].label)!r} here, as in another"
                " menu"
            )
        keys[taken] = use.key
    elif any(key != usual and (key.startswith(usual) or usual.startswith(key)) for key in (*now, *context.flow.keys)):
        return f"use another label: with key {usual} callers would wait for more keys here"
    elif bound and bound.then != menu.choices[use.index].then:
        return f"use another label: key {usual} leads to {bound.then!r} in every menu"
    keys[use.index] = usual
    for index, key in counted_on(context, use.menu, known, keys).items():
        keys[index] = key
    others = [
        f"key {key} for {context.label(menu.choices[i].label) or 'what is on key ' + now[i]!r}"
        for i, key in enumerate(keys)
        if key != now[i] and i != use.index
    ]
    said = f"use key {keys[use.index]} here too"
    if others:
        said += f", and {', '.join(others)}"
    if menu.prompt is not None:
        said += ", and say so in the prompt"
    return f"{said}; or use another label" if others or menu.prompt is not None else f"{said}, or another label"


RULE = Rule(
    code="M114",
    name="key-drift",
    severity="warning",
    check=check,
    summary="one label, different keys",
    what=(
        "The same label is on different keys in different menus. The key it has most often counts as its usual one. "
        "Labels that mean the rest ('all other questions', 'anything else') mean something else in each menu and are "
        "left out."
    ),
    why="Returning callers press the key that worked last time, in another menu, and land somewhere else.",
    example="main: billing on 1; after_hours: billing on 3",
    better="billing on 1 in both",
    options=PRECEDENCE,
    source="Guides: ISO/IEC 13714 as summarised by vendors (consistent keys)",
)
