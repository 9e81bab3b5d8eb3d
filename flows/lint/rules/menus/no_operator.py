"""M108 no-operator: no way to reach a person."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.announced_options import options
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base import Here
from flows.nodes.base_dialogue import NO_INPUT


def check(context: Context) -> Iterator[Problem]:
    """Find main menus where neither 0 nor an announced choice leads to a person."""
    people = [name for name in context.flow.nodes if name in context.person_nodes and "/" not in name]
    person = "operator" if "operator" in people else next(iter(people), "")
    zero = (
        f"add 'keys: {{0: {person}}}' to the flow"
        if person
        else "add a queue or a dial, and 'keys: {0: NODE}' to the flow"
    )
    hint = f"{'lead 0 to one' if '0' in context.flow.keys else zero}, or a choice that leads to a queue"
    for name in context.main_menus:
        if name in context.only_after_closing or name in context.graph.broken:
            continue
        announced = {option.key for tag in context.flow.languages for option in context.spoken(name, tag).options}
        if _offers_silence(context, name):
            announced.add(NO_INPUT)
        waits = ("caller", "silence")
        ways = [e for e in context.graph.exits[name] if e.needs in waits and e.via != "back" and e.target != name]
        if not any(e.outcome == "0" or e.outcome in announced for e in ways if context.meets_person(e.target)):
            message = (
                f"main menu {name!r} has no way to a person: neither 0 nor an announced key leads to a queue or a"
                " telephone"
            )
            yield Problem(("nodes", name), message, hint, of_key=True)


def _offers_silence(context: Context, name: str) -> bool:
    """Whether the menu tells callers in every language to stay on the line, and has an exit for those who do."""
    node, flow = context.flow.nodes[name], context.flow
    return all(NO_INPUT in options(node, Here(flow, name, tag, values=None)) for tag in flow.languages)


RULE = Rule(
    code="M108",
    name="no-operator",
    severity="warning",
    check=check,
    summary="no way to reach a person",
    what=(
        "From the main menu, neither 0 nor an announced choice (or staying on the line, if told to) leads "
        "to a queue or a dial node without another menu in between. Menus heard only after closing time are left out."
    ),
    why=(
        "Callers whose question fits no choice press keys at random, or hang up and call again. In Spain the main "
        "menu must offer a person (Ley 10/2025)."
    ),
    example="main:\n  type: menu\n  choices: [{key: 1, label: opening hours, next: opening_hours}]",
    better="keys: {0: {next: operator, label: an operator}}",
    options="An error in the profiles es (Spain's law) and accessible.",
    source=(
        "GetHuman standard (0 always queues for a person); W3C COGA O6P04; Ireland's public-service guide; Spain, Ley"
        " 10/2025"
    ),
)
