"""S016 single-point-of-failure: one outage disables most of the line."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.lookup import Lookup

SHARE_LOST = Option("share_lost", 0.5, "Reported if more than this share (0 to 1) is lost.")
MOST_LOOKUPS = 20
"""How many lookups are tried, those with the most nodes after them first: each costs a walk over the flow."""
_FAILING = ("failure", "timeout")
"""How a call goes on from a lookup that gets no answer."""


def check(context: Context) -> Iterator[Problem]:
    """Find lookups without whose answer most people, voicemail boxes and answers cannot be reached."""
    share_lost = context.option("S016", SHARE_LOST)
    served = context.goal_nodes & context.graph.reachable
    lookups = [name for name, _ in context.nodes(Lookup) if name in context.graph.reachable]
    if not lookups or not served:
        return
    behind = context.graph.behind(served)
    for name in sorted(lookups, key=lambda n: -behind.get(n, 0))[:MOST_LOOKUPS]:
        if behind.get(name, 0) <= share_lost * len(served):
            break
        lost = len(served - _reached_without(context, name))
        if lost > share_lost * len(served):
            which = f"{lost} of {len(served)} places" if len(served) > 1 else "the only place"
            message = f"while {name!r} gets no answer, {which} where callers are served cannot be reached"
            hint = "lead 'failure' on to the menu, and look up only where the answer is needed"
            yield Problem(("nodes", name), message, hint, of_key=True)


def _reached_without(context: Context, lookup: str) -> frozenset[str]:
    """The nodes that calls still reach while a lookup gets no answer."""
    start = context.flow.start
    return context.graph.reachable_from([start], lambda edge: edge.source != lookup or edge.outcome in _FAILING)


RULE = Rule(
    code="S016",
    name="single-point-of-failure",
    severity="info",
    check=check,
    summary="one outage disables most of the line",
    what=(
        "When one lookup gets no answer, more than half of the people, message boxes and answers of the flow cannot "
        "be reached."
    ),
    why="On the day the remote system is down everyone calls, and everyone is sent to the same few people.",
    example="identify: {type: lookup, on: {found: main, not_found: desk}, failure: desk}",
    better="identify: {type: lookup, on: {found: main, not_found: main}, failure: main}",
    settings=(SHARE_LOST,),
    source="Arithmetic: reachability without the answer. Guide: Nygard 2018, Release It!, 2nd ed., chapter 4",
)
