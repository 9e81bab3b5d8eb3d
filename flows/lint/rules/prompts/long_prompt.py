"""P101 long-prompt: a prompt longer than 20 s."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu

MOST = Option("most_s", 20.0, "Seconds above which a warning is reported.")
"""Plum Voice: prompts of at most 20 s."""
_SHORT_S = 0.66
"""More seconds than any language needs for a character, including inserted values (1.5 s for three characters)."""


def check(context: Context) -> Iterator[Problem]:
    """Check prompts in their slowest language; a menu's own prompt is left to M101."""
    tags = context.flow.languages
    most_s = context.option("P101", MOST)
    short = most_s / _SHORT_S
    for name, path, prompt in context.prompts:
        if prompt.seconds is None and max(map(len, prompt.text.values()), default=0) <= short:
            continue
        if path[2:] == ("prompt",) and isinstance(context.flow.nodes[name], Menu):
            continue
        seconds, tag = max(((context.prompt_s(prompt, tag), tag) for tag in tags), key=lambda pair: pair[0])
        if seconds > most_s:
            message = f"this prompt takes {seconds:.1f} s{context.in_language(tag)}; more than {most_s:g} s"
            yield Problem(
                path,
                message,
                "say what callers need first, and offer the rest on a key",
                of_key=isinstance(path[-1], str),
            )


RULE = Rule(
    code="P101",
    name="long-prompt",
    severity="warning",
    check=check,
    summary="a prompt longer than 20 s",
    what="A single prompt takes more than 20 s in one of the languages: estimated from its words, or as stated.",
    why="Nobody remembers the start of it, and impatient callers press 0.",
    example="say: (sixty words on data protection)",
    better="say: (one sentence, and 'for details, press 8')",
    options="Speaking rates are the same as in 'ivr show'.",
    settings=(MOST,),
    source="Guide: Plum Voice (prompts of at most 20 s)",
)
