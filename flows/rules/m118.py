"""M118 timeout-too-short: too little time to press a key, or a long silence."""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.nodes._dialogue import Dialogue
from flows.nodes.collect import Type as Collect
from flows.rules.base import Problem, Rule

LEAST_S = 3.0
"""ISO/IEC 13714 as summarised by vendors: 3 to 10 s."""
MOST_S = 10.0
"""The upper end of it; numbers that must be looked for may take longer."""


def check(context: Context) -> Iterator[Problem]:
    """Nodes that listen, by the silence they wait for."""
    for name, node in context.flow.nodes.items():
        if not isinstance(node, Dialogue):
            continue
        path = ("nodes", name, "timeout")
        if node.timeout < LEAST_S:
            message = f"{name!r} waits {node.timeout:g} s for a key; callers need {LEAST_S:g} s or more"
            yield Problem(path, message, "write 'timeout: 5s', or leave it out")
        elif node.timeout > MOST_S and not isinstance(node, Collect):
            message = f"{name!r} waits {node.timeout:g} s in silence; more than {MOST_S:g} s sounds like a dead line"
            yield Problem(path, message, "write 'timeout: 5s', or leave it out: callers hear the choices again then")


RULE = Rule(
    code="M118", name="timeout-too-short", severity="warning", check=check,
    summary="time-out too short or too long",
    what="A node waits less than 3 s for a key, or more than 10 s. Where a number is collected it may be longer: people "
    "look for their card.",
    why="Below 3 s whoever moves the telephone from the ear to see the keys is cut short; beyond 10 s callers think the "
    "line is dead.",
    example="timeout: 2s", better="timeout: 5s",
    options=f"Less than {LEAST_S:g} s, more than {MOST_S:g} s.",
    source="Standard: ISO/IEC 13714 as summarised by vendors (3-10 s)",
)  # fmt: skip
