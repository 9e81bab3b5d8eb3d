"""T004 webhook-too-slow: lookups outlast the webhook time-out."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.lint.turn_totals import totals_before
from flows.nodes.lookup import Lookup

MOST_S = 15.0
"""Twilio gives up on a webhook after 15 s (error 11205)."""
OWN_S = Option("own_s", 1.0, "Seconds left for the network and the service itself.")


def check(context: Context) -> Iterator[Problem]:
    """Check how long the lookups of one turn may take together."""
    own_s = context.option("T004", OWN_S)
    waits = {name: node.timeout for name, node in context.nodes(Lookup)}
    room = MOST_S - own_s
    if sum(waits.values()) <= room:
        return
    gathered = totals_before(context, waits)
    for name, timeout in waits.items():
        if name in context.graph.reachable and gathered[name] <= room < gathered[name] + timeout:
            message = (
                f"the lookups up to {name!r} may take {gathered[name] + timeout:g} s in one turn; the carrier"
                f" waits {MOST_S:g} s in all"
            )
            yield Problem(
                ("nodes", name),
                message,
                "give them shorter timeouts, or ask the caller something in between",
                of_key=True,
            )


RULE = Rule(
    code="T004",
    name="webhook-too-slow",
    severity="warning",
    check=check,
    summary="lookups outlast the webhook time-out",
    what=(
        "The lookups from one wait for the caller to the next may together take longer than the carrier waits for a "
        "response. A message between them does not help: it is part of the same response."
    ),
    why=(
        "When the remote system is slow, callers hear 'an application error has occurred' and are cut off, even "
        "though every lookup has a failure branch."
    ),
    example=(
        "a: {type: lookup, url: https://example.com/a, timeout: 8s, on: {found: b}, failure: desk}\n"
        "b: {type: lookup, url: https://example.com/b, timeout: 8s, on: {found: main}, failure: desk}"
    ),
    better=(
        "a: {type: lookup, url: https://example.com/a, timeout: 4s, on: {found: b}, failure: desk}\n"
        "b: {type: lookup, url: https://example.com/b, timeout: 4s, on: {found: main}, failure: desk}"
    ),
    options=f"The carrier waits {MOST_S:g} s; one lookup takes at most 10 s.",
    settings=(OWN_S,),
    source="Platform: Twilio (15 s for the whole response, error 11205)",
)
