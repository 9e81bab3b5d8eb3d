"""D001 card-digits-in-gather: card numbers in the clear."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.collect import Collect

LEAST_DIGITS = Option("least_digits", 13, "Digits from which an entry may be a card number.")
MOST_DIGITS = Option("most_digits", 19, "Digits up to which it may be one (ISO/IEC 7812-1).")
_NAMES = {"card", "pan", "cvv", "cvc", "cvv2", "cvc2", "csc", "cid", "tarjeta", "carte"}


def check(context: Context) -> Iterator[Problem]:
    """Find collect nodes that look like card data but are not sensitive."""
    least_digits = context.option("D001", LEAST_DIGITS)
    most_digits = context.option("D001", MOST_DIGITS)
    for name, node in context.nodes(Collect):
        if node.sensitive:
            continue
        words = set(re.split(r"[_\d]*_|(?<=[a-z])(?=[A-Z])", node.into)) | {node.into}
        named = sorted({word.lower() for word in words} & _NAMES)
        long = any(least_digits <= digits <= most_digits for digits in node.digits)
        if not named and not long:
            continue
        span = str(node.digits[0]) if node.digits[0] == node.digits[1] else f"{node.digits[0]} to {node.digits[1]}"
        why = f"its name says {' and '.join(named)}" if named else f"{span} digits are the length of a card number"
        message = f"{node.into!r} may be card data ({why}) and is not sensitive: it would be shown and logged"
        place = "into" if named else "digits"
        yield Problem(("nodes", name, place), message, "add 'sensitive: true'")


RULE = Rule(
    code="D001",
    name="card-digits-in-gather",
    severity="error",
    check=check,
    summary="card numbers in the clear",
    what=(
        "A collect node takes 13 to 19 digits, or a value named card, pan, cvv or the like, without 'sensitive: true'."
    ),
    why=(
        "Card numbers in logs and records bring the whole system into the scope of PCI DSS, and a security code must "
        "not be kept at all."
    ),
    example="card: {type: collect, say: Your card number?, into: card, digits: 16, next: pay}",
    better="card: {type: collect, say: Your card number?, into: card, digits: 16, sensitive: true, next: pay}",
    settings=(LEAST_DIGITS, MOST_DIGITS),
    source="PCI DSS 4.0.1, requirements 3.3 and 3.5; ISO/IEC 7812-1 (13 to 19 digits)",
)
