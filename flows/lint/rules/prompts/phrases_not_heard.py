"""P116 phrases-not-heard: phrases, or a confidence, where callers cannot speak."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu

_HINT = "leave it out, or let callers speak: speech: true"


def check(context: Context) -> Iterator[Problem]:
    """Find what is stated about speech where callers cannot speak."""
    flow = context.flow
    if flow.speech and not flow.speech.listen and flow.speech.confidence is not None:
        yield Problem(("speech", "confidence"), "callers cannot speak in this flow, so nothing is asked back", _HINT)
    for name, menu in context.nodes(Menu):
        if menu.ears(flow, flow.languages[0]).choices:
            continue
        if menu.speech and menu.speech.confidence is not None:
            message = f"callers cannot speak in {name!r}, so nothing is asked back"
            yield Problem(("nodes", name, "speech", "confidence"), message, _HINT)
        if menu.not_understood:
            message = f"callers cannot speak in {name!r}, so they never hear this"
            yield Problem(("nodes", name, "not_understood"), message, _HINT, of_key=True)
        for index, choice in enumerate(menu.choices):
            if choice.phrases:
                message = f"callers cannot speak in {name!r}, so nobody can say these"
                yield Problem(("nodes", name, "choices", index, "phrases"), message, _HINT, of_key=True)


RULE = Rule(
    code="P116",
    name="phrases-not-heard",
    severity="warning",
    check=check,
    summary="phrases where nobody can speak",
    what=(
        "`speech: false` stands in the flow or the menu, or no choice of the menu lists phrases, and yet phrases, a "
        "confidence or `not_understood` are stated for callers who speak."
    ),
    why="They have no effect, and whoever wrote them believes that they have.",
    example="main:\n  type: menu\n  speech: false\n  choices: [{key: 1, label: sales, phrases: [buy], next: sales}]",
    better="main:\n  type: menu\n  speech: true\n  choices: [{key: 1, label: sales, phrases: [buy], next: sales}]",
    source="Arithmetic: docs/speech.md says when a menu listens",
)
