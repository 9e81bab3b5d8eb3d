"""T006 agents-hear-nothing: what only the desk can do for a queue."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.queue import Queue

_PARTS = {
    "whisper": "agents of {name!r} hear the whisper at the desk only",
    "record": "the conversations of {name!r} are recorded at the desk only",
}


def check(context: Context) -> Iterator[Problem]:
    """Find queues with a whisper or a recording."""
    for name, node in context.nodes(Queue):
        for part, message in _PARTS.items():
            if getattr(node, part) is not None:
                hint = "let agents answer at the desk (ivr serve --desk), or do it where they answer"
                yield Problem(("nodes", name, part), message.format(name=name), hint)


RULE = Rule(
    code="T006",
    name="agents-hear-nothing",
    severity="info",
    check=check,
    summary="what only the desk does for agents",
    what=(
        "A queue node has a whisper for the agent, or records the conversation. Both are done where agents answer at"
        " the desk; callers in the carrier's own queue are taken out of it by somebody else's program."
    ),
    why="Without a desk agents hear nothing, and nothing is recorded, though callers are told so.",
    example="desk: {type: queue, queue: desk, whisper: A caller about an order.}",
    better="desk: {type: queue, queue: desk}",
    options="With the desk (ivr serve --desk) leave it out: ivr lint --ignore T006.",
    source="Platform: twilio.com/docs/voice/twiml/enqueue has neither a whisper for agents nor a recording",
)
