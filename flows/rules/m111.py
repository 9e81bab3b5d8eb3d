"""M111 retry-to-nowhere: who does not press anything is disconnected."""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.nodes._dialogue import Dialogue
from flows.nodes.base import END
from flows.rules.base import Problem, Rule


def check(context: Context) -> Iterator[Problem]:
    """``otherwise`` that ends in a hangup without a person or a message box on the way."""
    flow, graph = context.flow, context.graph
    if not context.helps:
        return
    ending = context.unheard_to(n for n, exits in graph.exits.items() if graph.ends(n) or any(edge.target == END for edge in exits))
    listening = {name for name, node in flow.nodes.items() if isinstance(node, Dialogue)}
    cared_for = context.unheard_to(listening | context.helps | graph.broken)
    for name, node in flow.nodes.items():
        if not isinstance(node, Dialogue) or node.otherwise not in flow.nodes or name not in graph.reachable:
            continue
        if name in context.after_closing or context.was_served(name):
            continue
        if node.otherwise in ending and node.otherwise not in cared_for:
            times = "one attempt" if node.attempts == 1 else f"{node.attempts} attempts"
            message = f"after {times} {name!r} sends silent callers to {node.otherwise!r}, which only ends the call"
            yield Problem(("nodes", name, "otherwise"), message, "lead 'otherwise' to a person, or to a message box")


RULE = Rule(
    code="M111", name="retry-to-nowhere", severity="warning", check=check,
    summary="silence ends in a hangup",
    what="After the last attempt the call ends, and neither a person nor a message box stands on the way. Left out are "
    "lines without any of them (a recording that goes on to a menu, such as a caller's name, is no message box), menus only heard after closing time, and menus after the caller got what he called for.",
    why="Silence has many reasons: a rotary telephone, a bad line, a hand on the steering wheel. Those callers need a "
    "person most, and they are cut off.",
    example="main:\n  type: menu\n  choices: [{key: 1, label: billing, next: billing}]\n  otherwise: goodbye",
    better="main:\n  type: menu\n  choices: [{key: 1, label: billing, next: billing}]\n  otherwise: operator",
    source="GetHuman standard (never disconnect for silence); Ireland's public-service guide (a person after the options "
    "were presented twice)",
)  # fmt: skip
