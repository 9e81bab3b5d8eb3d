"""R037 later-without-stop: a message for later that does not say how to end them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.message import Message

_STOP = re.compile(r"\b(stop|stopp|stoppen|alto|baja|arr[eê]t|parar|sair)\b", re.IGNORECASE)


def check(context: Context) -> Iterator[Problem]:
    """Find later messages in whose text nothing tells the word that ends them."""
    for name, node in context.nodes(Message):
        if not node.after or node.template:
            continue
        for tag, text in node.text.text.items():
            if not _STOP.search(text):
                language = tag or context.flow.languages[0]
                message = f"the message for later does not say how to get no more of them ({language})"
                yield Problem(("nodes", name, "text"), message, "say it: 'Answer STOP for no more messages.'")


RULE = Rule(
    code="R037",
    name="later-without-stop",
    severity="warning",
    check=check,
    summary="a later message without a way out",
    what=(
        "A 'message' node sends a text later ('after:') that does not name a word that ends all messages, such as "
        "STOP. Templates are not looked at, as their words are at the carrier."
    ),
    why=(
        "People who did not expect a message and cannot end it report the number as spam, and the carriers then block "
        "all messages from it."
    ),
    example="ask: {type: message, after: 2d, text: Does it work now?, next: bye}",
    better="ask: {type: message, after: 2d, text: Does it work now? Answer STOP for no more messages., next: bye}",
    source="CTIA Messaging Principles and Best Practices (2023), section 5.1.2",
)
