"""T002 gather-limits: more than one Gather can take."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import Dialogue
from flows.nodes.menu import Menu
from flows.speech.listening import every_phrase

HINTS, HINT_CHARACTERS = 500, 100
"""The most phrases that a Gather accepts for speech recognition, and the maximum length of each."""


def check(context: Context) -> Iterator[Problem]:
    """Find phrases beyond a Gather's limits, and times that are not whole seconds."""
    for name, menu in context.nodes(Menu):
        count = 0
        for index, choice in enumerate(menu.choices):
            for place, _, phrase in every_phrase(choice.phrases):
                path = ("nodes", name, "choices", index, "phrases", *place)
                count += 1
                if count == HINTS + 1:
                    yield Problem(
                        path,
                        f"{name!r} has more than {HINTS} phrases; from here on they are not passed to the recogniser",
                        "keep the usual ones",
                    )
                elif len(phrase) > HINT_CHARACTERS:
                    message = (
                        f"a phrase has at most {HINT_CHARACTERS} characters; the rest of these {len(phrase)} is cut off"
                    )
                    yield Problem(path, message, "write what callers really say: a few words")
    for name, node in context.flow.nodes.items():
        if isinstance(node, Dialogue) and node.timeout != ceil(node.timeout):
            message = f"a Gather waits whole seconds: {node.timeout:g} s become {ceil(node.timeout)} s"
            yield Problem(
                ("nodes", name, "timeout"), message, f"write 'timeout: {ceil(node.timeout)}s'", severity="info"
            )


RULE = Rule(
    code="T002",
    name="gather-limits",
    severity="warning",
    check=check,
    summary="more than one Gather can take",
    what=(
        "A menu has more phrases, or longer ones, than the carrier accepts as hints for speech recognition; or, as an "
        "info, a time-out is not a whole number of seconds. Numbers are limited to 64 digits and keys to those of a "
        "telephone when the file is read (F003, M002)."
    ),
    why=(
        "Phrases beyond the limit are not recognised, and nobody sees why; and live calls are timed differently from "
        "simulated ones."
    ),
    example="main:\n  type: menu\n  timeout: 4.5s\n  choices: [{key: 1, label: billing, next: billing}]",
    better="main:\n  type: menu\n  timeout: 5s\n  choices: [{key: 1, label: billing, next: billing}]",
    options=f"{HINTS} phrases a menu, {HINT_CHARACTERS} characters each.",
    source="Platform: Twilio <Gather> (hints, timeout)",
)
