"""R008 voicemail-no-box: a message that goes nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.voicemail import Voicemail


def check(context: Context) -> Iterator[Problem]:
    """Find voicemail nodes with an empty ``box``."""
    for name, node in context.nodes(Voicemail):
        if not node.box.strip():
            yield Problem(
                ("nodes", name, "box"),
                f"{name!r} has no box to record messages into",
                "name a box that someone listens to",
            )


RULE = Rule(
    code="R008",
    name="voicemail-no-box",
    severity="error",
    check=check,
    summary="a message that goes nowhere",
    what=(
        "The box of a voicemail node is empty. A voicemail node without 'box' is rejected when the file is read (F002)."
    ),
    why="Callers leave a message and wait for an answer, and nobody will ever hear it.",
    example='after_hours: {type: voicemail, say: Leave a message., box: ""}',
    better="after_hours: {type: voicemail, say: Leave a message., box: support}",
    source="Arithmetic: a box has a name",
)
