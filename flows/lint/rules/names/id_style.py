"""N001 id-style: names in different styles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule

_STYLES = {
    "snake_case": re.compile(r"[^\W_A-Z]+(_[^\W_A-Z]+)+"),
    "kebab-case": re.compile(r"[^\W_A-Z]+(-[^\W_A-Z]+)+"),
    "camelCase": re.compile(r"[^\W_A-Z]+([A-Z][^\W_A-Z]*)+"),
    "PascalCase": re.compile(r"([A-Z][^\W_A-Z]*)+"),
    "UPPER_CASE": re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)+"),
}
_ONE_WORD = re.compile(r"[^\W_A-Z]+")


def check(context: Context) -> Iterator[Problem]:
    """Find names that are not in the majority style; single lower-case words fit every style."""
    called = {
        name: name.rpartition("/")[2] for name in context.flow.nodes
    }  # a part's node has the part's name before it
    styles = {name: _style(short) for name, short in called.items() if not _ONE_WORD.fullmatch(short)}
    counts = Counter(style for style in styles.values() if style)
    usual = counts.most_common(1)[0][0] if counts else "snake_case"
    for name, style in styles.items():
        if style != usual:
            short = called[name]
            message = (
                f"node {short!r} is written in {style}, most others in {usual}"
                if style
                else f"node {short!r} is written in no usual style"
            )
            better = _in_snake_case(short) if usual == "snake_case" else ""
            hint = (
                f"call it {better!r}" if better and better not in context.flow.nodes else f"write all names in {usual}"
            )
            yield Problem(("nodes", name), message, hint, of_key=True)


def _style(name: str) -> str:
    return next((style for style, pattern in _STYLES.items() if pattern.fullmatch(name)), "")


def _in_snake_case(name: str) -> str:
    return re.sub(r"[\W_]+", "_", re.sub(r"(?<=[^\W_A-Z])(?=[A-Z])", "_", name)).strip("_").lower()


RULE = Rule(
    code="N001",
    name="id-style",
    severity="info",
    check=check,
    summary="names in different styles",
    what="The names of nodes are not all written in one style, such as sales_queue, sales-queue or salesQueue.",
    why="Anyone who refers to a node has to remember how it is spelt, and call records are harder to read.",
    example="nodes:\n  sales_menu: {type: play, say: Sales., next: salesQueue}\n  salesQueue: {type: hangup}",
    better="nodes:\n  sales_menu: {type: play, say: Sales., next: sales_queue}\n  sales_queue: {type: hangup}",
    options="The style of most names counts as the usual one.",
    source="Guide: one style a file, as in every programming language's style guide",
)
