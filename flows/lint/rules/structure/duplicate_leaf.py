"""S013 duplicate-leaf: nodes that do the same."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base import Node
from flows.nodes.dial import Dial
from flows.nodes.hangup import Hangup
from flows.nodes.play import Play
from flows.nodes.queue import Queue
from flows.nodes.voicemail import Voicemail

SHOWN = 3
"""How many names of copies are shown."""


def check(context: Context) -> Iterator[Problem]:
    """Find message, queue, dial, voicemail and hangup nodes that differ only in their name."""
    alike: dict[object, list[str]] = {}
    for name, node in context.flow.nodes.items():
        if isinstance(node, Play | Hangup | Queue | Dial | Voicemail) and name in context.graph.reachable:
            said = tuple(text for _, prompt in node.prompts() for text in prompt.text.items())
            alike.setdefault((node.type, said), []).append(name)
    for names in alike.values():
        if len(names) == 1:
            continue
        same: dict[object, list[str]] = {}
        for name in names:
            same.setdefault(_all(context.flow.nodes[name]), []).append(name)
        for first, *others in same.values():
            if others:
                shown = ", ".join(map(repr, others[:SHOWN])) + (
                    f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
                )
                does = "does" if len(others) == 1 else "do"
                message = f"{shown} {does} exactly what {first!r} does"
                hint = f"lead callers to {first!r} and remove {'it' if len(others) == 1 else 'them'}"
                yield Problem(("nodes", others[0]), message, hint, of_key=True)


def _all(node: Node) -> object:
    """Everything a node says and does; messages are not serialised, as there are many."""
    if isinstance(node, Play):
        return (node.then, node.serves, node.say.seconds, *node.say.audio.items())
    return node.model_dump_json(exclude={"note"})


RULE = Rule(
    code="S013",
    name="duplicate-leaf",
    severity="info",
    check=check,
    summary="nodes that do the same",
    what=(
        "A message, queue, dial, voicemail or hangup node says the same as another in all languages, goes on to the "
        "same node and has the same settings. Reported once for each set of copies; notes are ignored."
    ),
    why="Sooner or later someone changes one copy, and half of the callers hear the old words.",
    example="bye: {type: hangup, say: Goodbye.}\nend: {type: hangup, say: Goodbye.}",
    better="bye: {type: hangup, say: Goodbye.}",
    source="Arithmetic: nodes compared",
)
