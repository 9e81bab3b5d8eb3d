"""D015 failed-payment-untold: callers do not hear that they have not paid."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base import Here
from flows.nodes.pay import Pay
from flows.protocol.actions import HangUp, Say

_IN_WORDS = {
    "declined": "whose card was declined",
    "not_entered": "who entered no card",
    "cancelled": "who stopped",
    "failed": "whose payment failed",
}


def check(context: Context) -> Iterator[Problem]:
    """Find payments after which those who have not paid hear nothing, or the same as those who have."""
    flow = context.flow
    for name, node in context.nodes(Pay):
        wires = node.wires()
        paid = wires[0].target
        for wire in wires[1:]:
            target = flow.nodes.get(wire.target or "")
            if target is None:
                continue
            path = ("nodes", name, *wire.path)
            who = f"callers {_IN_WORDS[wire.outcome]}"
            if wire.target == paid:
                hint = f"lead {wire.outcome!r} to a node of its own that says it"
                yield Problem(path, f"{who} hear the same as those who have paid, at {paid!r}", hint)
                continue
            actions = target.enter(Here(flow, wire.target or "", flow.languages[0], values=None))
            if actions and isinstance(actions[-1], HangUp) and not any(isinstance(action, Say) for action in actions):
                hint = "say there what happened, and that nothing was charged"
                yield Problem(path, f"{who} are cut off at {wire.target!r} without a word", hint)


RULE = Rule(
    code="D015",
    name="failed-payment-untold",
    severity="warning",
    check=check,
    summary="who has not paid does not hear it",
    what=(
        "An exit of a 'pay' node other than 'paid' leads to the same node as 'paid', or to the end of the call without "
        "a word."
    ),
    why="Callers believe that they have paid, or pay twice because they cannot know.",
    example="pay: {type: pay, amount: 25.00, currency: USD, next: thanks, otherwise: thanks}",
    better=(
        "pay: {type: pay, amount: 25.00, currency: USD, next: thanks, on: {declined: other_card}, otherwise: desk}\n"
        "other_card: {type: hangup, say: Your bank declined the card. Nothing was charged.}"
    ),
    source="Guide: twilio.com/docs/voice/tutorials/how-capture-your-first-payment-using-pay (say how it ended)",
)
