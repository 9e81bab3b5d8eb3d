"""A flow laid out for drawing: each node appears once, at the end of its quickest path; elsewhere it is referenced.

`plan` decides what is drawn where; `flows.diagram.renderers` has a module for each form: text tree, Mermaid, DOT.
Global keys are drawn once next to the tree, not as an edge from every menu.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.analysis.quickest_paths import QuickestPath, quickest_paths
from flows.display.numbers import duration
from flows.model.flow import Flow
from flows.model.opening_hours import Hours
from flows.nodes.base import FALLBACK, Node, Wire
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue
from flows.nodes.menu import Menu
from flows.nodes.queue import Queue
from flows.source.counted import counted
from flows.speech.prompt import Prompt

__all__ = ["EXIT_WORDS", "Link", "Plan", "Stop", "as_dict", "plan"]

_MAX_ABOUT = 60
EXIT_WORDS = {"otherwise": "else", NO_INPUT: "silence", NO_MATCH: "wrong key"}
"""Exits in the words of a drawing, where the outcome's own name says less."""


@dataclass(frozen=True)
class Link:
    """One exit of a node as drawn.

    Parameters
    ----------
    outcomes : tuple of str
        The outcomes that take this exit.
    labels : tuple of str
        What the caller is offered for each outcome; empty unless it is a choice.
    target : str
        A node, or ``back``, ``repeat``, ``return``.
    kind : {"here", "elsewhere", "word", "nowhere"}
        Whether the target is drawn here, drawn elsewhere, a word such as ``back``, or not a node at all.
    """

    outcomes: tuple[str, ...]
    labels: tuple[str, ...]
    target: str
    kind: str


