"""R018 target-unmet: answered too late for the law."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.traffic import ANSWERED_WITHIN_S
from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule

SHARE = Option("least_share", 0.95, "Required share of a queue's calls (0 to 1).")


def check(context: Context) -> Iterator[Problem]:
    """Check the simulated share of calls answered in time, by queue."""
    least_share = context.option("R018", SHARE)
    if context.staffing is None:
        return
    for name, share in context.staffing.share_answered.items():
        if share < least_share and name in context.flow.queues:
            message = (
                f"{share:.1%} of the calls of queue {name!r} are answered within {ANSWERED_WITHIN_S / 60:g} minutes, as"
                f" simulated; at least {least_share:.0%} are wanted"
            )
            yield Problem(
                ("queues", name),
                message,
                "staff the busiest intervals, or let more calls be served by the menu",
                of_key=True,
            )


RULE = Rule(
    code="R018",
    name="target-unmet",
    severity="error",
    check=check,
    profiles=("es",),
    summary="answered too late for the law",
    what="In the simulation of a scenario, fewer than 95 % of a queue's calls are answered within three minutes.",
    why="In Spain larger companies must meet this as a yearly average.",
    example="groups: {desk: {skills: [desk], agents: 4}}  # in the scenario: 88 % answered within 3 minutes",
    better="groups: {desk: {skills: [desk], agents: 6}}  # 96 % answered within 3 minutes",
    options=(
        f"Only in profile es, and only with '--scenario', which is then simulated. Within {ANSWERED_WITHIN_S / 60:g}"
        " minutes, as the law says."
    ),
    settings=(SHARE,),
    source="Law: Spain, Ley 10/2025 de servicios de atención a la clientela (95 % within three minutes)",
)
