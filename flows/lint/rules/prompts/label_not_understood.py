"""P113 label-not-understood: a label is announced, but not understood."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.spoken_labels import AS_ANNOUNCED, sayings
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu


def check(context: Context) -> Iterator[Problem]:
    """Say every label of every menu that listens."""
    for language in context.flow.languages:
        for said in sayings(context.flow, language):
            if said.way != AS_ANNOUNCED or said.understood:
                continue
            menu = context.flow.nodes[said.node]
            assert isinstance(menu, Menu)
            keys = [choice.key for choice in menu.choices]
            others = [key for key in said.means if key != said.key]
            what = f"means key {' or '.join(said.means)}" if said.means else "means nothing"
            message = (
                f"{said.text!r} is announced for key {said.key}{context.in_language(language)}, but said, it {what}"
            )
            hint = (
                f"give key {said.key} and key {others[0]} labels with words of their own"
                if others
                else f"give key {said.key} a label of words"
            )
            if said.key in keys:
                yield Problem(("nodes", said.node, "choices", keys.index(said.key), "label"), message, hint)
            else:
                yield Problem(("nodes", said.node, "choices"), message, hint, of_key=True)


RULE = Rule(
    code="P113",
    name="label-not-understood",
    severity="warning",
    check=check,
    summary="announced, but not understood",
    what=(
        "A menu that listens to callers announces a label that it does not understand when it is said back in the same "
        "words: it fits another option as well, or none."
    ),
    why="Callers who repeat what they have just heard are told that it is not one of the choices.",
    example=(
        "speech: true\nchoices:\n  - {key: 1, label: your account, next: account}\n"
        "  - {key: 2, label: your account, next: login}"
    ),
    better=(
        "speech: true\nchoices:\n  - {key: 1, label: your account, next: account}\n"
        "  - {key: 2, label: your password, next: login}"
    ),
    source="Arithmetic: what the menu understands (docs/speech.md)",
)
