"""D022 charged-again: after a payment the call comes back to it by itself."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.pay import Pay


def check(context: Context) -> Iterator[Problem]:
    """Find payments that a call meets again without a choice of the caller."""
    for name, node in context.nodes(Pay):
        for wire in node.wires():
            to = wire.target
            if not to or to not in context.flow.nodes or wire.outcome not in ("paid", "failed"):
                continue
            if to == name or to in context.reaching_without_input([name]):
                paid = wire.outcome == "paid"
                what = "callers who have paid" if paid else "callers whose payment failed"
                then = "are asked for their card again" if paid else "are asked for it again, as often as it fails"
                hint = "lead on to a menu, a question or a goodbye" if paid else "lead them to a person or a goodbye"
                yield Problem(("nodes", name, *wire.path), f"{what} {then}, by 'pay' node {name!r}", hint)


RULE = Rule(
    code="D022",
    name="charged-again",
    severity="error",
    check=check,
    summary="a payment leads back to itself",
    what="After a payment, or one that failed, the call comes back to the same 'pay' node without asking the caller.",
    why="A caller who has paid believes that it did not work and pays twice; a broken service keeps them in a circle.",
    example='bill: {type: pay, amount: "{due}", next: bill, otherwise: desk}',
    better='bill: {type: pay, amount: "{due}", next: thanks, otherwise: desk}',
    source="Our own: paths without a choice",
)
