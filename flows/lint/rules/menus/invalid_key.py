"""M002 invalid-key: a key that cannot be pressed."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.collect import Collect
from flows.nodes.language import Language, LanguageChoice
from flows.nodes.menu import Choice, Menu
from flows.nodes.queue import Queue
from flows.nodes.voicemail import Voicemail
from flows.source.document import Path


def check(context: Context) -> Iterator[Problem]:
    """Find sequences that contain star or pound, and finishing keys that are digits or longer than one key."""
    for path, key in _keys(context):
        if len(key) > 1 and set(key) & set("*#"):
            message = f"{key!r} cannot be pressed as one choice: star and pound end an entry"
            yield Problem(path, message, "use digits, or star or pound alone", of_key=path[-1] != "key")
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


def _keys(context: Context) -> Iterator[tuple[Path, str]]:
    for key in context.flow.keys:
        yield context.key_path(("keys",), key), key
    for name, node in context.flow.nodes.items():
        if isinstance(node, Menu | Language):
            choices: tuple[Choice | LanguageChoice, ...] = node.choices
            yield from ((("nodes", name, "choices", i, "key"), choice.key) for i, choice in enumerate(choices))
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
        "A key that is not on a telephone (found when the file is read), a sequence that contains star or pound, or a "
        "finishing key that is a digit or more than one key."
    ),
    why="Callers are offered a choice they cannot make.",
    example='choices:\n  - {key: "1#", label: billing, next: billing}',
    better="choices:\n  - {key: 1, label: billing, next: billing}",
    options="Keys have up to 4 digits.",
    source="ITU-T E.161 (the keypad); Twilio <Gather> finishOnKey takes one key",
)
