"""S010 missing-failure-edge: a failed lookup has no exit."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.hangup import Hangup
from flows.nodes.lookup import Lookup
from flows.nodes.play import Play


def check(context: Context) -> Iterator[Problem]:
    """Find lookups without `failure`, or whose `failure` leads to the message for another answer."""
    for name, lookup in context.nodes(Lookup):
        if lookup.failure is None:
            message = (
                f"{name!r} (lookup) does not say where the call goes when the remote system is down, slow or returns"
                " something odd"
            )
            yield Problem(("nodes", name), message, "add 'failure: NODE', ideally a person", of_key=True)
            continue
        denied = lookup.on.get("not_found")
        if (
            denied
            and denied.then == lookup.failure
            and isinstance(context.flow.nodes.get(lookup.failure), Play | Hangup)
        ):
            message = (
                f"when {name!r} gets no answer, callers hear {lookup.failure!r}, as if the answer were 'not_found'"
            )
            hint = "give 'failure' a node of its own that says so, or lead it to a person"
            yield Problem(("nodes", name, "failure"), message, hint)


RULE = Rule(
    code="S010",
    name="missing-failure-edge",
    severity="warning",
    check=check,
    summary="a failed lookup has no exit",
    what=(
        "A lookup has no 'failure', so the call goes to the fallback when the remote system is down; or its 'failure' "
        "leads to the same message as 'not_found'."
    ),
    why=(
        "Remote systems are down for several hours a year. Callers who are told that their account does not exist, "
        "when nobody has looked, call again or panic."
    ),
    example="find: {type: lookup, url: https://example.com/cases, on: {found: tell, not_found: sorry}}",
    better="find: {type: lookup, url: https://example.com/cases, on: {found: tell, not_found: sorry}, failure: desk}",
    source=(
        "Arithmetic: an outcome without an edge. Guide: Nygard 2018, Release It!, 2nd ed., chapter 4 (integration"
        " points fail)"
    ),
)
