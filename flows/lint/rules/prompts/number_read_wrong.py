"""P108 number-read-wrong: digits read as a large number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.collect import Collect
from flows.source.finding import Fix

MOST_DIGITS = Option("most_digits", 4, "Digits in a row that may still be read as one number, or as a year.")
LEAST_ENTERED = Option("least_entered", 4, "Entries that may have fewer digits than this count as amounts.")
_BARE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_TELEPHONES = ("ani", "dnis")


def check(context: Context) -> Iterator[Problem]:
    """Find texts with long runs of digits or with unformatted entered numbers; SSML is not checked."""
    runs = _run(int(context.option("P108", MOST_DIGITS)))
    least_entered = context.option("P108", LEAST_ENTERED)
    entered = {node.into for _, node in context.nodes(Collect) if not node.kind and node.digits[0] >= least_entered}
    numbers = (entered | set(_TELEPHONES)) - context.flow.secrets
    for text in context.texts:
        if text.words.lstrip().startswith("<speak"):
            continue
        run = runs.search(text.words)
        if run:
            message = f"{run[0]!r} is read as one large number{context.in_language(text.language)}"
            fixed = runs.sub(lambda match: " ".join(match[0]), text.words)
            hint = f"write it as it is said: {' '.join(run[0])!r}, or in groups"
            yield Problem(text.path, message, hint, fix=Fix(text.path, fixed, safe=False))
        bare = (
            next((name for name in _BARE.findall(text.words) if name in numbers), None) if "{" in text.words else None
        )
        if bare:
            message = f"{{{bare}}} is read as one large number{context.in_language(text.language)}"
            fixed = _BARE.sub(lambda match: f"{{{match[1]}:digits}}" if match[1] in numbers else match[0], text.words)
            yield Problem(text.path, message, f"write {{{bare}:digits}}", fix=Fix(text.path, fixed, safe=False))


@cache
def _run(most_digits: int) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,/-])\d{{{most_digits + 1},}}(?![\w/]|[.,-]\d)")


RULE = Rule(
    code="P108",
    name="number-read-wrong",
    severity="info",
    check=check,
    summary="digits read as a large number",
    what=(
        "A text contains five digits or more in a row, or inserts a telephone number or an entry of at least four "
        "digits without a format. Entries that may be shorter are taken for amounts."
    ),
    why="Nobody recognises 'eight billion five million five hundred fifty thousand one hundred' as a phone number.",
    example="say: Your case is {case}. Or call 8005550100.",
    better="say: Your case is {case:digits}. Or call 800 555 01 00.",
    settings=(MOST_DIGITS, LEAST_ENTERED),
    source="Platform: voices read digits as a cardinal number (W3C, SSML 1.0 say-as attribute values, 2005)",
)
