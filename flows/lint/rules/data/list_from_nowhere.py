"""D019 list-from-nowhere: a list that no lookup returns, or a field that it does not keep."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.list import List
from flows.nodes.lookup import Lookup
from flows.source.document import nearest


def check(context: Context) -> Iterator[Problem]:
    """Find list nodes whose list comes from nowhere, and fields that their items do not have."""
    kept: dict[str, set[str]] = {}
    for _, lookup in context.nodes(Lookup):
        for name, of in lookup.lists.items():
            kept.setdefault(name, set()).update(of.fields or {"item"})
    for name, node in context.nodes(List):
        if node.items not in kept:
            near = nearest(node.items, list(kept))
            hint = f"did you mean {near}?" if near else f"add 'lists: {{{node.items}: ...}}' to the lookup before"
            yield Problem(("nodes", name, "items"), f"no lookup returns the list {node.items!r}", hint)
            continue
        for field in node.local_values():
            if field not in kept[node.items]:
                fields = ", ".join(sorted(kept[node.items]))
                place = "into" if field in node.into.values() else "item"
                message = f"the items of {node.items!r} have no field {field!r}"
                yield Problem(("nodes", name, place), message, f"its fields are {fields}; keep it in the lookup too")


RULE = Rule(
    code="D019",
    name="list-from-nowhere",
    severity="error",
    check=check,
    summary="a list or a field that is not there",
    what="A 'list' node reads a list that no lookup returns, or a field that the lookup does not keep of its items.",
    why="Every caller hears that there is nothing, or a gap where the item should be.",
    example=(
        "find: {type: lookup, ..., lists: {claims: {from: claims, fields: {day: opened}}}}\n"
        "choose: {type: list, items: claims, item: 'claim {number}', next: tell, empty: desk}"
    ),
    better=(
        "find: {type: lookup, ..., lists: {claims: {from: claims, fields: {day: opened, number: id}}}}\n"
        "choose: {type: list, items: claims, item: 'claim {number}', next: tell, empty: desk}"
    ),
    source="Our own: what is not kept cannot be said",
)
