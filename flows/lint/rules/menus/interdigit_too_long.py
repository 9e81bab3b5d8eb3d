"""M119 interdigit-too-long: as long between keys as before."""

from __future__ import annotations

import math
from collections.abc import Iterator

from flows.analysis.leg_time import between_s
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import Dialogue
from flows.nodes.callback import Callback
from flows.nodes.collect import Collect
from flows.nodes.menu import Menu

USUAL_S = 3
"""Usual seconds between two keys."""


def check(context: Context) -> Iterator[Problem]:
    """Compare the two time-outs of nodes that take several keys."""
    for name, node in context.flow.nodes.items():
        if isinstance(node, Dialogue) and node.interdigit >= node.timeout and _several(context, node):
            message = f"{name!r} allows {node.interdigit:g} s between two keys and {node.timeout:g} s for the first"
            if node.interdigit > node.timeout:
                message += f"; carriers use {between_s(node.timeout, node.interdigit):g} s for both"
            longer_s = max(5, math.floor(node.interdigit) + 1)
            hint = f"write 'interdigit: {USUAL_S}s'" if node.timeout > USUAL_S else f"write 'timeout: {longer_s}s'"
            place = "interdigit" if ("nodes", name, "interdigit") in context.document.marks else "timeout"
            yield Problem(("nodes", name, place), message, hint)


def _several(context: Context, node: Dialogue) -> bool:
    if isinstance(node, Collect):
        return node.digits[1] > 1
    if isinstance(node, Menu):
        return any(len(key) > 1 for key in (*(choice.key for choice in node.choices), *context.flow.keys))
    return isinstance(node, Callback)


RULE = Rule(
    code="M119",
    name="interdigit-too-long",
    severity="warning",
    check=check,
    summary="as long between keys as before",
    what="A node that takes several keys allows as much time between two of them as for the first, or more.",
    why=(
        "Callers who enter fewer digits than the maximum sit through that pause in silence, and press something else. "
        "A pause longer than the time for the first key is not possible anyway: Twilio's Gather has a single time-out."
    ),
    example="timeout: 5s\ninterdigit: 6s",
    better="timeout: 5s\ninterdigit: 3s",
    source="Standard: ISO/IEC 13714 as summarised by vendors (first key 3-10 s, shorter between digits)",
)
