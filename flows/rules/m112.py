"""M112 too-many-retries: the same question again and again."""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.nodes._dialogue import Dialogue
from flows.rules.base import Problem, Rule

MOST = 2
"""Repetitions after the first; Plum Voice: three tries in all."""


def check(context: Context) -> Iterator[Problem]:
    """Nodes that listen, by their attempts."""
    for name, node in context.flow.nodes.items():
        if isinstance(node, Dialogue) and node.attempts - 1 > MOST:
            message = f"{name!r} asks {node.attempts} times; more than {MOST + 1} only keeps callers from help"
            yield Problem(("nodes", name, "attempts"), message, f"write 'attempts: {MOST + 1}' and lead 'otherwise' to a person")


RULE = Rule(
    code="M112", name="too-many-retries", severity="warning", check=check,
    summary="asks more than three times",
    what="A node asks more than three times (the first and two repetitions) before it goes 'otherwise'.",
    why="Who has not answered three times will not answer the fourth; each round costs the whole prompt and the time-out.",
    example="attempts: 5", better="attempts: 3",
    options=f"{MOST} repetitions are allowed.",
    source="Guides: Plum Voice (3 tries); Ireland's public-service guide (2 presentations, then a person)",
)  # fmt: skip
