"""R022 refused-after-words: a call is refused that was answered already."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.dial import Dial
from flows.nodes.queue import Queue
from flows.nodes.reject import Reject
from flows.nodes.voicemail import Voicemail


def check(context: Context) -> Iterator[Problem]:
    """Find reject nodes behind a node that answers the call."""
    refusing = [name for name, _ in context.nodes(Reject) if name in context.graph.reachable]
    if not refusing:
        return
    answering = [
        name
        for name, node in context.flow.nodes.items()
        if name in context.graph.reachable and (node.prompts() or isinstance(node, Queue | Dial | Voicemail))
    ]
    for name in refusing:
        after = next((one for one in answering if name in context.graph.reachable_from([one], _wired)), "")
        if after:
            message = f"{name!r} comes after {after!r}, which has answered the call: it is hung up, not refused"
            hint = f"refuse callers before {after!r} says anything, or use a 'hangup' node here"
            yield Problem(("nodes", name), message, hint, of_key=True)


def _wired(edge: object) -> bool:
    """Every way but the flow's fallback, which nobody takes on purpose."""
    return getattr(edge, "via", "") != "fallback"


RULE = Rule(
    code="R022",
    name="refused-after-words",
    severity="error",
    check=check,
    summary="refused after an answer",
    what="A reject node can be reached after something was said, dialled, queued or recorded.",
    why="Whatever is said answers the call: the caller pays, and hears the line go dead instead of a busy tone.",
    example=(
        "hi: {type: play, say: Welcome., next: screen}\n"
        "screen: {type: split, list: blocked.txt, cases: {listed: refuse}, otherwise: main}"
    ),
    better=(
        "screen: {type: split, list: blocked.txt, cases: {listed: refuse}, otherwise: hi}\n"
        "hi: {type: play, say: Welcome., next: main}"
    ),
    source="Platform: twilio.com/docs/voice/twiml/reject (only as the first verb, before the call is answered)",
)
