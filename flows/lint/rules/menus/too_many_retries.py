"""M112 too-many-retries: asks more than three times."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue

MOST = Option("most", 2, "Repetitions allowed after the first attempt.")
"""Plum Voice: three tries in all."""


def check(context: Context) -> Iterator[Problem]:
    """Check the number of attempts of listening nodes."""
    most = context.option("M112", MOST)
    for name, node in context.flow.nodes.items():
        if not isinstance(node, Dialogue):
            continue
        stated = (
            (("attempts",), node.attempts, "otherwise"),
            *(
                ((reason, "attempts"), node.most(reason), node.retry_exit(reason))
                for reason in (NO_INPUT, NO_MATCH)
                if node.on_failure(reason).attempts
            ),
        )
        for path, times, exit_ in stated:
            if times - 1 > most:
                message = f"{name!r} asks {times} times; more than {most + 1:g} only keeps callers from help"
                target = node.otherwise if exit_ == "otherwise" else node.on_failure(exit_).then
                helped = target in context.flow.nodes and context.meets_person(target)
                written = "otherwise" if exit_ == "otherwise" else f"{exit_}.next"
                lead = "" if helped else f" and lead {written!r} to a person"
                yield Problem(("nodes", name, *path), message, f"write 'attempts: {most + 1:g}'{lead}")


RULE = Rule(
    code="M112",
    name="too-many-retries",
    severity="warning",
    check=check,
    summary="asks more than three times",
    what="A node asks more than three times (once and two repetitions) before it gives up and goes to 'otherwise'.",
    why=(
        "Callers who have not answered three times will not answer the fourth; each round costs the whole prompt and "
        "the time-out."
    ),
    example="attempts: 5",
    better="attempts: 3",
    settings=(MOST,),
    source="Guides: Plum Voice (3 tries); Ireland's public-service guide (2 presentations, then a person)",
)