@dataclass(frozen=True)
class Stop:
    """One node as drawn.

    Parameters
    ----------
    name, type : str
    serves : bool
        True if callers who heard it got what they called for.
    about : str
        What it says or does, in a few words.
    reach : QuickestPath or None
        How soon a first-time caller gets there; None if no caller does.
    queue : int
        Index of its queue in the flow; -1 for other nodes.
    links : tuple of Link
    choices : tuple of str
        Outcomes of the node in file order.
    """

    name: str
    type: str
    serves: bool
    about: str
    reach: QuickestPath | None
    queue: int
    links: tuple[Link, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A flow laid out for drawing.

    Parameters
    ----------
    title : str
    language : str
        Language of the words and seconds.
    start : str
        The first node.
    stops : dict of str to Stop
        Every node of the flow.
    keys : tuple of (key, label, target)
        Keys that work in every menu.
    roots : tuple of str
        Nodes drawn next to the tree: targets of those keys, and nodes reached only by silence or the fallback.
    gives_up : str
        Where menus go after the last attempt unless drawn otherwise; empty without a fallback.
    unreachable : tuple of str
    """

    title: str
    language: str
    start: str
    stops: dict[str, Stop]
    keys: tuple[tuple[str, str, str], ...]
    roots: tuple[str, ...]
    gives_up: str
    unreachable: tuple[str, ...]


def plan(flow: Flow, *, language: str = "") -> Plan:
    """Lay a flow out for drawing.

    Parameters
    ----------
    flow : Flow
    language : str
        Default: the flow's first language.
    """
    tag = language or flow.languages[0]
    found = quickest_paths(flow, tag)
    gives_up = flow.fallback_node or ""
    stops = {}
    for name, node in flow.nodes.items():
        links = tuple(_links(flow, name, node, found, tag, gives_up))
        about = _about(flow, node, tag)
        number = list(flow.queues).index(node.queue) if isinstance(node, Queue) and node.queue in flow.queues else -1
        choices = tuple(wire.outcome for wire in node.wires())
        serves = bool(getattr(node, "serves", False))
        stops[name] = Stop(name, node.type, serves, about, found.get(name), number, links, choices)
    keys = tuple((key, _words(bound.label, flow, tag), bound.then) for key, bound in flow.keys.items())
    roots = _roots(flow, stops, found)
    unreachable = tuple(name for name in flow.nodes if name not in found)
    return Plan(flow.name, tag, flow.start, stops, keys, roots, gives_up, unreachable)


def _links(flow: Flow, name: str, node: Node, found: dict[str, QuickestPath], tag: str, gives_up: str) -> list[Link]:
    groups: dict[str, list[Wire]] = {}
    for wire in node.wires():
        target = wire.target if wire.target is not None else FALLBACK if wire.required else None
        hidden = wire.outcome == "otherwise" and isinstance(node, Dialogue) and target == gives_up
        if target is not None and not hidden:
            groups.setdefault(target, []).append(wire)
    links = []
    named = {wire.outcome for wire in node.wires()}
    for target, wires in groups.items():
        outcomes = tuple(wire.outcome for wire in wires)
        labels = tuple(_words(wire.label, flow, tag) for wire in wires)
        way = found.get(target)
        if target not in flow.nodes:
            word = target.partition(" ")[0] in ("back", "repeat", "return")
            links.append(Link(outcomes, labels, "" if target == FALLBACK else target, "word" if word else "nowhere"))
        elif (
            way is not None
            and way.source == name
            and (way.outcome in outcomes or way.outcome not in named)  # the end of the node's own dialogue
            and target != flow.start
        ):
            links.append(Link(outcomes, labels, target, "here"))
        else:
            links.append(Link(outcomes, labels, target, "elsewhere"))
    return links


def _roots(flow: Flow, stops: dict[str, Stop], found: dict[str, QuickestPath]) -> tuple[str, ...]:
    """Reachable nodes that no drawn link leads to; targets of keys come first."""
    drawn: set[str] = set()
    roots: list[str] = []

    def follow(name: str) -> None:
        todo = [name]
        while todo:
            at = todo.pop()
            if at not in drawn:
                drawn.add(at)
                todo += [link.target for link in stops[at].links if link.kind == "here"]

    if flow.start in stops:
        follow(flow.start)
    for name in (*(bound.then for bound in flow.keys.values()), *found):
        if name in found and name not in drawn:
            roots.append(name)
            follow(name)
    return tuple(roots)


def _words(prompt: Prompt | None, flow: Flow, tag: str) -> str:
    return prompt.words(tag, flow.languages[0]) if prompt else ""


def _about(flow: Flow, node: Node, tag: str) -> str:
    """What a node says or does, in a few words."""
    if isinstance(node, Menu):
        spoken = node.spoken(flow, tag)
        return f"{counted(len(node.choices), 'choice')}, {duration(round(spoken.total_s))} in all"
    if isinstance(node, Queue):
        queue = flow.queues.get(node.queue)
        name = queue.label if queue and queue.label else node.queue
        return f"{name}, up to {duration(node.max_wait)}" if node.max_wait is not None else name
    text = node.about() or next(
        (_words(prompt, flow, tag) for _, prompt in node.prompts() if _words(prompt, flow, tag)), ""
    )
    for attribute in ("number", "value", "box"):
        if not text and hasattr(node, attribute):
            text = str(getattr(node, attribute))
    if node.type == "hours":
        text = _week(flow.hours.get(getattr(node, "hours", "")))
    if node.type == "set":
        text = ", ".join(f"{k} = {v}" for k, v in getattr(node, "values", {}).items())
    if node.type == "language":
        text = ", ".join(choice.language for choice in getattr(node, "choices", ()))
    text = " ".join(text.split())
    return text if len(text) <= _MAX_ABOUT else f"{text[: _MAX_ABOUT - 1].rsplit(' ', 1)[0]}…"


def _week(hours: Hours | None) -> str:
    """The hours in words: the week, then the days with hours of their own."""
    if hours is None:
        return ""
    days = [f"{day} {spans}" for day, spans in hours.on.items()]
    days += [f"{row.begin} to {row.end} {_spans(row.week)}" for row in hours.between]
    return ", ".join([*filter(None, [_spans(hours.week)]), *days])


def _spans(week: Mapping[str, str]) -> str:
    return ", ".join(f"{days} {spans}" for days, spans in week.items())


def as_dict(drawn: Plan) -> dict[str, object]:
    """The plan as JSON-ready data, in the stable schema of ``ivr show --json``."""
    return {
        "flow": drawn.title,
        "language": drawn.language,
        "start": drawn.start,
        "keys": [{"key": key, "label": label, "target": target} for key, label, target in drawn.keys],
        "nodes": [
            {
                "node": stop.name,
                "type": stop.type,
                "about": stop.about,
                "seconds": None if stop.reach is None else round(stop.reach.seconds, 1),
                "presses": None if stop.reach is None else stop.reach.presses,
                "levels": None if stop.reach is None else stop.reach.levels,
                "links": [
                    {
                        "outcomes": list(link.outcomes),
                        "labels": list(link.labels),
                        "target": link.target,
                        "kind": link.kind,
                    }
                    for link in stop.links
                ],
            }
            for stop in drawn.stops.values()
        ],
        "unreachable": list(drawn.unreachable),
    }
