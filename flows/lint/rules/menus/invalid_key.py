"""M002 invalid-key: a key that cannot be pressed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_choice import Choice
from flows.nodes.collect import Collect
from flows.nodes.language import Language, LanguageChoice
from flows.nodes.menu import Menu
from flows.nodes.queue import Queue
from flows.nodes.voicemail import Voicemail
from flows.source.document import Path

_COMMAND = re.compile(r"\*[0-9]{1,3}|[0-9]{1,3}[*#]")
"""Digits with a star before or after them, or ended by pound."""


def check(context: Context) -> Iterator[Problem]:
    """Find sequences that contain star or pound, and finishing keys that are digits or longer than one key."""
    for path, key in _keys(context):
        if len(key) > 1 and set(key) & set("*#") and not _is_command(path, key):
            message = f"{key!r} cannot be pressed as one choice: star begins or ends a command, and pound ends it"
            of_key = path[-1] not in ("key", "keys")
            yield Problem(path, message, "use digits, or digits with a star before or after them", of_key=of_key)
    for name, node in context.flow.nodes.items():
        if not isinstance(node, Collect | Voicemail):
            continue
        path = ("nodes", name, "finish")
        if len(node.finish) > 1:
            yield Problem(
                path, f"{node.finish!r} cannot finish the input: it is more than one key", "write pound or star"
            )
        elif isinstance(node, Collect) and node.finish.isdigit():
            message = f"{node.finish!r} cannot finish the input: it may be part of the number itself"
            yield Problem(path, message, "write pound or star")


def _is_command(path: Path, key: str) -> bool:
    return "while_waiting" not in path and _COMMAND.fullmatch(key) is not None


def _keys(context: Context) -> Iterator[tuple[Path, str]]:
    for key in context.flow.keys:
        yield context.key_path(("keys",), key), key
    for name, node in context.flow.nodes.items():
        if isinstance(node, Menu | Language):
            choices: tuple[Choice | LanguageChoice, ...] = node.choices
            for i, choice in enumerate(choices):
                if isinstance(choice, Choice):
                    written = "keys" if choice.keys else "key"
                    yield from ((("nodes", name, "choices", i, written), key) for key in choice.all_keys)
                else:
                    yield ("nodes", name, "choices", i, "key"), choice.key
        elif isinstance(node, Queue):
            path = ("nodes", name, "while_waiting")
            yield from ((context.key_path(path, key), key) for key in node.while_waiting)


RULE = Rule(
    code="M002",
    name="invalid-key",
    severity="error",
    check=check,
    summary="a key that cannot be pressed",
    what=(
        "A key that is not on a telephone (found when the file is read), a sequence in which star or pound stands in "
        "the middle or pound at the beginning, or a finishing key that is a digit or more than one key."
    ),
    why="Callers are offered a choice they cannot make.",
    example='choices:\n  - {key: "1#2", label: billing, next: billing}',
    better="choices:\n  - {key: 1, label: billing, next: billing}",
    options="Keys have up to 4 digits; `*1`, `1*` and `12#` are commands.",
    source="ITU-T E.161 (the keypad); Twilio <Gather> finishOnKey takes one key",
)
