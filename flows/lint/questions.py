"""Menus that ask a question, such as yes or no, or whether an entry is correct. They do not count as a level."""

from __future__ import annotations

import re

from flows.lint.context import Context
from flows.lint.sentences import QUESTION_MARKS
from flows.nodes.collect import Collect
from flows.nodes.menu import Menu
from flows.speech.announcements import announcements
from flows.speech.languages import language as language_of

__all__ = ["questions"]

_ANSWERS = 2
"""The most answers that a question can have."""
_STEPS = 3
"""Nodes from a collect node to the question that confirms its entry: a message, a lookup, the question."""


def questions(context: Context) -> frozenset[str]:
    """Return the menus that ask one question instead of offering several options.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> choices = "[{key: 1, label: a new order, next: bye}, {key: 2, label: an old one, next: bye}]"
    >>> menu = f"{{type: menu, intro: Is this a new order?, choices: {choices}}}"
    >>> loaded = load_text(f"{{ivr: 1, name: L, start: m, nodes: {{bye: {{type: hangup}}, m: {menu}}}}}")
    >>> questions(Context(loaded.flow, loaded.document))
    frozenset({'m'})
    """
    return frozenset(name for name, menu in context.nodes(Menu) if _asks(context, name, menu))


def _asks(context: Context, name: str, menu: Menu) -> bool:
    first = context.flow.languages[0]
    own = {choice.key for choice in menu.choices}
    if (
        len(own) > _ANSWERS
        and len(own & {option.key for option in context.spoken(name, first).options} or own) > _ANSWERS
    ):
        return False
    said = " ".join(prompt.words(first, first) for prompt in (menu.intro, menu.prompt) if prompt)
    answers = [context.label(choice.label) for choice in menu.choices] + [
        one.words for one in announcements(said, first)
    ]
    return (
        any(mark in said for mark in QUESTION_MARKS)
        or any(_is_answer(words, first) for words in answers)
        or _checks_an_entry(context, name, menu)
    )


def _is_answer(words: str, tag: str) -> bool:
    spoken = language_of(tag)
    edge = r"\b" if spoken.spaced else ""
    return re.match(rf"(?:{'|'.join(map(re.escape, spoken.yes_no))}){edge}", words.strip(), re.IGNORECASE) is not None


def _checks_an_entry(context: Context, name: str, menu: Menu) -> bool:
    """Whether a choice leads back to the entry before it: "to enter it again, press 2"."""
    asked = {choice.then for choice in menu.choices if isinstance(context.flow.nodes.get(choice.then), Collect)}
    for _ in range(_STEPS if asked else 0):
        asked = {edge.target for at in asked for edge in context.graph.exits.get(at, ()) if edge.via == "wire"}
        if name in asked:
            return True
    return False
