"""T003 twiml-too-large: too much is said in one turn."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.lint.turn_totals import totals_before
from flows.nodes.base_dialogue import Dialogue
from flows.nodes.menu import Menu

MOST_BYTES = 64_000
"""Largest document that Twilio accepts (error 11750)."""
_SHORT_CHARACTERS = 100
"""A text this short is not measured but counted as twice as many bytes."""
ADDRESS_BYTES = 13_000
"""Reserved for the addresses in the document."""
_TAGS = len('<Say language="xx-XX"></Say>')


def check(context: Context) -> Iterator[Problem]:
    """Check the most bytes that may be said between two waits."""
    room = MOST_BYTES - ADDRESS_BYTES
    sizes: dict[str, float] = {}
    for name, path, prompt in context.prompts:
        longest = max(map(len, prompt.text.values()), default=0)
        size = 2 * longest if longest <= _SHORT_CHARACTERS else max(map(_bytes, prompt.text.values()))
        if isinstance(context.flow.nodes[name], Dialogue) and path[2] in ("no_input", "no_match"):
            continue  # said in another turn, never together
        sizes[name] = sizes.get(name, 0) + size + _TAGS
    if sum(sizes.values()) <= room:
        return
    gathered = totals_before(context, sizes)
    for name, own in sizes.items():
        if name in context.graph.reachable and gathered[name] <= room < gathered[name] + own:
            kilobytes = (gathered[name] + own) / 1000
            message = (
                f"what is said in one turn up to {name!r} takes {kilobytes:.0f} kB; a response holds {room / 1000:.0f}"
                " kB, so the start is left out"
            )
            what = "prompt" if isinstance(context.flow.nodes[name], Menu) else "say"
            yield Problem(
                ("nodes", name, what), message, "say less, or let callers press a key in between", of_key=True
            )


def _bytes(text: str) -> int:
    from html import escape  # imported for the few texts that must be measured

    return len(escape(text).encode())


RULE = Rule(
    code="T003",
    name="twiml-too-large",
    severity="error",
    check=check,
    summary="too much is said in one turn",
    what=(
        "What is said from one wait for the caller to the next does not fit into one response to the carrier: 64 kB, "
        "some of it for addresses."
    ),
    why="The carrier would reject the response and cut the caller off, so the start of the text is left out instead.",
    example="terms: {type: play, say: (an hour of terms and conditions), next: main}",
    better="terms: {type: play, say: The terms are at northwind dot example., next: main}",
    options=(
        f"{MOST_BYTES:,} bytes less {ADDRESS_BYTES:,} for addresses. A single Say may be longer than the 3,000"
        " characters of the voices: it is cut into several."
    ),
    source="Platform: Twilio error 11750 (64 kB); <Say> (4,096 characters, 3,000 for Polly voices)",
)
