"""M121 words-after-last-option: the last thing callers hear is not an option."""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.nodes.menu import Type as Menu
from flows.rules.base import Option, Problem, Rule

MOST_S = Option("most_s", 1.0, "Above so many seconds after the last option.")


def check(context: Context) -> Iterator[Problem]:
    """Written prompts that announce keys, in the language in which most is said after the last."""
    most_s = context.option("M121", MOST_S)
    for name, menu in context.nodes(Menu):
        if menu.prompt is None:
            continue
        spoken = [(tag, context.spoken(name, tag)) for tag in context.flow.languages if tag not in menu.prompt.missing(context.flow.languages)]
        tag, most = max(spoken, key=lambda pair: pair[1].closing_s if pair[1].options else 0.0, default=("", None))
        if most is not None and most.options and most.closing_s > most_s:
            message = f"menu {name!r} goes on for {most.closing_s:.1f} s after its last option{context.in_language(tag)}"
            path = context.written_text(("nodes", name, "prompt"), tag)
            yield Problem(path, message, "say it before the options, or leave it out: end with the last key")


RULE = Rule(
    code="M121", name="words-after-last-option", severity="info", check=check,
    summary="words after the last option",
    what="A written prompt says more than a second of something after its last option.",
    why="What follows a list drives the end of it out of memory: callers who had just heard their key have lost it.",
    example="prompt: For billing, press 1. For sales, press 2. We are glad to be of service to you.",
    better="prompt: For billing, press 1. For sales, press 2.",
    settings=(MOST_S,),
    source="Experiment: recall of a spoken list falls with a suffix (Crowder & Morton 1969, Perception & Psychophysics 5)",
)  # fmt: skip
