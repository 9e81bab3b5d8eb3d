"""D020 value-from-nowhere: a condition, a priority or what agents are told rests on a value that nothing sets."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu
from flows.nodes.queue import Queue
from flows.nodes.split import Split
from flows.source.document import nearest

_ALWAYS = ("ani", "dnis", "language")


def check(context: Context) -> Iterator[Problem]:
    """Find values that are asked for, but set by no node and not brought by the call (which a split says)."""
    known = {value for node in context.flow.nodes.values() for value in node.writes()}
    known |= {split.value for _, split in context.nodes(Split) if split.value}
    known |= set(_ALWAYS)
    for name, place, value, then in _asked(context):
        if value in known:
            continue
        near = nearest(value, sorted(known))
        hint = f"did you mean {near}?" if near else f"set it before, e.g. with a collect 'into: {value}' or a lookup"
        yield Problem(("nodes", name, *place), f"no node sets {value!r}, so {then}", hint)


def _asked(context: Context) -> Iterator[tuple[str, tuple[str | int, ...], str, str]]:
    for name, menu in context.nodes(Menu):
        for at, choice in enumerate(menu.choices):
            for one in choice.when:
                always = "is always offered" if one.fits("") else "is never offered"
                yield name, ("choices", at, "when"), one.value, f"this choice {always}"
    for name, queue in context.nodes(Queue):
        if queue.priority:
            yield name, ("priority", "value"), queue.priority.value, "every caller has the same priority"
        for at, value in enumerate(queue.tell or ()):
            yield name, ("tell", at), value, "agents are never told"


RULE = Rule(
    code="D020",
    name="value-from-nowhere",
    severity="warning",
    check=check,
    summary="a value that nothing sets decides",
    what=(
        "The condition of a choice, the priority in a queue or what its agents are told names a value that no node "
        "sets. A value that the call brings is known if a split names it."
    ),
    why="The choice is offered to nobody (or to everybody), and nobody notices: the call itself goes on.",
    example="queue: {type: queue, queue: desk, tell: [acount], ...}",
    better="queue: {type: queue, queue: desk, tell: [account], ...}",
    source="Our own: names compared",
)
