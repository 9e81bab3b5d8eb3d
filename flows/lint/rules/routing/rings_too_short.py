"""R038 rings-too-short: a telephone rings for less time than it takes to pick it up."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.dial import Dial

LEAST = Option("least_s", 12.0, "Seconds of ringing below which a warning is reported: two rings of six seconds.")


def check(context: Context) -> Iterator[Problem]:
    """Find dialled numbers that ring for a moment only."""
    least_s = context.option("R038", LEAST)
    for name, node in context.nodes(Dial):
        if node.timeout < least_s:
            message = f"it rings for {node.timeout:g} s; nobody picks up so soon, and {least_s:g} s are two rings"
            yield Problem(("nodes", name, "timeout"), message, "let it ring longer, e.g. 'timeout: 20s'")


RULE = Rule(
    code="R038",
    name="rings-too-short",
    severity="warning",
    check=check,
    summary="a telephone rings too short",
    what="A 'dial' node rings for less than 12 s, which includes the time until the other side begins to ring.",
    why="A ring and its pause take six seconds in America: nearly every call ends as no_answer.",
    example='dial: {type: dial, number: "+12125550123", timeout: 5s, otherwise: message}',
    better='dial: {type: dial, number: "+12125550123", timeout: 20s, otherwise: message}',
    settings=(LEAST,),
    source="Field: ringing tone of 2 s on, 4 s off (ITU-T E.180, North America)",
)
