"""M122 overlapping-labels: two labels that sound alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.analysis.heard_labels import heard_labels
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu
from flows.speech.languages import language as language_of

_WORD = re.compile(r"[^\W_]+")


def check(context: Context) -> Iterator[Problem]:
    """Compare the content words of each menu's options, in every language; each pair is reported once."""
    for name, menu in context.nodes(Menu):
        told = set()
        for tag in context.flow.languages:
            words = [
                (option, content, frozenset(content))
                for option in heard_labels(context.flow, name, menu, tag)
                if (content := _content(option.words, tag))
            ]
            for option, content, few in words:
                for other, more, many in words:
                    if option.place != other.place and few <= many and not _turned(content, more):
                        pair = frozenset((option.place, other.place))
                        if pair not in told:
                            told.add(pair)
                            keys = f"keys {menu.choices[min(pair)].key} and {menu.choices[max(pair)].key}"
                            message = (
                                f"{keys} of menu {name!r} sound alike{context.in_language(tag)}: all of"
                                f" {option.words!r} is in {other.words!r}"
                            )
                            later = option if option.place == max(pair) else other
                            path = context.text_path(later.path, tag)
                            at = None if later.path[-1] == "label" else context.place_of_words(path, later.words)
                            yield Problem(path, message, "say how they differ", at=at)


def _content(label: str, tag: str) -> tuple[str, ...]:
    spoken = language_of(tag)
    if not spoken.spaced:
        return tuple(label)
    plain = (word.lower() for word in _WORD.findall(label))
    return tuple(word.removesuffix("s") for word in plain if word not in spoken.function_words)


def _turned(content: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether only the word order differs: from savings to checking, and from checking to savings."""
    return len(content) > 1 and content != other and sorted(content) == sorted(other)


RULE = Rule(
    code="M122",
    name="overlapping-labels",
    severity="info",
    check=check,
    summary="two labels that sound alike",
    what=(
        "All the words that describe one option of a menu also occur in another. Compared are the labels, or the "
        "written prompt where there is one. Function words and plurals are ignored, and the same words in another "
        "order count as different."
    ),
    why=(
        "Callers take the first option that fits, or wait for a better one that never comes. Unclear labels cause far "
        "more wrong turns than long menus do."
    ),
    example="choices:\n  - {key: 1, label: billing, next: bills}\n  - {key: 2, label: billing questions, next: desk}",
    better=(
        "choices:\n  - {key: 1, label: paying a bill, next: bills}\n  - {key: 2, label: questions about a bill, next:"
        " desk}"
    ),
    source="Guides: AT&T and Ireland's public-service guide (distinct options). Experiment: Virzi & Huitema 1997, HFES",
)
