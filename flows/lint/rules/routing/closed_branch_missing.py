"""R006 closed-branch-missing: closed leads where open leads."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from flows.analysis.graph import Edge
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base import END, Node
from flows.nodes.dial import Dial
from flows.nodes.hours import Hours
from flows.nodes.menu import Menu
from flows.nodes.play import Play
from flows.nodes.queue import Queue
from flows.nodes.set import Set

_ONWARD = ("wire", "return", "fallback", "key")
"""Kinds of edges that take a call onward; back and repeat lead to where it was."""


def check(context: Context) -> Iterator[Problem]:
    """Find hours nodes whose closed branch leads to the same node, the same queue, or through menus to everyone."""
    people: tuple[dict[str, int], ...] = ()
    for name, node in context.nodes(Hours):
        if name in context.graph.broken or _only_days(node):
            continue
        open_nodes, closed_nodes = _straight(context, node.on["open"]), _straight(context, node.on["closed"])
        path = ("nodes", name, "on", "closed")
        hint = "tell callers when you open, and take a message"
        if node.on["open"] == node.on["closed"]:
            message = f"open and closed both lead to {node.on['open']!r}: callers do not hear that nobody is there"
            yield Problem(path, message, hint)
        elif open_nodes and closed_nodes and (same := _queue(context, open_nodes) & _queue(context, closed_nodes)):
            message = f"when it is closed, callers still join queue {min(same)!r}"
            yield Problem(path, message, hint)
        else:
            if not people:
                out = {name: [edge.target for edge in _onward(context, name)] for name in context.flow.nodes}
                people = _people(context, out, past_hours=True), _people(context, out, past_hours=False)
            yield from _by_menus(context, name, node, *people)


def _only_days(node: Hours) -> bool:
    """Whether the node only distinguishes holidays, so that the hours are not meant to matter."""
    return node.on["open"] == node.on["closed"] and node.on.get("holiday", node.on["open"]) != node.on["open"]


def _by_menus(
    context: Context, name: str, node: Hours, opened: Mapping[str, int], closed: Mapping[str, int]
) -> Iterator[Problem]:
    """Find closed branches through which callers still reach everyone that the open branch offers.

    A branch that leaves someone out is considered intentional: an emergency desk may answer at night.
    """
    there = opened.get(node.on["open"], 0)
    via = _way_to_queue(context, node.on["closed"]) if there and not there & ~closed.get(node.on["closed"], 0) else None
    if via is None:
        return
    keys, target = context.keys_pressed(via), via[-1].target if via else node.on["closed"]
    message = f"when it is closed, callers still reach {target!r} (keys: {keys})"
    hint = f"put an 'hours' node before {target!r}, or take a message there"
    yield Problem(
        ("nodes", name, "on", "closed"),
        message,
        hint,
        severity="warning" if any(e.needs == "caller" for e in via) else "error",
    )


def _people(context: Context, out: Mapping[str, list[str]], *, past_hours: bool) -> dict[str, int]:
    """For each node, a bit for each queue or number that may answer first; with `past_hours`, also after hours.

    `out` has where each node leads onward.
    """
    nodes = context.flow.nodes
    bits: dict[str, int] = {}
    for who in (_answering(node) for node in nodes.values()):
        if who:
            bits.setdefault(who, 1 << len(bits))
    into: dict[str, list[str]] = {}
    for name, node in nodes.items():
        if not isinstance(node, Queue | Dial) and (past_hours or not isinstance(node, Hours)):
            for target in out[name]:
                into.setdefault(target, []).append(name)
    met = {name: bits[who] for name, node in nodes.items() if (who := _answering(node))}
    todo = deque(met)
    while todo:
        at = todo.popleft()
        for source in into.get(at, ()):
            if met[at] & ~met.get(source, 0):
                met[source] = met.get(source, 0) | met[at]
                todo.append(source)
    return met


def _answering(node: Node) -> str:
    """Who answers at a node: a queue or a dialled number; empty if nobody does."""
    if isinstance(node, Dial):
        return ", ".join(dict.fromkeys(number for _, number in node.numbers())) or node.about()
    return f"queue {node.queue}" if isinstance(node, Queue) else ""


def _onward(context: Context, name: str) -> Iterator[Edge]:
    """Exits that are wired or announced, except back and repeat."""
    for edge in context.graph.exits[name]:
        if (
            edge.target != END
            and edge.via in _ONWARD
            and (edge.via != "key" or _announces(context, name, edge.outcome))
        ):
            yield edge


def _announces(context: Context, name: str, key: str) -> bool:
    """Whether a menu announces a key that works everywhere."""
    if not isinstance(context.flow.nodes[name], Menu):
        return False
    return any(option.key == key for option in context.spoken(name, context.flow.languages[0]).options)


def _way_to_queue(context: Context, start: str) -> tuple[Edge, ...] | None:
    """The path with the fewest keys from `start` to a queue, without passing an hours node; None if there is none."""
    by: dict[str, Edge | None] = {}
    todo: deque[tuple[str, Edge | None]] = deque([(start, None)] if start in context.flow.nodes else [])
    while todo:
        at, edge = todo.popleft()
        if at in by:
            continue
        by[at] = edge
        node = context.flow.nodes[at]
        if isinstance(node, Queue):
            path: list[Edge] = []
            while edge is not None:
                path.append(edge)
                edge = by[edge.source]
            return tuple(reversed(path))
        for onward in _onward(context, at) if not isinstance(node, Dial | Hours) else ():
            (todo.append if onward.needs == "caller" else todo.appendleft)((onward.target, onward))
    return None


def _straight(context: Context, name: str) -> list[str]:
    """The nodes from `name` onward where nothing is decided, and the first one that decides."""
    passed: list[str] = []
    while name in context.flow.nodes and name not in passed:
        passed.append(name)
        if not isinstance(context.flow.nodes[name], Play | Set):
            break
        name = next((edge.target for edge in context.graph.edges[name]), END)
    return passed


def _queue(context: Context, passed: list[str]) -> set[str]:
    node = context.flow.nodes[passed[-1]]
    return {node.queue} if isinstance(node, Queue) else set()


RULE = Rule(
    code="R006",
    name="closed-branch-missing",
    severity="error",
    check=check,
    summary="closed leads where open leads",
    what=(
        "The closed branch of an hours node leads to the same node as the open one, straight into the same queue, or "
        "through menus to everyone whom the open branch offers (a warning where callers must press a key). A branch "
        "that leaves someone out is taken as intended: an emergency desk may answer at night. A missing closed branch "
        "is S009. An hours node that only tells holidays from other days is not checked."
    ),
    why="Checking the opening hours changes nothing: at night callers wait for nobody.",
    example="open: {type: hours, hours: office, on: {open: desk, closed: desk}}",
    better="open: {type: hours, hours: office, on: {open: desk, closed: message}}",
    source="Arithmetic: the two branches compared",
)
