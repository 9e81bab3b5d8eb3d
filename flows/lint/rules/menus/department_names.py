"""M123 department-names: labels that name departments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu
from flows.source.document import Path
from flows.speech.languages import language as language_of
from flows.speech.prompt import Prompt


def check(context: Context) -> Iterator[Problem]:
    """Check labels of choices and of keys that work everywhere, in every language."""
    first = context.flow.languages[0]
    for path, label in _labels(context):
        for tag, words in label.text.items():
            if (tag or first) not in context.flow.languages:
                continue
            found = _departments(tag or first).search(words)
            if found:
                message = (
                    f"{words!r} names a department{context.in_language(tag or first)} ({found[0]!r}), and callers do"
                    " not know who does what"
                )
                yield Problem(context.text_path(path, tag), message, "name what callers want, as they would say it")


def _labels(context: Context) -> Iterator[tuple[Path, Prompt]]:
    for key, bound in context.flow.keys.items():
        if bound.label:
            yield (*context.key_path(("keys",), key), "label"), bound.label
    for name, menu in context.nodes(Menu):
        for index, choice in enumerate(menu.choices):
            if choice.label:
                yield ("nodes", name, "choices", index, "label"), choice.label


@cache
def _departments(tag: str) -> re.Pattern[str]:
    spoken = language_of(tag)
    words = "|".join(map(re.escape, spoken.department_words))
    return re.compile(rf"\b(?:{words})\b" if spoken.spaced else words, re.IGNORECASE)


RULE = Rule(
    code="M123",
    name="department-names",
    severity="info",
    check=check,
    summary="labels that name departments",
    what=(
        "A label contains a word that organisations use for themselves, such as department, division, accounts "
        "receivable or tier two."
    ),
    why=(
        "Callers know what they want, not which team handles it. Labels in the organisation's own terms cause wrong "
        "turns."
    ),
    example="label: accounts receivable",
    better="label: paying a bill",
    options="Each language has its own list of words.",
    source=(
        "Guides: Ireland's public-service guide (the caller's words); Cohen, Giangola & Balogh 2004, Voice User "
        "Interface Design"
    ),
)
