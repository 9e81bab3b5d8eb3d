"""R016 no-acknowledgement: silence during a lookup."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.lint.turn_totals import totals_before
from flows.nodes.lookup import Lookup

MOST_S = Option(
    "most_s", 5.0, "Seconds of silence above which an info is reported; each lookup counts with its timeout."
)


def check(context: Context) -> Iterator[Problem]:
    """Find lookups that together may keep callers in silence."""
    most_s = context.option("R016", MOST_S)
    waits = {name: node.timeout for name, node in context.nodes(Lookup)}
    if not waits:
        return
    speaking = {name for name, _, _ in context.prompts}
    silent = totals_before(context, waits, cleared_by=speaking)
    for name, timeout in waits.items():
        already = 0.0 if name in speaking else silent[name]
        if name not in context.graph.reachable or already > most_s or already + timeout <= most_s or name in speaking:
            continue
        message = (
            f"callers may hear nothing for {already + timeout:g} s during the lookup {name!r}; more than {most_s:g} s"
        )
        yield Problem(("nodes", name), message, "add 'say: One moment, please.', or a shorter timeout", of_key=True)


RULE = Rule(
    code="R016",
    name="no-acknowledgement",
    severity="info",
    check=check,
    summary="silence during a lookup",
    what="One lookup, or several in a row with nothing said before or between them, may take more than 5 s.",
    why="Callers who press a key and hear nothing press it again; the second press answers the next question.",
    example="check: {type: lookup, url: https://example.com/a, timeout: 8s, on: {found: main}, failure: desk}",
    better=(
        "check: {type: lookup, say: 'One moment, please.', url: https://example.com/a, timeout: 8s, on: {found: main},"
        " failure: desk}"
    ),
    settings=(MOST_S,),
    source="Our judgement: no published limit was found",
)
