"""M109 zero-not-operator: 0 does not lead to a person."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu
from flows.values.scalars import GLOBAL_WORDS


def check(context: Context) -> Iterator[Problem]:
    """Find where 0 does not lead to a person; reported once for the flow if 0 is not bound at all."""
    flow, graph = context.flow, context.graph
    if not context.person_nodes:
        return
    shared = flow.keys.get("0")
    known = shared is not None and (shared.then in flow.nodes or shared.then in GLOBAL_WORDS)
    if shared is not None and known and not context.meets_person(shared.then):
        path = context.key_path(("keys",), "0")
        yield Problem(path, f"0 leads to {shared.then!r}, where no person answers", "lead 0 to a queue")
    unbound = []
    for name, menu in context.nodes(Menu):
        if name not in graph.reachable or name in graph.broken or name in context.only_after_closing:
            continue
        for index, choice in enumerate(menu.choices):
            if choice.key == "0" and choice.then in flow.nodes and not context.meets_person(choice.then):
                message = f"in menu {name!r} 0 leads to {choice.then!r}, where no person answers"
                yield Problem(
                    ("nodes", name, "choices", index, "key"), message, "keep 0 for a person and use another key here"
                )
        if shared is None and all(choice.key != "0" for choice in menu.choices):
            unbound.append(name)
    if unbound:
        where = f"menu {unbound[0]!r}" if len(unbound) == 1 else f"{len(unbound)} menus, e.g. {unbound[0]!r}"
        queue = next((name for name in flow.nodes if name in context.person_nodes), "operator")
        yield Problem(
            ("nodes", unbound[0]), f"0 does nothing in {where}", f"add 'keys: {{0: {queue}}}' to the flow", of_key=True
        )


RULE = Rule(
    code="M109",
    name="zero-not-operator",
    severity="warning",
    check=check,
    summary="0 does not lead to a person",
    what=(
        "0 leads somewhere without a person, or does nothing, in a flow that has people to answer. Menus heard only "
        "after closing time are left out."
    ),
    why=(
        "Callers press 0 for a person whether they are told to or not. If it does something else, they are lost at "
        "once."
    ),
    example="keys: {0: repeat}",
    better="keys: {0: operator, 9: repeat}",
    source=(
        "Standard: ISO/IEC 13714 as summarised by vendors (0 for an operator); GetHuman standard; W3C COGA O6P04 "
        "(0 at any time)"
    ),
)
