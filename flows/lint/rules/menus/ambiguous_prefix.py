"""M003 ambiguous-prefix: one key is the start of another."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.leg_time import between_s
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_choice import Choice
from flows.nodes.language import Language, LanguageChoice
from flows.nodes.menu import Menu
from flows.source.counted import counted


def check(context: Context) -> Iterator[Problem]:
    """Find keys after which the system must wait for possible further digits."""
    yield from _everywhere(context)
    for name, node in context.flow.nodes.items():
        if not isinstance(node, Menu | Language):
            continue
        keys = [key for choice in node.choices for key in _keys(choice)]
        if _ended(context, node):
            continue
        choices: tuple[Choice | LanguageChoice, ...] = node.choices
        shared = list(context.flow.keys)
        for index, key in ((i, key) for i, choice in enumerate(choices) for key in _keys(choice)):
            if len(key) < 2:
                continue
            short = next((other for other in (*keys, *shared) if other != key and key.startswith(other)), None)
            if short:
                where = f"key {short}" if short in keys else f"key {short}, which works everywhere,"
                message = (
                    f"{where} is the beginning of {key}: callers who press {short} wait"
                    f" {between_s(node.timeout, node.interdigit):g} s for nothing"
                )
                hint = (
                    f"use a single digit for it, or keys of {len(key)} digits for all; or tell callers in the prompt to"
                    " end with pound"
                )
                yield Problem(("nodes", name, "choices", index, "key"), message, hint)


def _everywhere(context: Context) -> Iterator[Problem]:
    """Longer keys that work everywhere and delay a shorter one; each reported once, at the longer key."""
    for long in context.flow.keys:
        delayed = [
            (name, key, node)
            for name, node in context.flow.nodes.items()
            if isinstance(node, Menu | Language) and not _ended(context, node)
            for choice in node.choices
            for key in _keys(choice)
            if key != long and long.startswith(key)
        ]
        short = next((key for key in context.flow.keys if key != long and long.startswith(key)), "")
        path = context.key_path(("keys",), long)
        if delayed:
            name, key, node = delayed[0]
            others = len({name for name, _, _ in delayed}) - 1
            where = f"{name!r}" + (f" and {counted(others, 'other menu')}" if others else "")
            message = (
                f"{long}, which works everywhere, begins with key {key} of {where}: callers who press {key} wait"
                f" {between_s(node.timeout, node.interdigit):g} s for nothing"
            )
            yield Problem(
                path, message, "use a single key for it, or one whose first digit no menu offers", of_key=True
            )
        elif short:
            message = (
                f"{long} begins with {short}, and both work everywhere: callers who press {short} wait in every menu"
            )
            yield Problem(path, message, "use a single key for it, or one with another first digit", of_key=True)


def _ended(context: Context, node: Menu | Language) -> bool:
    """Whether callers are told to end their choice with pound."""
    ended = any("#" in key for key in (*(key for c in node.choices for key in _keys(c)), *context.flow.keys))
    return not ended and isinstance(node, Menu) and bool(node.prompt) and _says_pound(context, node)


def _keys(choice: Choice | LanguageChoice) -> tuple[str, ...]:
    return choice.all_keys if isinstance(choice, Choice) else (choice.key,)


def _says_pound(context: Context, menu: Menu) -> bool:
    name = next(name for name, node in context.nodes(Menu) if node is menu)
    return all(any(o.key == "#" for o in context.spoken(name, tag).options) for tag in context.flow.languages)


RULE = Rule(
    code="M003",
    name="ambiguous-prefix",
    severity="error",
    check=check,
    summary="one key is the start of another",
    what=(
        "One key is the start of another: 1 and 12 in one menu, or a key that works everywhere and one that works in "
        "this menu. The prompt does not tell callers to end their choice with pound."
    ),
    why=(
        "After the shorter key the system has to wait for a possible second digit. Callers hear silence, press again, "
        "and land somewhere else."
    ),
    example="choices:\n  - {key: 1, label: billing, next: billing}\n  - {key: 12, label: sales, next: sales}",
    better="choices:\n  - {key: 1, label: billing, next: billing}\n  - {key: 2, label: sales, next: sales}",
    source="Arithmetic: a prefix code needs a terminator or a time-out",
)
