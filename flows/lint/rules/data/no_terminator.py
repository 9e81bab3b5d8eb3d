"""D009 no-terminator: not told how to finish a number."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.leg_time import between_s
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.collect import Collect
from flows.speech.languages import language as language_of

_ALSO = {
    "en": ("hash",),
    "es": ("almohadilla", "gato"),
    "fr": ("dièse", "carré"),
    "de": ("raute",),
    "pt": ("cerquilha", "jogo da velha", "sustenido"),
}
"""Other names for the pound key."""


def check(context: Context) -> Iterator[Problem]:
    """Check the prompts of collect nodes for numbers of several lengths."""
    for name, node in context.nodes(Collect):
        least, most = node.digits
        if least == most:
            continue
        for tag in context.flow.languages:
            text = node.say.words(tag, context.flow.languages[0])
            spoken = language_of(tag)
            names = (
                spoken.key_name(node.finish),
                node.finish,
                *(_ALSO.get(spoken.code, ()) if node.finish == "#" else ()),
            )
            if text and not any(word in text.lower() for word in names):
                waits = f"wait {between_s(node.timeout, node.interdigit):g} s after the last digit"
                message = (
                    f"{node.into!r} has {least} to {most} digits, and callers are not told how to"
                    f" finish{context.in_language(tag)}: they {waits}"
                )
                hint = f"name the key that finishes it ({spoken.key_name(node.finish)!r})"
                yield Problem(("nodes", name, "say"), message, hint, of_key=True)
                break


RULE = Rule(
    code="D009",
    name="no-terminator",
    severity="info",
    check=check,
    summary="not told how to finish a number",
    what=(
        "A number may have several lengths, and in one of the languages the prompt does not name the key that ends it."
    ),
    why="The system cannot know that the number is complete, and waits. Callers wonder whether they were heard.",
    example="ask: {type: collect, say: Enter the amount., into: amount, digits: 1-5, next: pay}",
    better="ask: {type: collect, say: 'Enter the amount, then press pound.', into: amount, digits: 1-5, next: pay}",
    source="Standard: ISO/IEC 13714 as summarised by vendors (# ends an entry)",
)
