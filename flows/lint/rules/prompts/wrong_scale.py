"""P135 wrong-scale: a survey question states another scale than its kind takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_yes_no import answer_names
from flows.nodes.survey import Survey
from flows.speech.announcements import announcements

_SCALES = {"csat": (1, 5), "nps": (0, 10)}
_RANGE = re.compile(r"\b(\d{1,2})\s*(?:to|and|through|-|a|bis|à)\s*(\d{1,2})\b")


def check(context: Context) -> Iterator[Problem]:
    """Compare the numbers in questions with those that are taken."""
    first = context.flow.languages[0]
    for name, survey in context.nodes(Survey):
        for at, question in enumerate(survey.questions):
            for tag in context.flow.languages if question.say else ():
                text = question.say.words(tag, first) if question.say else ""
                if problem := _scale(question.kind, text) or _turned(question.kind, text, tag):
                    message, hint = problem
                    yield Problem(("nodes", name, "questions", at, "say"), message, hint)
                    break


def _scale(kind: str, text: str) -> tuple[str, str] | None:
    taken = _SCALES.get(kind)
    found = _RANGE.search(text)
    if not taken or not found or {int(found[1]), int(found[2])} == set(taken):
        return None
    message = f"the question says {found[1]} to {found[2]}, but {kind} takes {taken[0]} to {taken[1]}"
    return message, f"say {taken[0]} to {taken[1]}, or leave out say: for the question of the language"


def _turned(kind: str, text: str, tag: str) -> tuple[str, str] | None:
    meant = dict(zip(answer_names(tag), "12", strict=True)) if kind == "resolved" else {}
    for said in announcements(text, tag) if meant else ():
        word = next(iter(re.findall(r"\w+", said.words.lower())), "")
        if meant.get(word, said.key) != said.key:
            return f"the question says key {said.key} for {word!r}, but it is taken for the opposite", (
                f"say key {meant[word]} for {word!r}: 1 is yes and 2 is no"
            )
    return None


RULE = Rule(
    code="P135",
    name="wrong-scale",
    severity="error",
    check=check,
    summary="a question with another scale",
    what="A survey question states numbers that its kind does not take, or turns the keys for yes and no round.",
    why="Answers are refused or counted as their opposite, and the report looks as if all were well.",
    example='{kind: csat, say: "How satisfied are you, from 1 to 10?"}',
    better='{kind: csat, say: "How satisfied are you, from 1 to 5?"}',
    source="Our own: words and keys compared",
)
