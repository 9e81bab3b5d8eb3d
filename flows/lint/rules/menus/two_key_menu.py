"""M120 two-key-menu: a choice that takes two keys."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.leg_time import between_s
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.lint.rules.menus._key_order import Uses, counted_on, uses
from flows.nodes.base_choice import OTHER
from flows.nodes.menu import Menu
from flows.source.counted import counted


def check(context: Context) -> Iterator[Problem]:
    """Find choices of several keys, once for each menu, and longer keys that work everywhere (unless M003)."""
    yield from _everywhere(context)
    known = uses(context)
    for name, menu in context.nodes(Menu):
        several = [
            (index, choice) for index, choice in enumerate(menu.choices) if len(choice.key) > 1 and choice.key != OTHER
        ]
        if not several:
            continue
        index, choice = several[0]
        label = context.label(choice.label)
        what = f" ({label})" if label else ""
        more = f", and {len(several) - 1} more of menu {name!r}" if len(several) > 1 else ""
        message = f"choice {choice.key}{what} takes {len(choice.key)} keys{more}{_delays(context, menu)}"
        yield Problem(("nodes", name, "choices", index, "key"), message, _advice(context, name, menu, known))


def _everywhere(context: Context) -> Iterator[Problem]:
    for long in context.flow.keys:
        delayed = {
            name: menu
            for name, menu in context.nodes(Menu)
            if any(len(choice.key) < len(long) for choice in menu.choices)
        }
        offered = [choice.key for menu in delayed.values() for choice in menu.choices]
        if (
            len(long) > 1
            and long.isdigit()
            and delayed
            and not any(long != key and long.startswith(key) for key in (*offered, *context.flow.keys))
        ):
            name, menu = next(iter(delayed.items()))
            others = f" and {counted(len(delayed) - 1, 'other menu')}" if len(delayed) > 1 else ""
            waits = (
                f"callers of {name!r}{others} wait {between_s(menu.timeout, menu.interdigit):g} s after a shorter key"
            )
            message = f"{long}, which works everywhere, takes {len(long)} keys: {waits}"
            yield Problem(context.key_path(("keys",), long), message, "use a single key for it", of_key=True)


def _delays(context: Context, menu: Menu) -> str:
    """Who has to wait: a menu always listens for as many keys as its longest choice has."""
    longest = max(len(choice.key) for choice in menu.choices)
    shorter = [
        key
        for key in dict.fromkeys([*(choice.key for choice in menu.choices), *context.flow.keys])
        if len(key) < longest
    ]
    if not shorter:
        return ""
    several = f"one of {', '.join(shorter)}" if len(shorter) > 1 else shorter[0]
    return (
        f"; callers who press {several} wait {between_s(menu.timeout, menu.interdigit):g} s for keys that do not follow"
    )


def _advice(context: Context, name: str, menu: Menu, known: Uses) -> str:
    """A free digit for each choice of several keys, with the others renumbered to keep the keys in sequence."""
    keys = [choice.key for choice in menu.choices]
    begun = {key[0] for key in context.flow.keys} | {key for key in keys if len(key) == 1}
    free = [digit for digit in "123456789" if digit not in begun]
    several = [index for index, key in enumerate(keys) if len(key) > 1]
    if len(free) < len(several):
        return "group the choices, or ask with 'collect'"
    for index, digit in zip(several, free, strict=False):  # some digits may be left over
        keys[index] = digit
    for index, digit in counted_on(context, name, known, keys).items():
        keys[index] = digit
    new = [
        f"{key} for {context.label(c.label) or f'what is on {c.key}'!r}"
        for key, c in zip(keys, menu.choices, strict=True)
        if key != c.key
    ]
    return f"use single keys: {', '.join(new)}{', and say so in the prompt' if menu.prompt is not None else ''}"


RULE = Rule(
    code="M120",
    name="two-key-menu",
    severity="warning",
    check=check,
    summary="a choice that takes two keys",
    what=(
        "A choice of a menu, or a key that works everywhere, takes two keys or more. Reported once for each menu or "
        "key. Extensions and codes belong in a 'collect'."
    ),
    why=(
        "The menu then waits for as many keys as its longest choice has, so every shorter choice sits through the "
        "pause between keys. Callers press the first key and wait, or press the second too late; on many phones the "
        "keypad has to be brought back in between."
    ),
    example="choices:\n  - {key: 11, label: sales, next: sales}",
    better="choices:\n  - {key: 1, label: sales, next: sales}",
    source="Standard: ISO/IEC 13714 as summarised by vendors (one key a choice)",
)
