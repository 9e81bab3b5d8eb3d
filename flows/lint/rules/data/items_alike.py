"""D023 items-alike: every item of a list is said in the same words."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.list import List
from flows.speech.prompt import placeholders


def check(context: Context) -> Iterator[Problem]:
    """Find lists whose item inserts none of its fields."""
    for name, node in context.nodes(List):
        for tag, text in node.item.text.items():
            if not placeholders(text):
                message = f"every item is said as {text!r}: callers cannot tell them apart"
                hint = "insert a field of the item, such as {number}, in every language"
                yield Problem(context.text_path(("nodes", name, "item"), tag), message, hint)
                break


RULE = Rule(
    code="D023",
    name="items-alike",
    severity="error",
    check=check,
    summary="items that sound alike",
    what="The words for an item of a list insert none of its fields, so all items sound the same.",
    why="Callers choose blindly.",
    example="choose: {type: list, items: claims, item: a claim, next: tell, empty: desk}",
    better="choose: {type: list, items: claims, item: 'the claim of {day:date}', next: tell, empty: desk}",
    source="Our own: what is not said cannot be chosen",
)
