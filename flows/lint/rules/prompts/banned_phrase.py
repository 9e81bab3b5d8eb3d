"""P105 banned-phrase: phrases that tell callers nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.lint.sentences import SENTENCE
from flows.source.finding import Fix
from flows.speech.announcements import announcements
from flows.speech.languages import language as language_of


def check(context: Context) -> Iterator[Problem]:
    """Search texts for the banned phrases of their language; reported once for each text."""
    for text in context.texts:
        pattern = _pattern(text.language)
        found = pattern.search(text.words) if pattern else None
        if found and pattern:
            message = f"{found[0]!r} tells callers nothing{context.in_language(text.language)}"
            fixed = _without(text.words, pattern, text.language)
            fix = Fix(text.path, fixed, safe=False) if fixed else None
            yield Problem(text.path, message, "leave the sentence out, or say what is new and what to do", fix=fix)


@cache
def _pattern(tag: str) -> re.Pattern[str] | None:
    phrases = language_of(tag).banned_phrases
    return re.compile("|".join(phrases), re.IGNORECASE) if phrases else None


def _without(words: str, pattern: re.Pattern[str], tag: str) -> str:
    """The text without those sentences; empty if one of them also says something else, or if nothing remains."""
    kept = []
    for sentence in SENTENCE.findall(words):
        if not pattern.search(sentence):
            kept.append(sentence)
        elif "{" in sentence or "<" in sentence or announcements(sentence, tag):
            return ""
    return "".join(kept).strip()


RULE = Rule(
    code="P105",
    name="banned-phrase",
    severity="info",
    check=check,
    summary="phrases that tell callers nothing",
    what=(
        "A text says that options have changed, that the call is important, that callers should listen carefully, "
        "that call volumes are unusually high, or that callers should visit the website."
    ),
    why=(
        "Nobody knows the old options by heart, the queue shows how important the call is, and callers who could have "
        "used the website would not have called. It costs each caller three seconds."
    ),
    example="say: Please listen carefully as our options have changed.",
    better="say: Northwind.",
    options="Each language has its own list of phrases.",
    source="Guides: GetHuman standard; Ireland's public-service guide; AT&T (no filler)",
)
