"""D013 no-amount: a payment of something that is no amount."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.pay import MOST, Pay
from flows.nodes.set import Set
from flows.speech.prompt import placeholders
from flows.values.amounts import amount_of


def check(context: Context) -> Iterator[Problem]:
    """Find payments whose amount cannot be charged, whatever the call brings."""
    written = {value: text for _, node in context.nodes(Set) for value, text in node.values.items()}
    setters = [value for node in context.flow.nodes.values() for value in node.writes()]
    for name, node in context.nodes(Pay):
        text = node.amount
        for value in placeholders(node.amount):
            if setters.count(value) == 1 and value in written:
                text = text.replace(f"{{{value}}}", written[value])
        if placeholders(text):
            continue
        amount = amount_of(text)
        path = ("nodes", name, "amount")
        if amount is None:
            yield Problem(path, f"{text!r} is not an amount, so nothing is charged", "write a number such as 25.00")
        elif amount.minus or not 0 < amount.hundredths <= MOST:
            hint = "write a number above 0 and up to 1,000,000.00"
            yield Problem(path, f"{text!r} cannot be charged, so nothing is", hint)


RULE = Rule(
    code="D013",
    name="no-amount",
    severity="error",
    check=check,
    summary="a payment of what is no amount",
    what=(
        "The amount of a 'pay' node is not a number above zero: it is written out wrongly, or it is a value that a "
        "'set' node sets to something else. Values that are entered or looked up are only known in the call; there, "
        "what is no amount leads to 'failed' and nothing is charged."
    ),
    why="Every caller who comes here hears that the payment failed.",
    example="pay: {type: pay, amount: 25 dollars, currency: USD, next: thanks, otherwise: desk}",
    better="pay: {type: pay, amount: 25.00, currency: USD, next: thanks, otherwise: desk}",
    source="Platform: twilio.com/docs/voice/twiml/pay, chargeAmount (a decimal from 0.00 to 1,000,000.00)",
)
