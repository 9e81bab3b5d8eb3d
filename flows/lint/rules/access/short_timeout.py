"""A001 short-timeout: too little time for some callers."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import Dialogue

LEAST_S = Option(
    "least_s", 10.0, "Seconds that callers need; the default is the upper end of the standard's range of 3 to 10 s."
)


def check(context: Context) -> Iterator[Problem]:
    """Check how much time listening nodes allow."""
    least_s = context.option("A001", LEAST_S)
    for name, node in context.flow.nodes.items():
        if isinstance(node, Dialogue) and node.timeout < least_s:
            message = (
                f"{name!r} allows {node.timeout:g} s to press a key; an accessible line allows at least {least_s:g} s"
            )
            written = ("nodes", name, "timeout") in context.document.marks
            path = ("nodes", name, "timeout") if written else ("nodes", name)
            yield Problem(
                path,
                message,
                f"write 'timeout: {least_s:g}s', and offer the choices again after it",
                of_key=not written,
            )


RULE = Rule(
    code="A001",
    name="short-timeout",
    severity="warning",
    check=check,
    profiles=("accessible",),
    summary="too little time for some callers",
    what="A node allows callers less than 10 s to press a key.",
    why=(
        "Callers who use a relay service or a screen reader, find keys hard to press, or think in another language "
        "need longer, and are told that they were not heard."
    ),
    example="main:\n  type: menu\n  timeout: 4s\n  choices: [{key: 1, label: billing, next: billing}]",
    better="main:\n  type: menu\n  timeout: 10s\n  choices: [{key: 1, label: billing, next: billing}]",
    options="Only in the profile accessible.",
    settings=(LEAST_S,),
    source=(
        "Standard: ISO/IEC 13714 as summarised by vendors (3 to 10 s; this takes the upper end); W3C COGA (enough time)"
    ),
)
