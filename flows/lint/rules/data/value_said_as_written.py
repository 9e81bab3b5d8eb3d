"""D018 value-said-as-written: a date, a time or an amount is said as it is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.collect import Collect
from flows.source.finding import Fix

_FORMATS = {"date": "date", "time": "time", "money": "money", "phone": "digits", "pattern": "digits"}
_BARE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def check(context: Context) -> Iterator[Problem]:
    """Find texts that insert a typed entry without its format."""
    formats = {node.into: _FORMATS[node.kind] for _, node in context.nodes(Collect) if node.kind in _FORMATS}
    formats = {name: form for name, form in formats.items() if name not in context.flow.secrets}
    if not formats:
        return
    for text in context.texts:
        bare = next((name for name in _BARE.findall(text.words) if name in formats), None)
        if bare:
            fixed = _BARE.sub(lambda m: f"{{{m[1]}:{formats[m[1]]}}}" if m[1] in formats else m[0], text.words)
            message = f"{{{bare}}} is said as it is stored{context.in_language(text.language)}"
            hint = f"write {{{bare}:{formats[bare]}}}"
            yield Problem(text.path, message, hint, fix=Fix(text.path, fixed, safe=False))


RULE = Rule(
    code="D018",
    name="value-said-as-written",
    severity="warning",
    check=check,
    summary="a date or amount without its format",
    what="A text inserts a value that was entered as a date, a time, an amount or by a pattern, without its format.",
    why="Callers hear 'two thousand twenty-six dash zero five' in place of a day.",
    example="ask: {type: collect, as: date, say: Which day?, into: day, next: told}  # told: You come on {day}.",
    better="ask: {type: collect, as: date, say: Which day?, into: day, next: told}  # told: You come on {day:date}.",
    source="Our own: typed entries are stored in one form for other systems, not for ears",
)
