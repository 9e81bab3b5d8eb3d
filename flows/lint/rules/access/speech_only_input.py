"""A003 speech-only-input: only speech is offered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu
from flows.speech.announcements import announcements

_SAY = {
    "en": r"\bsay\b|\btell (me|us)\b|\bspeak\b",
    "es": r"\bdiga\b|\bdígan(os|me)\b|\bhable\b",
    "fr": r"\bdites\b|\bparlez\b",
    "de": r"\bsagen sie\b|\bsprechen sie\b",
    "pt": r"\bdiga\b|\bfale\b",
    "vi": r"\bhãy nói\b",
    "zh": r"请说",
}


def check(context: Context) -> Iterator[Problem]:
    """Check the written prompts of menus that listen."""
    for name, menu in context.nodes(Menu):
        if not menu.prompt or not menu.ears(context.flow, context.flow.languages[0]).choices:
            continue
        for tag in context.flow.languages:
            text = menu.prompt.words(tag, context.flow.languages[0])
            pattern = _SAY.get(tag.partition("-")[0].lower())
            if text and pattern and re.search(pattern, text.lower()) and not announcements(text, tag):
                message = f"callers are told what to say{context.in_language(tag)}, but not which key to press"
                yield Problem(
                    ("nodes", name, "prompt"),
                    message,
                    "name the keys too: 'For billing, say billing or press 1.'",
                    of_key=True,
                )
                break


RULE = Rule(
    code="A003",
    name="speech-only-input",
    severity="error",
    check=check,
    summary="only speech is offered",
    what=(
        "A menu's written prompt tells callers to speak and names no key. A choice without a key is rejected when the "
        "file is read (F002), so there always is one to name."
    ),
    why="Callers who cannot speak, are not understood, or are not alone cannot go on.",
    example=(
        "main:\n  type: menu\n  prompt: Please say billing or sales.\n"
        "  choices:\n    - {key: 1, phrases: [billing], next: billing}\n    - {key: 2, phrases: [sales], next: sales}"
    ),
    better=(
        "main:\n  type: menu\n  prompt: For billing, press 1. For sales, press 2. Or say what you need.\n"
        "  choices:\n    - {key: 1, phrases: [billing], next: billing}\n    - {key: 2, phrases: [sales], next: sales}"
    ),
    source="Standard: ETSI EN 301 549, 6.4 (alternatives to voice-based services)",
)
