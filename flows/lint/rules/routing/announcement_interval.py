"""R015 announcement-interval: updates too often or too seldom."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.queue import Queue

LEAST_S = Option("least_s", 30.0, "Seconds between announcements below which they keep interrupting.")
MOST_S = Option("most_s", 120.0, "Seconds between announcements above which callers feel forgotten.")


def check(context: Context) -> Iterator[Problem]:
    """Check the announcement interval of queues."""
    least_s = context.option("R015", LEAST_S)
    most_s = context.option("R015", MOST_S)
    for name, node in context.nodes(Queue):
        announce = node.announce
        if not (announce.say or announce.position or announce.expected_wait) or least_s <= announce.every <= most_s:
            continue
        often = (
            "so often that nothing else is heard"
            if announce.every < least_s
            else "so seldom that callers feel forgotten"
        )
        usual = f"{least_s:g} to {most_s:g} s is usual"
        message = f"callers in {name!r} hear an update every {announce.every:g} s, {often}; {usual}"
        yield Problem(("nodes", name, "announce", "every"), message, "write 'every: 60s'")


RULE = Rule(
    code="R015",
    name="announcement-interval",
    severity="info",
    check=check,
    summary="updates too often or too seldom",
    what=(
        "What callers hear while they wait (a text, their position, the expected wait) is repeated more often than "
        "every 30 s, or less often than every 2 min."
    ),
    why=(
        "Every announcement sounds like someone picking up, so frequent ones disappoint; in a long silence callers "
        "think the line is dead and hang up."
    ),
    example="announce: {position: true, every: 10s}",
    better="announce: {position: true, every: 60s}",
    settings=(LEAST_S, MOST_S),
    source=(
        "Our judgement of the bounds; the sample queues.conf of Asterisk has periodic-announce-frequency=60 and"
        " announce-frequency=90"
    ),
)
