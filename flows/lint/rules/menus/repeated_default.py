"""M128 repeated-default: several menus say the same thing of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import Dialogue

LEAST = Option("menus", 4, "Menus that say the same from which one default is suggested.")
SHOWN = 6
_KEYS = ("attempts", "timeout", "interdigit", "no_input", "no_match", "otherwise")


def check(context: Context) -> Iterator[Problem]:
    """Find keys with one value in several menus of the flow's own file; reported once for all keys."""
    least = context.option("M128", LEAST)
    data = context.document.data
    usual = data.get("menu") if isinstance(data.get("menu"), dict) else {}
    repeated: dict[str, list[str]] = {}
    for key in _KEYS:
        by_value: dict[str, list[str]] = {}
        for name, node in context.flow.nodes.items():
            if isinstance(node, Dialogue) and node.takes_defaults and "/" not in name and context.is_written(name, key):
                by_value.setdefault(json.dumps(data["nodes"][name][key]), []).append(name)
        if key in usual:
            names = by_value.get(json.dumps(usual[key]), [])
        else:
            names = max(by_value.values(), key=len, default=[])
        if len(names) >= (1 if key in usual else least):
            repeated[key] = names
    for keys, hint, said in (
        ([key for key in repeated if key in usual], "remove it there", "repeat what 'menu:' says"),
        (
            [key for key in repeated if key not in usual],
            "write it once, as 'menu: {KEYS}' at the top, and remove it there",
            "say the same",
        ),
    ):
        if keys:
            names = list(dict.fromkeys(name for key in keys for name in repeated[key]))
            who = (
                f"menu {names[0]!r} {said.replace('repeat', 'repeats', 1)}"
                if len(names) == 1
                else f"{len(names)} menus {said}"
            )
            written = ", ".join(f"{key}: ..." for key in keys)
            where = ("nodes", repeated[keys[0]][0], keys[0])
            yield Problem(
                where, f"{who} in {_listed(keys)}: {_listed(names)}", hint.replace("KEYS", written), of_key=True
            )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(map(repr, names[:SHOWN])) + more


RULE = Rule(
    code="M128",
    name="repeated-default",
    severity="info",
    check=check,
    summary="what one default would say once",
    what=(
        "Many menus have the same 'no_input', 'no_match', 'otherwise', 'attempts', 'timeout' or 'interdigit', "
        "or a menu repeats what 'menu:' at the top of the file says already. Reported once for all of them."
    ),
    why="Whoever changes the words in one menu forgets the others, and callers hear two styles.",
    example=(
        "nodes:\n  main: {type: menu, choices: [{key: 1, label: billing, next: billing}], otherwise: desk}\n"
        "  billing: {type: menu, choices: [{key: 1, label: payments, next: pay}], otherwise: desk}\n"
        "  pay: {type: menu, choices: [{key: 1, label: a card, next: card}], otherwise: desk}\n"
        "  card: {type: menu, choices: [{key: 1, label: a new card, next: new}], otherwise: desk}"
    ),
    better=(
        "menu: {otherwise: desk}\nnodes:\n  main: {type: menu, choices: [{key: 1, label: billing, next: billing}]}"
    ),
    settings=(LEAST,),
    source="Arithmetic: values compared as written",
)
