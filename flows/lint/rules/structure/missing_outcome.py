"""S009 missing-outcome: an outcome leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.graph import Hole
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.lookup import Lookup
from flows.nodes.subflow import CALL, RETURNED, Subflow


def check(context: Context) -> Iterator[Problem]:
    """Find nodes with exits, but none for an outcome that can happen; lookups without `failure` are S010."""
    for name, node in context.nodes(Subflow):
        yield from _subflow(context, name, node)
    missing: dict[str, list[Hole]] = {}
    for hole in context.graph.holes:
        if (
            hole.target is None
            and hole.node not in context.dead_ends
            and not isinstance(context.flow.nodes[hole.node], Lookup)
        ):
            missing.setdefault(hole.node, []).append(hole)
    for name, holes in missing.items():
        places = dict.fromkeys(str(hole.path[2]) for hole in holes)
        hint = "add " + " and ".join(
            _written(place, [h.outcome for h in holes if h.path[2] == place]) for place in places
        )
        outcomes = _listed([hole.outcome for hole in holes])
        message = f"{name!r} ({context.flow.nodes[name].type}) does not say where the call goes on {outcomes}"
        yield Problem(("nodes", name), message, hint, of_key=True)


def _subflow(context: Context, name: str, node: Subflow) -> Iterator[Problem]:
    named = {wire.outcome for wire in node.wires()} - {CALL}
    unnamed: dict[str, str] = {}
    for edge, label in context.graph.returns.get(name, ()):
        if (label not in named or label == RETURNED) and node.on.get(RETURNED, node.then) is None:
            unnamed.setdefault(label, edge.source)
    for label, source in unnamed.items():
        said = "return" if label == RETURNED else f"return {label}"
        hint = "add 'next: NODE'" if label == RETURNED else f"add 'on: {{{label}: NODE}}', or a 'next' for every return"
        message = f"{source!r} comes back with '{said}', and {name!r} (subflow) does not say where the call goes then"
        yield Problem(("nodes", name), message, hint, of_key=True)


def _written(place: str, outcomes: list[str]) -> str:
    if place == "on":
        return f"'on: {{{', '.join(f'{outcome}: NODE' for outcome in outcomes)}}}'"
    return f"'{place}: NODE'"


def _listed(words: list[str]) -> str:
    quoted = [repr(word) for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


RULE = Rule(
    code="S009",
    name="missing-outcome",
    severity="error",
    check=check,
    summary="an outcome leads nowhere",
    what=(
        "A node says where some outcomes lead, but not all that can happen: hours without 'closed', a queue with a "
        "maximum wait and no 'timeout', a dialled number without 'busy', a split without 'otherwise', a return that "
        "the subflow does not expect."
    ),
    why="It works in every trial call, and fails on the first evening, the first busy line or the first unusual value.",
    example="open: {type: hours, hours: office, on: {open: main}}",
    better="open: {type: hours, hours: office, on: {open: main, closed: after_hours}}",
    source="Arithmetic: every outcome that a node type states needs an exit",
)
