"""M135 reprompt-never-said: words for an attempt that is never made."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import Dialogue
from flows.source.counted import counted


def check(context: Context) -> Iterator[Problem]:
    """Compare the texts of a repetition with the attempts that there are."""
    for name, node in context.nodes(Dialogue):
        for kind in ("no_input", "no_match"):
            again = getattr(node, kind)
            texts, attempts = len(again.say), again.attempts or node.attempts
            if not texts or texts < attempts or not context.is_written(name, kind):
                continue
            times = counted(attempts, "time")
            message = f"the node is presented {times} in all, so text {attempts} of {kind} is never said"
            hint = f"{f'keep {attempts - 1}' if attempts > 1 else 'remove it'}, or write 'attempts: {texts + 1}'"
            yield Problem(("nodes", name, kind), message, hint)


RULE = Rule(
    code="M135",
    name="reprompt-never-said",
    severity="warning",
    check=check,
    summary="words that are never said",
    what="There are as many texts for repetitions as presentations, or more; the first presentation has none.",
    why="Somebody wrote what callers should hear, and nobody hears it.",
    example="main: {type: menu, attempts: 1, no_input: [Please press a key.], ...}",
    better="main: {type: menu, attempts: 2, no_input: [Please press a key.], ...}",
    source="Arithmetic: texts and attempts counted",
)
