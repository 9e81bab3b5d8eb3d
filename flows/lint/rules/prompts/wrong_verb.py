"""P104 wrong-verb: a wrong word for pressing a key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.source.finding import Fix
from flows.speech.languages import language as language_of


def check(context: Context) -> Iterator[Problem]:
    """Find texts that use a wrong verb for a key; reported once for each text."""
    for text in context.texts:
        pattern = _pattern(text.language)
        found = pattern.search(text.words) if pattern else None
        if found and pattern:
            right = language_of(text.language).say_key[0]
            message = f"{found['verb']!r} is the wrong word for a key{context.in_language(text.language)}: {found[0]!r}"
            fixed = _with_verb(pattern, right, text.words)
            yield Problem(
                text.path,
                message,
                f"say {_like(found['verb'], right) + found['rest']!r}",
                fix=Fix(text.path, fixed, safe=False),
            )


@cache
def _pattern(tag: str) -> re.Pattern[str] | None:
    """A wrong verb and the key after it: a digit, a number word, star or pound."""
    spoken = language_of(tag)
    verbs = "|".join(map(re.escape, sorted(spoken.wrong_verbs, key=len, reverse=True)))
    keys = "|".join([r"\d+", *map(re.escape, (*spoken.number_words, spoken.star, spoken.pound))])
    between = r"(?:\s+[^\W\d]{1,7}){0,2}?\s+" if spoken.spaced else r"\s*"
    end = r"(?!\w)" if spoken.spaced else ""
    begin = r"(?<!\w)" if spoken.spaced else ""
    return re.compile(rf"{begin}(?P<verb>{verbs})(?P<rest>{between}(?:{keys}){end})", re.IGNORECASE) if verbs else None


def _like(old: str, new: str) -> str:
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


def _with_verb(pattern: re.Pattern[str], right: str, words: str) -> str:
    return pattern.sub(lambda match: _like(match["verb"], right) + match["rest"], words)


RULE = Rule(
    code="P104",
    name="wrong-verb",
    severity="info",
    check=check,
    summary="a wrong word for pressing a key",
    what="A text tells callers to punch, hit, push or depress a key, or, in some languages, to click on it.",
    why="One verb throughout is understood at once; an odd one draws attention to the word instead of the key.",
    example="prompt: For billing, punch 1.",
    better="prompt: For billing, press 1.",
    options="Each language has its own list of words.",
    source="Standard: ISO/IEC 13714 as summarised by vendors (press and enter). Guide: Ireland's public-service guide",
)
