"""P114 colliding-phrases: a phrase does not choose the option that lists it."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu
from flows.speech.listening import every_phrase
from flows.speech.understanding import understand


def check(context: Context) -> Iterator[Problem]:
    """Say every phrase of every menu that listens; one that two options list word for word is S012."""
    flow = context.flow
    for name, menu in context.nodes(Menu):
        for index, choice in enumerate(menu.choices):
            for path, tag, phrase in every_phrase(choice.phrases):
                language = tag or flow.languages[0]
                choices = menu.ears(flow, language).choices if language in flow.languages else ()
                means = understand(phrase, choices, language) if choices else (choice.key,)
                same = [other for other in choices if other.key != choice.key and _lists(other.phrases, phrase)]
                if means == (choice.key,) or same:
                    continue
                others = [key for key in means if key != choice.key]
                if others:
                    message = f"saying {phrase!r} fits key {' and key '.join(others)} as well as key {choice.key}"
                    hint = "write a phrase that only one of them has"
                else:
                    message, hint = f"saying {phrase!r} means nothing", "write words that callers say"
                yield Problem(("nodes", name, "choices", index, "phrases", *path), message, hint)


def _lists(phrases: tuple[str, ...], phrase: str) -> bool:
    return " ".join(phrase.lower().split()) in {" ".join(other.lower().split()) for other in phrases}


RULE = Rule(
    code="P114",
    name="colliding-phrases",
    severity="warning",
    check=check,
    summary="a phrase that fits several options",
    what=(
        "A phrase that a choice lists also fits another option of the menu, by its label or its phrases, or has no "
        "words at all. One that another choice lists too, word for word, has a rule of its own."
    ),
    why="Nothing is guessed: callers who say it are asked again.",
    example=(
        "choices:\n  - {key: 1, label: sales, phrases: [a new line], next: sales}\n"
        "  - {key: 2, label: a new line, next: new_line}"
    ),
    better=(
        "choices:\n  - {key: 1, label: sales, phrases: [buy], next: sales}\n"
        "  - {key: 2, label: a new line, next: new_line}"
    ),
    source="Arithmetic: what the menu understands (docs/speech.md)",
)
