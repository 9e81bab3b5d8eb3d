"""P106 digits-not-stated: the number of digits is not stated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from flows.lint.context import Context, Text
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.collect import Collect
from flows.source.counted import counted
from flows.speech.languages import language as language_of


def check(context: Context) -> Iterator[Problem]:
    """Compare the prompts of collect nodes with the digits they take; reported once for each node."""
    told: set[str] = set()
    for text in context.texts:
        node = context.flow.nodes[text.node]
        if text.prompt[2:] != ("say",) or not isinstance(node, Collect) or text.node in told or _states(text, node):
            continue
        told.add(text.node)
        most = node.digits[1]
        how = f"{most} {language_of(text.language).values.digit[most != 1]}"
        message = (
            f"{text.node!r} takes {counted(most, 'digit')}, and does not say so{context.in_language(text.language)}"
        )
        yield Problem(text.path, message, f"say how many ({how!r}): callers then know when they are done")


def _states(text: Text, node: Collect) -> bool:
    """Whether a number or the finish key is named, or need not be: one digit, a type, or several lengths (D009)."""
    return (
        node.digits[1] == 1
        or bool(node.kind)
        or node.digits[0] != node.digits[1]
        or bool(_numbers(text.language, node.finish).search(text.words))
    )


@cache
def _numbers(tag: str, finish: str) -> re.Pattern[str]:
    spoken = language_of(tag)
    names = {
        *spoken.number_words[2:],
        *spoken.more_numbers,
        *({"pound", "hash"} if finish == "#" else ()),
        spoken.key_name(finish),
    }
    words = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    inner = rf"(?<!\w)(?:{words})(?!\w)" if spoken.spaced else words
    return re.compile(rf"\d|{re.escape(finish)}|{inner}", re.IGNORECASE)


RULE = Rule(
    code="P106",
    name="digits-not-stated",
    severity="info",
    check=check,
    summary="the number of digits is not stated",
    what=(
        "A collect node takes a fixed number of digits, more than one, and its prompt names neither the number nor "
        "the key that ends the entry. Numbers of several lengths are reported by D009."
    ),
    why="Callers stop too early, or add a hyphen or a country code, and then wait in silence.",
    example="say: Please enter your account number.  # digits: 8",
    better="say: Please enter your eight digit account number.",
    source="Standard: ISO/IEC 13714 as summarised by vendors (# ends an entry, and is announced). Guide: AT&T",
)
