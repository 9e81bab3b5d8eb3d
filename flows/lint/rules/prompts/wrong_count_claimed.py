"""P112 wrong-count-claimed: a wrong number of options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu
from flows.source.finding import Fix
from flows.speech.languages import language as language_of

_MANY = 2
"""The smallest number that is a claim: "one of these options" makes none."""


def check(context: Context) -> Iterator[Problem]:
    """Compare numbers before "options" in a menu's words with what it offers."""
    for text in context.texts:
        node = context.flow.nodes[text.node]
        if not isinstance(node, Menu) or text.is_label:
            continue
        found = _pattern(text.language).search(text.words)
        claimed = _number(found["number"], text.language) if found else 0
        if not found or claimed < _MANY:
            continue
        offered = len(context.spoken(text.node, text.language).options)
        if claimed not in (offered, len(node.choices)):
            message = (
                f"menu {text.node!r} says {found[0]!r}{context.in_language(text.language)}, but has {len(node.choices)}"
            )
            right = _said(len(node.choices), found["number"], text.language)
            fixed = text.words[: found.start("number")] + right + text.words[found.end("number") :]
            yield Problem(
                text.path, message, "leave the number out: nobody needs it", fix=Fix(text.path, fixed, safe=False)
            )


@cache
def _pattern(tag: str) -> re.Pattern[str]:
    spoken = language_of(tag)
    numbers = "|".join([r"\d{1,2}", *map(re.escape, sorted(spoken.number_words, key=len, reverse=True))])
    nouns = "|".join(map(re.escape, spoken.option_nouns)) or "(?!)"
    if not spoken.spaced:
        return re.compile(rf"(?P<number>{numbers}|两)(?:{nouns})")
    following = r"(?:following|main|siguientes|folgenden|suivants|suivantes|seguintes)\s+"
    return re.compile(rf"(?<!\w)(?P<number>{numbers})\s+(?:{following})?(?:{nouns})(?!\w)", re.IGNORECASE)


def _number(word: str, tag: str) -> int:
    words = language_of(tag).number_words
    return int(word) if word.isdigit() else words.index(word.lower()) if word.lower() in words else _MANY


def _said(number: int, like: str, tag: str) -> str:
    words = language_of(tag).number_words
    if like.isdigit() or number >= len(words):
        return str(number)
    return words[number].capitalize() if like[:1].isupper() else words[number]


RULE = Rule(
    code="P112",
    name="wrong-count-claimed",
    severity="warning",
    check=check,
    summary="a wrong number of options",
    what=(
        "A menu's words state a number of options that is neither the number of its choices nor the number of keys it "
        "announces."
    ),
    why="Callers wait for an option that never comes, or press before they have heard the last one.",
    example="intro: Please choose one of four options.  # and there are five choices",
    better="intro: Please choose.",
    source="Arithmetic: numbers and choices compared, per language",
)
