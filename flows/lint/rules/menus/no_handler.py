"""M110 no-handler: silence leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.collect import Collect
from flows.nodes.menu import Menu
from flows.nodes.yes_no import YesNo
from flows.source.finding import Fix

SHOWN = 6


def check(context: Context) -> Iterator[Problem]:
    """Find menus and collect nodes without ``otherwise`` in a flow without a helpful ``fallback``; reported once."""
    flow = context.flow
    if flow.fallback in context.reaching_without_input(context.help_nodes):
        return
    shared = flow.keys.get("0")
    known = shared.then if shared and shared.then in flow.nodes else "operator" if "operator" in flow.nodes else ""
    target = known or next((name for name in flow.nodes if name in context.person_nodes and "/" not in name), "NODE")
    lacking = {
        name: node
        for name, node in flow.nodes.items()
        if isinstance(node, Menu | Collect | YesNo)
        and any(wire.outcome == "otherwise" and wire.target is None for wire in node.retry_wires())
    }
    own = [name for name in lacking if "/" not in name]
    for name, node in lacking.items():
        times = "once" if node.attempts == 1 else f"{node.attempts} times"
        message = f"{name!r} ({node.type}) does not say what happens after silence or a wrong key, {times}"
        if "/" in name:  # a part can name only its own nodes
            yield Problem(
                ("nodes", name), message, "add 'otherwise:' with a node of the part, or one of its exits", of_key=True
            )
        elif len(own) == 1:
            hint = f"add 'otherwise: {target}', or another node that helps"
            fix = Fix(("nodes", name, "otherwise"), target, safe=False, kind="insert") if known else None
            yield Problem(("nodes", name), message, hint, of_key=True, fix=fix)
    if len(own) > 1:
        named = ", ".join(map(repr, own[:SHOWN])) + (f" and {len(own) - SHOWN} more" if len(own) > SHOWN else "")
        message = f"{len(own)} nodes do not say what happens after silence or a wrong key: {named}"
        if flow.fallback is None:
            hint = f"add 'fallback: {target}' to the flow, for all of them, or 'otherwise' to each"
            fix = (
                Fix(("fallback",), target, safe=False, kind="insert")
                if known and known in context.reaching_without_input(context.help_nodes)
                else None
            )
        else:
            hint, fix = f"lead 'fallback' to {target!r}, for all of them, or add 'otherwise' to each", None
        yield Problem(("nodes", own[0]), message, hint, of_key=True, fix=fix)


RULE = Rule(
    code="M110",
    name="no-handler",
    severity="error",
    check=check,
    summary="silence leads nowhere",
    what=(
        "A menu or a collect node does not say where the call goes after the last silent or wrong attempt "
        "('otherwise'), and the flow has no 'fallback' that leads to a person or a message box. Reported once for all "
        "such nodes."
    ),
    why=(
        "The call goes to the default fallback, which usually apologises and hangs up on callers who are driving, "
        "have dropped the phone, or have no keypad."
    ),
    example="main:\n  type: menu\n  choices: [{key: 1, label: billing, next: billing}]",
    better="main:\n  type: menu\n  choices: [{key: 1, label: billing, next: billing}]\n  otherwise: operator",
    source=(
        "Standard: W3C VoiceXML 2.0, 5.2 (the events noinput and nomatch); GetHuman standard (never disconnect for"
        " silence)"
    ),
)
