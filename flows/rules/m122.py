"""M122 overlapping-labels: one option holds all the words of another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.context import Context
from flows.languages import language as language_of
from flows.nodes.menu import Type as Menu
from flows.rules.base import Problem, Rule

_WORD = re.compile(r"[^\W_]+")


def check(context: Context) -> Iterator[Problem]:
    """Labels of each menu by the words that say what they are for, in every language; told once for each pair."""
    for name, menu in context.nodes(Menu):
        told = set()
        for tag in context.flow.languages:
            labels = [(i, c.label.words(tag, context.flow.languages[0])) for i, c in enumerate(menu.choices) if c.label]
            words = [(index, label, content, frozenset(content)) for index, label in labels if (content := _content(label, tag))]
            for index, label, content, few in words:
                for other, wider, more, many in words:
                    if index != other and few <= many and not _turned(content, more):
                        pair = frozenset((index, other))
                        if pair not in told:
                            told.add(pair)
                            keys = f"keys {menu.choices[min(pair)].key} and {menu.choices[max(pair)].key}"
                            message = f"{keys} of menu {name!r} sound alike{context.in_language(tag)}: {label!r} is all in {wider!r}"
                            path = context.written_text(("nodes", name, "choices", max(pair), "label"), tag)
                            yield Problem(path, message, "say what one has that the other has not")


def _content(label: str, tag: str) -> tuple[str, ...]:
    spoken = language_of(tag)
    if not spoken.spaced:
        return tuple(label)
    plain = (word.lower() for word in _WORD.findall(label))
    return tuple(word.removesuffix("s") for word in plain if word not in spoken.function_words)


def _turned(content: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the same words tell two things apart by their order: from savings to checking, and back."""
    return len(content) > 1 and content != other and sorted(content) == sorted(other)


RULE = Rule(
    code="M122", name="overlapping-labels", severity="info", check=check,
    summary="two labels that sound alike",
    what="In one menu all the words of a label that say what it is for stand in another label too. Small words and plurals "
    "do not count; the same words in another order do not sound alike.",
    why="Callers take the first that fits, or wait for a better one that does not come. Wrong turns come from labels far "
    "more than from the number of choices.",
    example="choices:\n  - {key: 1, label: billing, next: bills}\n  - {key: 2, label: billing questions, next: desk}",
    better="choices:\n  - {key: 1, label: paying a bill, next: bills}\n  - {key: 2, label: questions about a bill, next: desk}",
    source="Guides: AT&T and Ireland's public-service guide (distinct options). Experiment: Virzi & Huitema 1997, HFES",
)  # fmt: skip
