"""P103 key-before-function: the key before what it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu
from flows.nodes.queue import Queue
from flows.source.finding import Fix
from flows.speech.announcements import Announcement, announcements
from flows.speech.languages import language as language_of


def check(context: Context) -> Iterator[Problem]:
    """Check written prompts; reported once for each text."""
    for text in context.texts:
        if text.is_label or not isinstance(context.flow.nodes[text.node], Menu | Queue):
            continue
        found = [a for a in announcements(text.words, text.language) if a.key_first]
        if found:
            where = context.in_language(text.language)
            message = (
                f"the key comes before what it is for{where}: {text.words[found[0].start : found[0].end].strip()!r}"
            )
            clear = not any(
                re.search(r"\d", one.words) for one in found
            )  # "press 1 for sales or 2 for bills" is two options
            fix = Fix(text.path, _turned(text.words, found, text.language), safe=False) if clear else None
            yield Problem(text.path, message, f"say {_better(found[0], text.language)!r}", fix=fix)


def _better(found: Announcement, tag: str) -> str:
    return language_of(tag).say_option(f"{found.opening} {found.words}".strip(), found.key)


def _turned(words: str, found: list[Announcement], tag: str) -> str:
    """The text with every such option reversed; whatever follows an option, such as a full stop, stays."""
    for one in reversed(found):
        old = words[one.start : one.end]
        better = _better(one, tag).rstrip(".。")
        better = better if old.lstrip()[:1].isupper() else better[:1].lower() + better[1:]
        lead = old[: len(old) - len(old.lstrip())]
        words = words[: one.start] + lead + better + words[one.end :]
    return words


RULE = Rule(
    code="P103",
    name="key-before-function",
    severity="info",
    check=check,
    summary="the key before what it is for",
    what="A written prompt names the key before what it is for.",
    why="Callers listen for what they want. By the time they recognise it, the key has been said and forgotten.",
    example="prompt: Press 1 for billing.",
    better="prompt: For billing, press 1.",
    source="Standard: ISO/IEC 13714 as summarised by vendors (function before key); Ireland's public-service guide",
)
