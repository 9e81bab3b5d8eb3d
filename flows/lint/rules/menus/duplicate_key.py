"""M001 duplicate-key: one key bound twice."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.lint.rules.menus._key_order import counted_on, uses
from flows.nodes.base_choice import Choice
from flows.nodes.language import Language, LanguageChoice
from flows.nodes.menu import Menu
from flows.nodes.queue import Queue
from flows.source.document import Path
from flows.values.scalars import phone_key


def check(context: Context) -> Iterator[Problem]:
    """Find keys bound twice: in a menu, in a list of keys, or in a menu and everywhere."""
    yield from _spelt_twice(context, ("keys",))
    for name, _ in context.nodes(Queue):
        yield from _spelt_twice(context, ("nodes", name, "while_waiting"))
    for name, node in context.flow.nodes.items():
        choices: tuple[Choice | LanguageChoice, ...] = node.choices if isinstance(node, Menu | Language) else ()
        first: dict[str, int] = {}
        for index, choice in enumerate(choices):
            keys = choice.all_keys if isinstance(choice, Choice) else (choice.key,)
            several = isinstance(choice, Choice) and bool(choice.keys)
            path: Path = ("nodes", name, "choices", index, "keys" if several else "key")
            for key in keys or (choice.key,):
                shared = context.flow.keys.get(key)
                if key in first:
                    message = f"key {key} is bound twice in {name!r}; only choice {first[key] + 1} is ever taken"
                    yield Problem(path, message, f"leave {key} out" if several else _free(context, name, index))
                elif shared is not None and shared.then != getattr(choice, "then", None):
                    message = f"key {key} leads to {shared.then!r} in every menu, but not in {name!r}"
                    hint = f"leave {key} out" if several else _free(context, name, index)
                    yield Problem(path, message, f"{hint}; a key should mean the same throughout the line")
                first.setdefault(key, index)


def _free(context: Context, name: str, index: int) -> str:
    """A free key: the label's key in other menus, or one that keeps the keys in sequence, or the first one."""
    node = context.flow.nodes[name]
    assert isinstance(node, Menu | Language)
    keys = [choice.key for choice in node.choices]
    begun = {key[0] for key in (*(key for i, key in enumerate(keys) if i != index), *context.flow.keys)}
    free = [digit for digit in "123456789" if digit not in begun]
    if not free:
        return "use another key"
    best = free[0]
    if isinstance(node, Menu):
        known = uses(context)
        held = [digit for digit in free if known.elsewhere(name, index, digit)]
        fits = (
            digit
            for digit in held or free
            if not counted_on(context, name, known, [*keys[:index], digit, *keys[index + 1 :]])
        )
        best = next(fits, (held or free)[0])
    return f"use another key, e.g. {best}"


def _spelt_twice(context: Context, path: Path) -> Iterator[Problem]:
    """Find keys spelt in two ways: ``star`` and ``'*'`` are the same key."""
    entries = context.document.data
    for part in path:
        entries = entries.get(part, {}) if isinstance(entries, dict) else {}
    first: dict[str, str] = {}
    for raw in entries if isinstance(entries, dict) else ():
        key = phone_key(raw)
        if key in first:
            message = f"{first[key]!r} and {raw!r} are the same key; only the last one counts"
            yield Problem((*path, raw), message, "remove one of them", of_key=True)
        first.setdefault(key, raw)


RULE = Rule(
    code="M001",
    name="duplicate-key",
    severity="error",
    check=check,
    summary="one key bound twice",
    what=(
        "A key is bound twice in one menu, or a menu uses a key for something other than what it does in every menu. "
        "'star' and \"*\" are the same key."
    ),
    why=(
        "The second binding never works. A key that changes its meaning in one menu, above all 0 or star, sends "
        "callers where they did not want to go, and they stop trusting the line."
    ),
    example="choices:\n  - {key: 1, label: billing, next: billing}\n  - {key: 1, label: sales, next: sales}",
    better="choices:\n  - {key: 1, label: billing, next: billing}\n  - {key: 2, label: sales, next: sales}",
    source="Arithmetic: the first match wins. Guides (ISO/IEC 13714 as summarised by vendors): a key keeps its meaning",
)
