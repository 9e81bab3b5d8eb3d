"""S006 silent-loop: silence goes round in circles."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import Dialogue


def check(context: Context) -> Iterator[Problem]:
    """Find cycles that depend neither on the caller nor on an external system."""
    graph = context.graph
    caught = [set(t.nodes) for t in graph.traps if not all(e.silent for n in t.nodes for e in graph.edges[n])]
    unsure = {hole.node for hole in graph.holes if not isinstance(context.flow.nodes[hole.node], Dialogue)}
    for cycle in graph.silent_cycles:
        if any(set(cycle) <= nodes for nodes in caught) or set(cycle) & unsure:
            continue
        first = min(cycle, key=graph.steps.__getitem__)
        round_ = f"goes in circles through {', '.join(cycle)}" if len(cycle) > 1 else f"keeps returning to {first!r}"
        listens = next((e for n in cycle for e in graph.edges[n] if e.needs == "silence" and e.target in cycle), None)
        if listens:
            hint = f"lead 'otherwise' of {listens.source!r} out, ideally to a person"
            yield Problem(listens.path, f"a caller who stays silent {round_} for ever", hint)
        else:
            yield Problem(
                ("nodes", first), f"the call {round_} for ever, by itself", "lead one of them out", of_key=True
            )


RULE = Rule(
    code="S006",
    name="silent-loop",
    severity="error",
    check=check,
    summary="silence goes round in circles",
    what=(
        "A cycle of exits that are taken without the caller: 'next' after a message or a set node, 'otherwise' after "
        "the last attempt, branches on a value that the cycle does not change."
    ),
    why=(
        "A caller with a rotary phone, a dropped handset or a robot holds the line for ever; the interpreter stops "
        "after 100 steps."
    ),
    example="main:\n  type: menu\n  choices: [{key: 1, label: sales, next: sales}]\n  otherwise: repeat",
    better="main:\n  type: menu\n  choices: [{key: 1, label: sales, next: sales}]\n  otherwise: operator",
    source="Arithmetic: a cycle of automatic edges. GetHuman standard: silence leads to a person",
)
