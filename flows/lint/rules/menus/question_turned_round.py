"""M134 question-turned-round: a question says the key for yes where it takes no."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_yes_no import answer_names
from flows.nodes.yes_no import YesNo
from flows.speech.announcements import announcements


def check(context: Context) -> Iterator[Problem]:
    """Compare the keys that a question names for yes and no with those that mean it."""
    for name, node in context.nodes(YesNo):
        for tag in context.flow.languages:
            if problem := _wrong(context, name, node, tag):
                yield problem
                break


def _wrong(context: Context, name: str, node: YesNo, tag: str) -> Problem | None:
    meant = dict(zip(answer_names(tag), (node.keys.yes, node.keys.no), strict=True))
    for said in announcements(node.say.words(tag, context.flow.languages[0]), tag):
        word = next(iter(re.findall(r"\w+", said.words.lower())), "")
        if meant.get(word, said.key) != said.key:
            message = f"the question says key {said.key} for {word!r}, but that is key {meant[word]}"
            hint = f"say key {meant[word]} for {word!r}, or turn round the keys under keys:"
            return Problem(("nodes", name, "say"), message, hint)
    return None


RULE = Rule(
    code="M134",
    name="question-turned-round",
    severity="error",
    check=check,
    summary="a question with its keys turned round",
    what=(
        "The words of a 'yes_no' node say another key for yes or no than it takes. When the words name keys, nothing "
        "is added to them, so callers go by these."
    ),
    why="Callers who do as they are told get the opposite.",
    example='order: {type: yes_no, say: "Is it new? For yes, press 2. For no, press 1.", yes: orders, no: desk}',
    better='order: {type: yes_no, say: "Is it new? For yes, press 1. For no, press 2.", yes: orders, no: desk}',
    source="Our own: words and keys compared",
)
