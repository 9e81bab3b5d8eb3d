"""D014 unknown-currency: an amount without a currency."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.pay import Pay
from flows.speech import currencies
from flows.speech.values import home_currency


def check(context: Context) -> Iterator[Problem]:
    """Find payments in a currency that does not exist, or in none."""
    home = context.flow.languages[0]
    for name, node in context.nodes(Pay):
        path = ("nodes", name, "currency")
        if not node.currency:
            if not home_currency(home):
                message = f"no currency is stated, and {home} names no country"
                yield Problem(("nodes", name, "amount"), message, "add 'currency: USD', or the one you are paid in")
        elif node.currency not in currencies.codes():
            hint = f"write the three capital letters of ISO 4217, like {home_currency(home) or 'USD'}"
            yield Problem(path, f"there is no currency {node.currency!r}", hint)


RULE = Rule(
    code="D014",
    name="unknown-currency",
    severity="error",
    check=check,
    summary="a payment without a currency",
    what=(
        "A 'pay' node names a currency that is not legal tender anywhere, or none where the flow's first language has "
        "no country whose currency could be meant."
    ),
    why="The payment service refuses the charge, or takes it for the currency of its own account.",
    example="pay: {type: pay, amount: 25.00, currency: US$, next: thanks, otherwise: desk}",
    better="pay: {type: pay, amount: 25.00, currency: USD, next: thanks, otherwise: desk}",
    source="Standard: ISO 4217; Unicode CLDR, territory currencies",
)
