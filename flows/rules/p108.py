"""P108 number-read-wrong: digits that a voice reads as one large number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.context import Context
from flows.errors import Fix
from flows.nodes.collect import Type as Collect
from flows.rules.base import Problem, Rule

MOST_DIGITS = 4
"""Digits in a row that are still said as one number, or as a year."""
LEAST_ENTERED = 4
"""Digits at least that make an entry an identifier, and not an amount."""
_RUN = re.compile(rf"(?<![\w.,/-])\d{{{MOST_DIGITS + 1},}}(?![\w/]|[.,-]\d)")
_BARE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_TELEPHONES = ("ani", "dnis")


def check(context: Context) -> Iterator[Problem]:
    """Texts with long runs of digits, or with entered numbers inserted without a format; SSML is left to its author."""
    entered = {node.into for _, node in context.nodes(Collect) if node.digits[0] >= LEAST_ENTERED}
    numbers = (entered | set(_TELEPHONES)) - context.flow.secrets
    for text in context.texts:
        if text.words.lstrip().startswith("<speak"):
            continue
        run = _RUN.search(text.words)
        if run:
            message = f"{run[0]!r} is read as one large number{context.in_language(text.language)}"
            mended = _RUN.sub(lambda match: " ".join(match[0]), text.words)
            hint = f"write it as it is said: {' '.join(run[0])!r}, or in groups"
            yield Problem(text.path, message, hint, fix=Fix(text.path, mended, safe=False))
        bare = next((name for name in _BARE.findall(text.words) if name in numbers), None) if "{" in text.words else None
        if bare:
            message = f"{{{bare}}} is read as one large number{context.in_language(text.language)}"
            mended = _BARE.sub(lambda match: f"{{{match[1]}:digits}}" if match[1] in numbers else match[0], text.words)
            yield Problem(text.path, message, f"write {{{bare}:digits}}", fix=Fix(text.path, mended, safe=False))


RULE = Rule(
    code="P108", name="number-read-wrong", severity="info", check=check,
    summary="digits read as a large number",
    what="A text holds five digits or more in a row, or inserts a telephone number or an entry of at least four digits "
    "without a format. Entries that may be shorter are taken for amounts.",
    why="'Eighteen billion five million five hundred fifty-five thousand' is no telephone number to anybody.",
    example="say: Your case is {case}. Or call 8005550100.", better="say: Your case is {case:digits}. Or call 800 555 01 00.",
    options=f"More than {MOST_DIGITS} digits in a row; entries of {LEAST_ENTERED} digits or more.",
    source="Platform: voices read digits as a cardinal number (W3C, SSML 1.0 say-as attribute values, 2005)",
)  # fmt: skip
