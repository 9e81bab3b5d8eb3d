"""M114 key-drift: one label has different keys in different menus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flows.context import Context
from flows.document import Path
from flows.nodes.menu import Type as Menu
from flows.rules.base import Problem, Rule


def check(context: Context) -> Iterator[Problem]:
    """Labels whose key differs from the one they have most often (or first)."""
    uses: dict[str, list[tuple[str, str, Path]]] = {}
    for key, bound in context.flow.keys.items():
        uses.setdefault(_plain(context.label(bound.label)), []).append((key, "every menu", context.written_key(("keys",), key)))
    for name, menu in context.nodes(Menu):
        if name in context.graph.reachable:
            where = f"menu {name!r}"
            for index, choice in enumerate(menu.choices):
                label = _plain(context.label(choice.label))
                uses.setdefault(label, []).append((choice.key, where, ("nodes", name, "choices", index, "key")))
    uses.pop("", None)
    for label, places in uses.items():
        counts = Counter(key for key, _, _ in places)
        if len(counts) < 2:
            continue
        everywhere = next((key for key, where, _ in places if where == "every menu"), None)
        usual = everywhere or max(counts, key=lambda key: counts[key])
        other = next(where for key, where, _ in places if key == usual)
        for key, where, path in places:
            if key != usual:
                message = f"{label!r} is on key {key} in {where}, and on key {usual} in {other}"
                yield Problem(path, message, f"use key {usual} here too, or another label")


def _plain(label: str) -> str:
    return " ".join(label.lower().split()).strip(".,")


RULE = Rule(
    code="M114", name="key-drift", severity="warning", check=check,
    summary="one label, different keys",
    what="The same label stands on different keys in different menus. The key it has most often counts as the usual one.",
    why="Callers who come back press what worked the last time, in another menu, and land elsewhere.",
    example="main: billing on 1; after_hours: billing on 3", better="billing on 1 in both",
    source="Guides: ISO/IEC 13714 as summarised by vendors (consistent keys)",
)  # fmt: skip
