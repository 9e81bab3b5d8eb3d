"""S015 hangup-without-goodbye: the line goes dead without a word."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.graph import Edge
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base import END
from flows.nodes.hangup import Hangup
from flows.nodes.hours import Hours
from flows.nodes.message import Message
from flows.nodes.play import Play
from flows.nodes.set import Set
from flows.nodes.split import Split
from flows.nodes.subflow import Subflow
from flows.nodes.survey import Survey
from flows.nodes.switch import Switch
from flows.nodes.voicemail import Voicemail

_SILENT = Set | Split | Hours | Switch | Subflow
"""Nodes that say nothing, so that whatever came before is what callers heard last."""


def check(context: Context) -> Iterator[Problem]:
    """Check what callers heard last before silent hangups, and other ends of a call where nothing is said."""
    nodes, graph = context.flow.nodes, context.graph
    into: dict[str, list[Edge]] = {}
    for name, exits in graph.exits.items():  # nothing leads back to a hangup or to a node that does not speak
        for edge in exits:
            ends = edge.target == END and edge.via == "wire" and not isinstance(nodes[name], Voicemail)
            if ends and _unsaid(context, edge) and name in graph.reachable:
                message = f"the call ends without a word after {name!r} ({edge.outcome})"
                hint = f"lead '{edge.outcome}' to a hangup that says goodbye"
                yield Problem(("nodes", name), message, hint, of_key=True)
            into.setdefault(edge.target, []).append(edge)
    spoken = next(
        (name for name, hangup in context.nodes(Hangup) if hangup.say and "/" not in name and name in graph.reachable),
        "",
    )
    for name, hangup in context.nodes(Hangup):
        if hangup.say is None and name in graph.reachable:
            before = _last_heard(context, name, into)
            if before is not None:
                where = f" after {before!r}" if before != name else ""
                message = f"{name!r} ends the call without a word{where}"
                hint = (
                    f"lead callers to {spoken!r} and remove it, or say goodbye here"
                    if spoken
                    else "add 'say: Goodbye.', in every language"
                )
                yield Problem(("nodes", name), message, hint, of_key=True)


def _last_heard(context: Context, name: str, into: dict[str, list[Edge]]) -> str | None:
    """A node that leads here without callers hearing anything; the hangup itself at the start of a call."""
    seen, todo = {name}, [name]
    while todo:
        at = todo.pop()
        if at == context.flow.start:
            return name
        for edge in into.get(at, ()):
            if edge.source not in context.graph.reachable or edge.source in seen or edge.via == "fallback":
                continue
            if isinstance(context.flow.nodes[edge.source], _SILENT):
                seen.add(edge.source)
                todo.append(edge.source)
            elif _unsaid(context, edge):
                return edge.source
    return None


def _unsaid(context: Context, edge: Edge) -> bool:
    """Whether neither a person nor the node itself spoke last."""
    node = context.flow.nodes[edge.source]
    if edge.outcome == "answered" or isinstance(node, Play):
        return False
    if isinstance(node, Message):
        return node.say is None
    return not (isinstance(node, Survey) and node.thanks is not None)


RULE = Rule(
    code="S015",
    name="hangup-without-goodbye",
    severity="warning",
    check=check,
    summary="the line goes dead without a word",
    what=(
        "A hangup node says nothing, and on some path to it nothing was said just before; or a call ends silently "
        "after a callback is booked. Silence is fine after talking to a person, after a message box that ends the "
        "call, and after a message that is played last."
    ),
    why="Callers take a line that goes dead for a fault, and call again.",
    example="main: {choices: [{key: 2, label: the end of this call, next: bye}]}\nbye: {type: hangup}",
    better="bye: {type: hangup, say: Goodbye.}",
    source="Guides: closing remarks in Cohen, Giangola & Balogh 2004, Voice User Interface Design",
)
