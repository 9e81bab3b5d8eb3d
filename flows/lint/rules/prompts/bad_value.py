"""P006 bad-value: a value that is not inserted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.source.document import Path
from flows.source.finding import Fix
from flows.speech.placeholders import faults, mended

_REFERENCE = re.compile(r"(?<![\w$])\$[A-Za-z_]\w*", re.ASCII)


def check(context: Context) -> Iterator[Problem]:
    """Check every text into which values are inserted: spoken, texted, sent to other systems, or set."""
    yield from _references(context)
    home = context.flow.languages[0]
    for path, text, spoken in _texts(context):
        for fault, _, meant in faults(text, language=home, spoken=spoken):
            mends = meant and context.text_at(path) == text
            fix = Fix(path, mended(text, home, spoken=spoken), safe=False) if mends else None
            yield Problem(path, fault.message, fault.hint, fix=fix, at=context.document.within(path, fault.offset))


def _references(context: Context) -> Iterator[Problem]:
    """Find names of shared prompts inside a longer text."""
    for text in context.texts:
        found = _REFERENCE.search(text.words) if "$" in text.words else None
        if found and found[0] != text.words.strip():  # a whole one was written as $$name and is literal
            message = f"{found[0]!r} within a text is read out literally: a shared prompt replaces a whole text"
            hint = f"write 'say: {found[0]}' in a node of its own, or the words themselves"
            yield Problem(
                text.path, message, hint, severity="warning", at=context.document.within(text.path, found.start())
            )


def _texts(context: Context) -> Iterator[tuple[Path, str, bool]]:
    labels = [
        ((*context.key_path(("keys",), key), "label"), bound.label)
        for key, bound in context.flow.keys.items()
        if bound.label
    ]
    for path, prompt in (
        *((path, prompt) for prompts in (context.prompts, context.unspoken_prompts) for _, path, prompt in prompts),
        *labels,
    ):
        yield from (
            (context.text_path(path, tag), words, True)
            for tag, words in prompt.text.items()
            if "{" in words or "}" in words
        )
    for name, node in context.flow.nodes.items():
        yield from ((("nodes", name, *path), text, False) for path, text in node.inserts())


RULE = Rule(
    code="P006",
    name="bad-value",
    severity="error",
    check=check,
    summary="a value that is not inserted",
    what=(
        "Braces in a text contain no name, spaces, or a format or currency that does not exist; or an amount is said "
        "without a currency in a language that belongs to no single country. A shared prompt ($name) inside a text is "
        "a warning."
    ),
    why=(
        "What is not understood is read out: callers hear braces, or '12.50 usd' instead of twelve dollars and fifty "
        "cents."
    ),
    example="say: Your balance is {balance:mony}.",
    better="say: Your balance is {balance:money:USD}.",
    options=(
        "Formats are digits, money (with a currency of ISO 4217), date, time, count (with nouns: day/days) and ordinal."
    ),
    source="Arithmetic: formats and currencies compared (ISO 4217, as in Unicode's CLDR)",
)
