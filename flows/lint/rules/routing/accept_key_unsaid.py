"""R021 accept-key-unsaid: who is asked to accept a call does not hear how."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.dial import Dial
from flows.speech.languages import language as language_of

_ONE = re.compile(r"(?<![0-9])1(?![0-9])|\b(?:one|eins|uno|una|un|une|um|uma|một)\b|一", re.IGNORECASE)


def check(context: Context) -> Iterator[Problem]:
    """Find words that ask to accept a call without key 1."""
    first = context.flow.languages[0]
    for name, node in context.nodes(Dial):
        asked = node.accept.say if node.accept else None
        for tag, words in asked.text.items() if asked else ():
            if words and not _ONE.search(words):
                path = ("nodes", name, "accept")
                written = next(
                    p for p in ((*path, "say", tag), (*path, tag), (*path, "say"), path) if p in context.document.marks
                )
                message = f"{words!r} does not say that 1 accepts the call"
                usual = language_of(tag or first).take_call
                yield Problem(written, message, f"say it, as in {usual!r}, or write 'accept: true' for these words")


RULE = Rule(
    code="R021",
    name="accept-key-unsaid",
    severity="warning",
    check=check,
    summary="how to accept is not said",
    what="A dial node asks whoever picks up to accept the call (accept), in words that do not name key 1.",
    why="They wait to be connected, nothing happens, and the caller is told that nobody takes the call.",
    example='sales: {type: dial, number: "+14155550100", accept: You have a call from the shop., otherwise: desk}',
    better='sales: {type: dial, number: "+14155550100", accept: "Press 1 for a customer.", otherwise: desk}',
    source="Arithmetic: only key 1 accepts a call",
)
