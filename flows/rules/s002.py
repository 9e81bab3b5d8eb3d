"""S002 unknown-target: something is named that stands nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.document import nearest
from flows.nodes.hours import Type as Hours
from flows.nodes.language import Type as Language
from flows.rules.base import Problem, Rule
from flows.scalars import TARGET_WORDS


def check(context: Context) -> Iterator[Problem]:
    """Targets, opening hours and languages that are named and do not exist."""
    flow = context.flow
    seen = set()
    for hole in context.graph.holes:
        if hole.target is None or (hole.path, hole.target) in seen:
            continue
        seen.add((hole.path, hole.target))
        path = context.written_key(("keys",), hole.path[1]) if hole.path[0] == "keys" else hole.path  # type: ignore[arg-type]
        if hole.target.partition(" ")[0] == "return":
            message = f"{hole.target!r} goes back to a subflow, and no subflow leads to {hole.node!r}"
            yield Problem(path, message, "name a node, or call this part with 'type: subflow'", hole.node)
        else:
            own = hole.node.rpartition("/")[0] + "/" if "/" in hole.node else ""  # a part knows its own nodes, by their short names
            wanted = hole.target.removeprefix(own)
            known = [name.removeprefix(own) for name in flow.nodes if name.startswith(own) and "/" not in name.removeprefix(own)]
            yield Problem(path, f"there is no node {wanted!r}", _hint(wanted, known, "nodes"))
    yield from _named_once(context)
    if flow.fallback is not None and flow.fallback not in flow.nodes:
        hint = _hint(flow.fallback, list(flow.nodes), "nodes")
        yield Problem(("fallback",), f"there is no node {flow.fallback!r}", hint)


def _named_once(context: Context) -> Iterator[Problem]:
    flow = context.flow
    for name, node in context.nodes(Hours):
        if node.hours not in flow.hours:
            hint = _hint(node.hours, list(flow.hours), "hours")
            yield Problem(("nodes", name, "hours"), f"there are no opening hours {node.hours!r}", hint)
    for name, choice in context.nodes(Language):
        for index, option in enumerate(choice.choices):
            if option.language not in flow.languages:
                message = f"the flow does not speak {option.language!r}"
                hint = _hint(option.language, list(flow.languages), "languages")
                yield Problem(("nodes", name, "choices", index, "language"), message, hint)
    listens = any(node.keeps_place for node in flow.nodes.values())
    for key, bound in flow.keys.items():
        if not listens and bound.then not in flow.nodes and bound.then not in TARGET_WORDS:
            hint = _hint(bound.then, list(flow.nodes), "nodes")
            yield Problem(context.written_key(("keys",), key), f"there is no node {bound.then!r}", hint)


def _hint(wanted: str, known: list[str], where: str) -> str:
    near = nearest(wanted, known)
    if where == "languages":
        near = near or next((tag for tag in known if tag.partition("-")[0] == wanted.partition("-")[0].lower()), "")
    if near:
        return f"did you mean {near!r}?"
    if not known:
        return f"add it under {where}:"
    shown = ", ".join(known[:6]) + (", ..." if len(known) > 6 else "")
    return f"add it under {where}:, or use one of {shown}"


RULE = Rule(
    code="S002", name="unknown-target", severity="error", check=check,
    summary="a target that stands nowhere",
    what="A target names no node. Likewise opening hours that are not under 'hours:', a language the flow does not "
    "speak, and 'return' where no subflow is under way. The nearest name is suggested.",
    why="A caller who takes this exit is thrown to the fallback in the middle of what he was doing.",
    example="choices:\n  - {key: 1, label: billing, next: bilinng}",
    better="choices:\n  - {key: 1, label: billing, next: billing}",
    source="Arithmetic: an edge without an end. Of 23 public Twilio Studio voice flows 11 contain a dead end",
)  # fmt: skip
