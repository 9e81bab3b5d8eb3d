"""D004 recording-without-notice: recorded without being told."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base import END
from flows.nodes.queue import Queue
from flows.nodes.voicemail import Voicemail


def check(context: Context) -> Iterator[Problem]:
    """Find voicemail nodes that say nothing and follow another node that says nothing."""
    boxes = [name for name, node in context.nodes(Voicemail) if not node.say and name in context.graph.reachable]
    if not boxes:
        return
    speaking = {name for name, _, _ in context.prompts}
    silent_into: dict[str, list[str]] = {}
    for name, exits in context.graph.exits.items():  # nothing leads back to a voicemail node
        node = context.flow.nodes[name]
        for edge in exits:
            told = name in speaking and not isinstance(node, Queue) and edge.via == "wire"
            if edge.target != END and not told and name in context.graph.reachable:
                silent_into.setdefault(edge.target, []).append(name)
    hint = "add 'say: Please leave a message after the tone.'"
    if len(context.flow.languages) > 1:
        hint += ", in every language"
    for name in boxes:
        if name in silent_into or name == context.flow.start:
            message = (
                f"{name!r} records callers without telling them: it says nothing, nor does the node before it on some"
                " path"
            )
            yield Problem(("nodes", name), message, hint, of_key=True)


RULE = Rule(
    code="D004",
    name="recording-without-notice",
    severity="warning",
    check=check,
    summary="recorded without being told",
    what="A voicemail node says nothing, and callers come to it from a queue, or from a node that says nothing either.",
    why="Callers hear a tone out of nowhere and hang up; in many countries recording must be announced.",
    example="message: {type: voicemail, box: support}",
    better="message: {type: voicemail, box: support, say: Please leave a message after the tone.}",
    source="Law: GDPR, article 13 (information when data are collected); consent laws of several states of the US",
)
