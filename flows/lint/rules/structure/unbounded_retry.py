"""S007 unbounded-retry: retried without a limit."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.graph import Edge
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.lint.rules.data.unlimited_pin_tries import guessed
from flows.nodes.callback import Callback
from flows.nodes.collect import Collect
from flows.nodes.dial import Dial
from flows.nodes.lookup import Lookup
from flows.nodes.message import Message

SHOWN = 5
"""How many node names of a loop are shown."""
_TRIED = Lookup | Dial | Message | Callback
_WELL = ("answered", "booked", "sent")


def check(context: Context) -> Iterator[Problem]:
    """Find loops of entries and failures without a counter; silent loops are S006, loops without an exit S005."""
    nodes, graph = context.flow.nodes, context.graph
    tries = [name for name, node in nodes.items() if isinstance(node, Collect | _TRIED)]
    if not tries:
        return

    def again(edge: Edge) -> bool:
        node = nodes[edge.source]
        if isinstance(node, Collect) and edge.outcome in ("collected", "confirmed"):
            return True
        if isinstance(node, Callback):
            return edge.silent or edge.outcome == "failed"
        return edge.silent or (isinstance(node, _TRIED) and edge.outcome not in _WELL)

    trapped = {name for trap in graph.traps for name in trap.nodes}
    silent = {name for cycle in graph.silent_cycles for name in cycle}
    secret = {name for names in guessed(context) for name in names}
    for cycle in graph.uncounted_cycles(again):
        tried = [name for name in tries if name in cycle]
        if any(context.flow.shared_attempts(name) for name in cycle):
            continue
        if not tried or trapped & set(cycle) or silent >= set(cycle) or secret & set(cycle):
            continue
        if len(cycle) == 1:
            message = f"{tried[0]!r} is retried as long as it fails; nothing limits the rounds"
        else:
            names = ", ".join(cycle[:SHOWN]) + (f" and {len(cycle) - SHOWN} more" if len(cycle) > SHOWN else "")
            message = f"the call goes round through {names} as long as it fails; nothing limits the rounds"
        hint = "lead the failure to a person, or 'set' a value in the round and 'split' on it"
        yield Problem(("nodes", tried[0]), message, hint, of_key=True)


RULE = Rule(
    code="S007",
    name="unbounded-retry",
    severity="warning",
    check=check,
    summary="retried without a limit",
    what=(
        "Something that fails (a lookup, a dialled number, a text message, an entry that is not found) leads back to "
        "itself, and no 'split' on a value set in the loop ends it. 'attempts' limits silence and wrong keys, but not "
        "what callers enter or what other systems answer. Loops that ask for a secret are reported by D007."
    ),
    why=(
        "Callers with a wrong number in hand, or on a day when the remote system is down, are asked the same question "
        "for ever and never reach a person."
    ),
    example=(
        "ask: {type: collect, into: case, digits: 6, next: find, ...}\n"
        "find: {type: lookup, on: {found: tell, not_found: ask}, failure: ask, ...}"
    ),
    better=(
        "ask: {type: collect, into: case, digits: 6, next: find, otherwise: desk}\n"
        "find: {type: lookup, on: {found: tell, not_found: once}, failure: desk}\n"
        'once: {type: split, value: asked, cases: {"yes": desk}, otherwise: mark}\n'
        'mark: {type: set, values: {asked: "yes"}, next: ask}'
    ),
    source=(
        "Guides: Plum Voice (3 tries); Ireland's public-service guide (a person after two). Arithmetic: a cycle "
        "without a counter"
    ),
)
