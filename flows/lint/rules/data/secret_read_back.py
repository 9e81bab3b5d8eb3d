"""D003 secret-read-back: a short secret is said aloud."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.collect import Collect
from flows.speech.prompt import placeholders

SHORT_DIGITS = Option(
    "short_digits", 8, "Digits up to which a secret is short: the two that are said leave too few to guess."
)


def check(context: Context) -> Iterator[Problem]:
    """Find short sensitive values that are confirmed, or inserted into a text that is spoken or sent."""
    short_digits = context.option("D003", SHORT_DIGITS)
    short = {
        node.into: node.digits[1]
        for _, node in context.nodes(Collect)
        if node.sensitive and node.digits[1] <= short_digits
    }
    for name, node in context.nodes(Collect):
        if node.confirm and node.sensitive and node.digits[1] <= short_digits:
            message = f"the last two of at most {node.digits[1]} digits of {node.into!r} are said aloud to confirm them"
            yield Problem(
                ("nodes", name, "confirm"),
                message,
                "remove 'confirm': callers who mistype a secret are asked again when it fails",
            )
    if not short:
        return
    for _, path, prompt in (*context.prompts, *context.unspoken_prompts):
        inserted = {value for text in prompt.text.values() if "{" in text for value in placeholders(text)}
        for value in sorted(inserted & set(short)):
            message = f"the last two of at most {short[value]} digits of the secret {value!r} are revealed here"
            yield Problem(path, message, "leave it out")


RULE = Rule(
    code="D003",
    name="secret-read-back",
    severity="warning",
    check=check,
    summary="a short secret is said aloud",
    what=(
        "A sensitive value of few digits, such as a PIN, is read back, said or sent. Only its last two digits ever "
        "are: good practice for a card number, but half of a PIN."
    ),
    why="People near the caller, and anyone who listens to a recording, hear half of the PIN.",
    example="ask: {type: collect, say: Your PIN?, into: pin, digits: 4, sensitive: true, confirm: true, next: check}",
    better="ask: {type: collect, say: Your PIN?, into: pin, digits: 4, sensitive: true, next: check}",
    settings=(SHORT_DIGITS,),
    source="Arithmetic: two of four digits leave 100 PINs of 10,000. PCI DSS 4.0.1, requirement 3.4 (masking)",
)
