"""R018 target-unmet: fewer callers are answered in time than the law wants."""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.rules.base import Problem, Rule
from flows.staffing import ANSWERED_WITHIN_S

SHARE = 0.95
"""Share of callers to be answered within three minutes."""


def check(context: Context) -> Iterator[Problem]:
    """Queues by their simulated share of calls answered in time."""
    if context.staffing is None:
        return
    for name, share in context.staffing.share_answered.items():
        if share < SHARE and name in context.flow.queues:
            message = (
                f"{share:.1%} of the calls of queue {name!r} are answered within {ANSWERED_WITHIN_S / 60:g} minutes, as simulated; "
                f"at least {SHARE:.0%} are wanted"
            )
            yield Problem(("queues", name), message, "staff the busiest intervals, or let more calls be served by the menu", of_key=True)


RULE = Rule(
    code="R018", name="target-unmet", severity="error", check=check, profiles=("es",),
    summary="answered too late for the law",
    what="The simulation of a scenario answers fewer than 95 % of a queue's calls within three minutes.",
    why="In Spain larger companies owe their callers this, as a yearly average.",
    example="groups: {desk: {skills: [desk], agents: 4}}  # in the scenario: 88 % answered within 3 minutes",
    better="groups: {desk: {skills: [desk], agents: 6}}  # 96 % answered within 3 minutes",
    options=f"Only in profile es, and only with a simulated scenario. {SHARE:.0%} within {ANSWERED_WITHIN_S / 60:g} minutes.",
    source="Law: Spain, Ley 10/2025 de servicios de atención a la clientela (95 % within three minutes)",
)  # fmt: skip
