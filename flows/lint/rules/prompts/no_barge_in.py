"""P109 no-barge-in: a long text that no key interrupts."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.graph import Edge
from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import Dialogue
from flows.nodes.lookup import Lookup
from flows.nodes.menu import Menu
from flows.nodes.play import Play

MOST_S = Option("most_s", 15.0, "Seconds above which a warning is reported.")


def check(context: Context) -> Iterator[Problem]:
    """Find messages before a menu or question that serve nobody and cannot be interrupted; greetings are P102."""
    most_s = context.option("P109", MOST_S)
    flow = context.flow
    opening = context.before_next_input(flow.start) if flow.start in flow.nodes else frozenset()
    for name, node in flow.nodes.items():
        if (
            not isinstance(node, Play | Lookup)
            or not node.say
            or name in opening
            or name not in context.graph.reachable
        ):
            continue
        if isinstance(node, Play) and node.serves:
            continue
        onward: tuple[Edge, ...] = context.graph.edges[name]
        asks = next((e.target for e in onward if isinstance(flow.nodes.get(e.target), Dialogue)), None)
        seconds, tag = max(
            ((context.prompt_s(node.say, tag), tag) for tag in flow.languages), key=lambda found: found[0]
        )
        if asks and seconds > most_s:
            message = (
                f"{name!r} takes {seconds:.1f} s{context.in_language(tag)}, and no key interrupts it; {asks!r} follows"
            )
            hint = (
                f"make it the 'intro' of {asks!r}, which a key interrupts"
                if isinstance(flow.nodes[asks], Menu)
                else "shorten it"
            )
            yield Problem(("nodes", name, "say"), message, hint)


RULE = Rule(
    code="P109",
    name="no-barge-in",
    severity="warning",
    check=check,
    summary="a long text that no key interrupts",
    what=(
        "A message of more than 15 s leads to a menu or a question and cannot be interrupted: keys count while a menu "
        "or a collect node speaks, but not during a play node. Messages that serve the caller, and what is said "
        "before the first choice (P102), are not reported."
    ),
    why="Callers who have heard it before must sit through it every time.",
    example="notes: {type: play, say: a text of twenty seconds, next: bills}\nbills: {type: menu, choices: []}",
    better="bills: {type: menu, intro: a text of twenty seconds, choices: []}",
    settings=(MOST_S,),
    source=(
        "Standard: ISO/IEC 13714 as summarised by vendors (dial-through). Guide: AT&T (every menu can be interrupted)"
    ),
)
