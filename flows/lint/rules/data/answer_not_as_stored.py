"""D021 answer-not-as-stored: a case is written as callers enter an answer, not as it is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.collect import Collect
from flows.nodes.split import Split

_STORED = {
    "date": (r"\d{4}-\d\d-\d\d|--\d\d-\d\d|\d\d-\d\d", "2026-05-23"),
    "time": (r"\d\d:\d\d", "15:30"),
    "money": (r"\d+\.\d\d", "12.50"),
    "yes_no": (r"yes|no", "yes", "no"),
    "phone": (r"\+\d+", "+14155550100"),
}
"""How each type of entry is stored, as a pattern and an example."""


def check(context: Context) -> Iterator[Problem]:
    """Find cases that no stored answer can match."""
    types: dict[str, set[str]] = {}
    for _, node in context.nodes(Collect):
        types.setdefault(node.into, set()).add(node.kind or "")
    for name, split in context.nodes(Split):
        kinds = types.get(split.value or "", set())
        if len(kinds) != 1 or (kind := next(iter(kinds))) not in _STORED:
            continue
        pattern, *examples = _STORED[kind]
        example = " or ".join(map(repr, examples))
        for case in split.cases:
            if not case.endswith("*") and not re.fullmatch(pattern, case):
                message = f"{case!r} can never match: an answer of type {kind} is stored as {example}"
                yield Problem(("nodes", name, "cases", case), message, f"write {example}, in quotes", of_key=True)


RULE = Rule(
    code="D021",
    name="answer-not-as-stored",
    severity="error",
    check=check,
    summary="a case not written as it is stored",
    what=(
        "A split on a typed entry has a case that no answer can match: entries are stored in one form, however they "
        "are entered. The finding shows the form of the type."
    ),
    why="The branch is never taken; every caller goes the other way.",
    example='late: {type: split, value: ordered_today, cases: {"1": orders, "2": desk}, otherwise: desk}',
    better='late: {type: split, value: ordered_today, cases: {"yes": orders, "no": desk}, otherwise: desk}',
    source="Our own: the stored forms of entries",
)
