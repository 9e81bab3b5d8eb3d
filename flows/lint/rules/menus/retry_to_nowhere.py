"""M111 retry-to-nowhere: silence ends in a hangup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base import END, Wire
from flows.nodes.base_dialogue import NO_INPUT, Dialogue
from flows.nodes.play import Play

SHOWN = 6


def check(context: Context) -> Iterator[Problem]:
    """Find exits after the last attempt that lead to a hangup without a person or voicemail; once for each such end."""
    flow, graph = context.flow, context.graph
    helps = context.help_nodes
    if not helps:
        return
    ending = context.reaching_without_input(
        n for n, exits in graph.exits.items() if graph.ends(n) or any(edge.target == END for edge in exits)
    )
    listening = {name for name, node in flow.nodes.items() if isinstance(node, Dialogue)}
    cared_for = context.reaching_without_input(listening | helps | graph.broken)
    found: dict[tuple[str, bool], list[tuple[str, Wire]]] = {}
    for name, node in flow.nodes.items():
        if not isinstance(node, Dialogue) or name not in graph.reachable:
            continue
        if name in context.only_after_closing or context.was_served(name):
            continue
        for wire in node.retry_wires():
            if wire.path != ("next",) and wire.target in ending and wire.target not in cared_for:
                found.setdefault((wire.target, "/" in name), []).append((name, wire))
    led_to: Counter[str] = (
        Counter(edge.target for exits in graph.exits.values() for edge in exits) if found else Counter()
    )
    shared = flow.keys.get("0")
    person = shared.then if shared and shared.then in context.reaching_without_input(helps) else ""
    for (target, of_a_part), exits in found.items():
        names, (_, wire) = list(dict.fromkeys(name for name, _ in exits)), exits[0]
        first = flow.nodes[names[0]]
        assert isinstance(first, Dialogue)
        written = ".".join(map(str, wire.path))
        last = _last_message(context, target)
        removed = f" and remove {target!r}" if graph.ends(target) and led_to[target] <= len(names) else ""
        if last and led_to[last] <= (len(names) if last == target else 1):  # no other callers hear it
            hint = f"lead 'next' of {last!r} to {repr(person) if person else 'a person'}, or to a message box"
        elif person and not of_a_part:
            hint = f"lead {written!r} to {person!r}{removed}, or to a message box"
        else:
            hint = f"lead {written!r} to a person, or to a message box"
        if len(names) == 1:
            attempts = first.most(wire.outcome)
            times = "one attempt" if attempts == 1 else f"{attempts} attempts"
            who = "callers who press a wrong key" if wire.outcome != first.retry_exit(NO_INPUT) else "silent callers"
            message = f"after {times} {names[0]!r} sends {who} to {target!r}, which only ends the call"
        else:
            named = ", ".join(map(repr, names[:SHOWN])) + (
                f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            )
            message = f"{len(names)} nodes send silent callers to {target!r}, which only ends the call: {named}"
            if person and not of_a_part and not last and flow.fallback is None:
                hint = f"leave 'otherwise' out in all of them and add 'fallback: {person}' to the flow{removed}"
        yield Problem(("nodes", names[0], *wire.path), message, hint)


def _last_message(context: Context, name: str) -> str:
    """The last message before the call ends; empty if there is none."""
    seen: list[str] = []
    node = context.flow.nodes.get(name)
    while isinstance(node, Play) and name not in seen:
        seen.append(name)
        name = node.then or ""
        node = context.flow.nodes.get(name)
    return seen[-1] if seen else ""


RULE = Rule(
    code="M111",
    name="retry-to-nowhere",
    severity="warning",
    check=check,
    summary="silence ends in a hangup",
    what=(
        "After the last attempt the call ends without reaching a person or a message box; a recording that continues "
        "to a menu does not count as a message box. Reported once for all nodes with the same end. Left out are lines "
        "without people or message boxes, menus heard only after closing time, and menus after callers got what they "
        "called for."
    ),
    why=(
        "Silence has many reasons: a bad line, a rotary phone, hands on the steering wheel. Those callers need a "
        "person most, and they are cut off."
    ),
    example="main:\n  type: menu\n  choices: [{key: 1, label: billing, next: billing}]\n  otherwise: goodbye",
    better="main:\n  type: menu\n  choices: [{key: 1, label: billing, next: billing}]\n  otherwise: operator",
    source=(
        "GetHuman standard (never disconnect for silence); Ireland's public-service guide (a person after the options "
        "were presented twice)"
    ),
)
