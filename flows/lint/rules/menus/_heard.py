"""What a listening node says in each part and at each attempt, and how it treats an announced key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from flows.lint.context import Context
from flows.nodes.base import Here, Node
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue
from flows.nodes.collect import Collect
from flows.protocol.actions import Action, Enqueue, Keys, Listen, Record, Say
from flows.source.document import Path
from flows.speech.announcements import Announcement, ends_entry

__all__ = ["Part", "parts", "refused"]

_ENTERED = ("collected", "entered")
"""Outcomes of a key that becomes part of a value."""
_LETTER = re.compile(r"(?:the letters?\s+)?\w(?:\s+\w{1,3}\s+\w)?", re.IGNORECASE)
"""The words of "for Q, press 7"."""
_PERSON = "0"
"""Announced next to an entry, it never means a digit of that entry."""


class Part(NamedTuple):
    """One text of a node as heard, and what the call waits for afterwards.

    Parameters
    ----------
    path : tuple of str or int
        Path of the prompt, within the node.
    text : str
    waits : tuple of (Here, Action)
    """

    path: Path
    text: str
    waits: tuple[tuple[Here, Action], ...]


def parts(context: Context, name: str, node: Node, tag: str) -> Iterator[Part]:
    """The written texts of a node in a language during which keys can be pressed, without labels."""
    own = [
        (path, prompt)
        for path, prompt in node.prompts()
        if path[-1] != "label" and tag not in prompt.missing(context.flow.languages)
    ]
    waiting: dict[Path, list[tuple[Here, Action]]] = {path: [] for path, _ in own}
    early: list[Path] = []
    for here in _states(node, Here(context.flow, name, tag, values=None)) if own else ():
        actions = node.enter(here)
        said = {action.text for action in actions if isinstance(action, Say)}
        heard = [path for path, prompt in own if here.say(prompt, barge_in=True).text in said]
        if not actions or not isinstance(actions[-1], Listen | Enqueue | Record):
            early += heard  # spoken before the part that listens
            continue
        for path in (*heard, *early):
            waiting[path].append((here, actions[-1]))
    for path, prompt in own:
        if waiting[path]:
            yield Part(path, prompt.words(tag, context.flow.languages[0]), tuple(waiting[path]))


def _states(node: Node, first: Here) -> Iterator[Here]:
    """Every part of the dialogue, at the first attempt and at attempts with their own reprompt."""
    for phase in node.phases():
        yield replace(first, phase=phase)
        if isinstance(node, Dialogue):
            inside = replace(first, phase=phase)
            for reason in (NO_INPUT, NO_MATCH):
                yield from (node.after(inside, reason, i + 1) for i in range(len(node.on_failure(reason).say)))


def refused(node: Node, part: Part, announced: Announcement) -> str:
    """Why an announced key does not do what it is announced for.

    One of ``unbound``, ``value``, ``shadowed`` and ``silence``; empty if it does.
    """
    verdicts = [_refused(node, here, wait, part.text, announced) for here, wait in part.waits]
    return "" if "" in verdicts else verdicts[0]


def _refused(node: Node, here: Here, wait: Action, text: str, announced: Announcement) -> str:
    key = announced.key
    if isinstance(wait, Enqueue):
        return "" if key in wait.keys else "unbound"
    if isinstance(wait, Record):
        return "" if key == wait.finish_key else "unbound"
    assert isinstance(wait, Listen)
    if key == wait.finish_key:
        if ends_entry(text, announced, here.language):
            return ""
        reading = node.classify(here, Keys(""))
        return "silence" if reading is None or reading.outcome in (NO_INPUT, NO_MATCH) else ""
    if isinstance(node, Collect) and not here.phase and key.isdigit() and _LETTER.fullmatch(announced.words):
        return ""  # an instruction for entering a letter
    reading = node.classify(here, Keys(key)) if len(key) <= wait.max_digits else None
    if reading is None or reading.outcome in (NO_INPUT, NO_MATCH):
        return "unbound"
    if reading.outcome in _ENTERED and wait.max_digits > 1 and (key in here.flow.keys or key == _PERSON):
        return "value"
    return "shadowed" if _is_shadowed(node, here, reading.outcome, text, announced) else ""


def _is_shadowed(node: Node, here: Here, outcome: str, text: str, announced: Announcement) -> bool:
    """Whether a key is announced with its label for every menu, but leads elsewhere here."""
    bound = here.flow.keys.get(announced.key)
    label = bound.label.words(here.language, here.flow.languages[0]).lower() if bound and bound.label else ""
    said = text[announced.start :].lower().partition(".")[0]
    return bool(bound and label and label in said and node.next(here, outcome).to != bound.then)
