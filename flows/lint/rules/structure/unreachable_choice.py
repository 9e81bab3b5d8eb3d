"""S012 unreachable-choice: a choice that is never reached."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu
from flows.nodes.split import Split
from flows.speech.listening import every_phrase


def check(context: Context) -> Iterator[Problem]:
    """Find cases of a split and phrases of a menu that never match."""
    for name, split in context.nodes(Split):
        for index, case in enumerate(split.cases):
            taken = split.case_of(case.removesuffix("*"))
            if taken != case and taken in list(split.cases)[:index]:
                message = f"case {case!r} is never chosen: {taken!r} above it takes every such value"
                yield Problem(("nodes", name, "cases", case), message, f"put {case!r} before {taken!r}", of_key=True)
    for name, menu in context.nodes(Menu):
        first: dict[tuple[str, str], str] = {}
        for index, choice in enumerate(menu.choices):
            for place, language, phrase in every_phrase(choice.phrases):
                said = " ".join(phrase.lower().split())
                if first.setdefault((language, said), choice.key) != choice.key:
                    other = first[language, said]
                    message = f"saying {phrase!r} never chooses key {choice.key}: key {other} has the same phrase"
                    path = ("nodes", name, "choices", index, "phrases", *place)
                    yield Problem(path, message, "keep it on one of them")


RULE = Rule(
    code="S012",
    name="unreachable-choice",
    severity="warning",
    check=check,
    summary="a choice that is never reached",
    what=(
        "A choice can never be taken because one above it always matches first: a case of a split below a wider one, "
        "or a phrase that is on two keys. A key bound twice is M001."
    ),
    why="The callers it was written for are sent somewhere else.",
    example='cases: {"7*": business, "70*": government}\notherwise: private',
    better='cases: {"70*": government, "7*": business}\notherwise: private',
    source="Arithmetic: the first match wins",
)
