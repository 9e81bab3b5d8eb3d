"""N003 stale-suppression: a comment that hides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule


def check(context: Context) -> Iterator[Problem]:
    """Find suppressions that hid nothing; runs after all other rules."""
    for line, column, code in context.stale_suppressions:
        yield Problem(
            (),
            f"this comment hides {code}, which is not found here",
            f"remove {code} from the comment",
            at=(line, column),
        )


RULE = Rule(
    code="N003",
    name="stale-suppression",
    severity="warning",
    check=check,
    summary="a comment that hides nothing",
    what=(
        "A comment hides a finding that the rule does not report on this line, or no longer reports. Codes of rules "
        "that did not run are not checked."
    ),
    why="It will silently hide the next mistake of that kind on this line.",
    example="main: {type: play, say: Hello., next: bye}  # ivr: ignore P101 -- the notice is required by law",
    better="main: {type: play, say: Hello., next: bye}",
    options="A comment at the end of a line applies to that line; one on a line of its own applies to the next line.",
    source="Practice of other linters (unused suppressions)",
)
