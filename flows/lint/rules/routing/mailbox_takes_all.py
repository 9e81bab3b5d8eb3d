"""R020 mailbox-takes-all: the first mailbox answers for everybody."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.dial import Dial


def check(context: Context) -> Iterator[Problem]:
    """Find several numbers that are dialled without asking whoever picks up."""
    for name, node in context.nodes(Dial):
        telephones = [number for _, number in node.numbers() if number.startswith("+")]
        if len(node.to) > 1 and telephones and node.accept is None:
            how = "in turn" if node.strategy == "in_turn" else "together"
            message = (
                f"{name!r} rings {len(node.to)} parties {how}, and a mailbox at {telephones[0]} counts as an answer:"
                " the others never get the call"
            )
            yield Problem(("nodes", name, "to"), message, "add 'accept: true': whoever picks up presses 1", of_key=True)


RULE = Rule(
    code="R020",
    name="mailbox-takes-all",
    severity="warning",
    check=check,
    summary="the first mailbox answers for all",
    what="A dial node rings several parties, a telephone number among them, and does not ask them to accept the call.",
    why=(
        "A mobile that is switched off answers at once, with its mailbox. The caller talks to a machine, and"
        " nobody rings any more who would have picked up."
    ),
    example='sales: {type: dial, to: ["+14155550100", "+14155550101"], otherwise: desk}',
    better='sales: {type: dial, to: ["+14155550100", "+14155550101"], accept: true, otherwise: desk}',
    source="Platform: Twilio <Number> connects the first party that picks up; its url attribute screens calls",
)
