"""M118 timeout-too-short: time-out too short or too long."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import Dialogue
from flows.nodes.collect import Collect

LEAST_S = Option("least_s", 3.0, "Seconds below which the time is too short.")
MOST_S = Option("most_s", 10.0, "Seconds above which the silence is too long, unless a number is collected.")


def check(context: Context) -> Iterator[Problem]:
    """Check how long listening nodes wait in silence."""
    least_s = context.option("M118", LEAST_S)
    most_s = context.option("M118", MOST_S)
    for name, node in context.flow.nodes.items():
        if not isinstance(node, Dialogue):
            continue
        path = ("nodes", name, "timeout")
        if node.timeout < least_s:
            message = f"{name!r} waits {node.timeout:g} s for a key; callers need {least_s:g} s or more"
            yield Problem(path, message, "write 'timeout: 5s', or leave it out")
        elif node.timeout > most_s and not isinstance(node, Collect):
            message = f"{name!r} waits {node.timeout:g} s in silence; more than {most_s:g} s sounds like a dead line"
            yield Problem(path, message, "write 'timeout: 5s', or leave it out: callers then hear the choices again")


RULE = Rule(
    code="M118",
    name="timeout-too-short",
    severity="warning",
    check=check,
    summary="time-out too short or too long",
    what=(
        "A node waits less than 3 s for a key, or more than 10 s. A collect node may wait longer: people look for "
        "their card."
    ),
    why=(
        "Under 3 s, callers who take the phone from their ear to see the keys are cut off; beyond 10 s, they think "
        "the line is dead."
    ),
    example="timeout: 2s",
    better="timeout: 5s",
    settings=(LEAST_S, MOST_S),
    source="Standard: ISO/IEC 13714 as summarised by vendors (3-10 s)",
)
