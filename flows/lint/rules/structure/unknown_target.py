"""S002 unknown-target: a target that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.model.switches import unknown_switch
from flows.nodes.appointment import Appointment
from flows.nodes.hours import Hours
from flows.nodes.language import Language
from flows.nodes.switch import Switch
from flows.source.document import Path, nearest
from flows.source.finding import Fix
from flows.values.scalars import TARGET_WORDS

SHOWN = 6
"""How many names are listed if none is similar to the one written."""


def check(context: Context) -> Iterator[Problem]:
    """Find names of nodes, opening hours and languages that do not exist."""
    flow = context.flow
    seen = set()
    for hole in context.graph.holes:
        if hole.target is None or (hole.path, hole.target) in seen:
            continue
        seen.add((hole.path, hole.target))
        path = context.key_path(("keys",), str(hole.path[1])) if hole.path[0] == "keys" else hole.path
        if hole.target.partition(" ")[0] == "return":
            message = f"{hole.target!r} goes back to a subflow, but no subflow leads to {hole.node!r}"
            yield Problem(path, message, "name a node, or call this part with 'type: subflow'", hole.node)
        else:
            part = hole.node.rpartition("/")[0] + "/" if "/" in hole.node else ""
            wanted = hole.target.removeprefix(part)  # a part knows its own nodes, by their short names
            inside = [name.removeprefix(part) for name in flow.nodes if name.startswith(part)]
            known = [name for name in inside if "/" not in name]
            yield _named(context, path, f"there is no node {wanted!r}", wanted, "nodes", known)
    yield from _named_once(context)
    yield from _switches(context)
    if flow.fallback is not None and flow.fallback not in flow.nodes:
        yield _named(context, ("fallback",), f"there is no node {flow.fallback!r}", flow.fallback, "nodes")


def _named_once(context: Context) -> Iterator[Problem]:
    flow = context.flow
    asking: list[tuple[str, Hours | Appointment]] = [*context.nodes(Hours), *context.nodes(Appointment)]
    for name, node in asking:
        if node.hours not in flow.hours:
            yield _named(
                context, ("nodes", name, "hours"), f"there are no opening hours {node.hours!r}", node.hours, "hours"
            )
    for name, choice in context.nodes(Language):
        for index, option in enumerate(choice.choices):
            if option.language not in flow.languages:
                message = f"the flow does not speak {option.language!r}"
                yield _named(
                    context, ("nodes", name, "choices", index, "language"), message, option.language, "languages"
                )
    listens = any(node.keeps_place for node in flow.nodes.values())
    for key, bound in flow.keys.items():
        if not listens and bound.then not in flow.nodes and bound.then not in TARGET_WORDS:
            yield _named(
                context, context.key_path(("keys",), key), f"there is no node {bound.then!r}", bound.then, "nodes"
            )


def _switches(context: Context) -> Iterator[Problem]:
    flow = context.flow
    for name, asking in context.nodes(Switch):
        if problem := unknown_switch(flow.switches, asking.switch):
            yield Problem(("nodes", name, "switch"), *problem)
    for name, switch in flow.switches.items():
        for index, hours in enumerate(switch.closes if switch.closes != "all" else ()):
            if hours not in flow.hours:
                path = ("switches", name, "closes", index)
                yield _named(context, path, f"there are no opening hours {hours!r}", hours, "hours")


def _named(
    context: Context, path: Path, message: str, wanted: str, where: str, known: list[str] | None = None
) -> Problem:
    """A problem whose fix is the closest name, if the wrong name is in the file as a text."""
    if known is None:
        flow = context.flow
        known = list(flow.nodes if where == "nodes" else flow.hours if where == "hours" else flow.languages)
    near = nearest(wanted, known)
    if where == "languages":
        near = near or next((tag for tag in known if tag.partition("-")[0] == wanted.partition("-")[0].lower()), "")
    if near:
        here = next((p for p in (path, (*path, "next")) if context.document.scalar(p) == wanted), None)
        return Problem(path, message, f"did you mean {near!r}?", fix=Fix(here, near, safe=False) if here else None)
    if not known:
        return Problem(path, message, f"add it under {where}:")
    shown = ", ".join(known[:SHOWN]) + (", ..." if len(known) > SHOWN else "")
    return Problem(path, message, f"add it under {where}:, or use one of {shown}")


RULE = Rule(
    code="S002",
    name="unknown-target",
    severity="error",
    check=check,
    summary="a target that does not exist",
    what=(
        "A target names no node. Also opening hours that are not under 'hours:', switches that are not under "
        "'switches:', a language that the flow does not speak, and 'return' outside a subflow. The nearest name is "
        "suggested."
    ),
    why="Callers who take this exit are sent to the fallback in the middle of what they were doing.",
    example="choices:\n  - {key: 1, label: billing, next: bilinng}",
    better="choices:\n  - {key: 1, label: billing, next: billing}",
    source="Arithmetic: an edge without an end. Of 23 public Twilio Studio voice flows, 11 contain a dead end",
)
