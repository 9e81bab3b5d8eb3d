"""R032 switch-does-nothing: a switch that changes nothing when it is on."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.switch import Switch


def check(context: Context) -> Iterator[Problem]:
    """Find declared switches that nothing asks for, and nodes that go on alike."""
    asked = {node.switch for _, node in context.nodes(Switch)}
    for name, switch in context.flow.switches.items():
        if name not in asked and not switch.closes:
            message = f"nothing happens while {name!r} is on: it says nothing, leads nowhere and no node asks for it"
            hint = "write what it does (say:, next: or closes:), or ask for it in a 'switch' node"
            yield Problem(("switches", name), message, hint, of_key=True)
    for name, node in context.nodes(Switch):
        on, off = (wire.target for wire in node.wires())
        if on == off and not node.say and on is not None:
            message = f"callers go to {on!r} whether {node.switch!r} is on or off, and hear nothing more"
            hint = "lead 'on' to another node, or write what callers hear under say:"
            yield Problem(("nodes", name), message, hint, of_key=True)


RULE = Rule(
    code="R032",
    name="switch-does-nothing",
    severity="warning",
    check=check,
    summary="a switch that changes nothing",
    what=(
        "A switch is declared that has no words, no way of its own and closes no hours, and no node asks for it; or a "
        "'switch' node leads to the same place either way and says nothing. A message given when it is turned on would "
        "still be said."
    ),
    why="In an emergency somebody turns it on, and callers notice nothing.",
    example="switches: {storm: {}}",
    better="switches: {storm: {say: We are closed because of the storm., next: goodbye}}",
    source="Arithmetic: names and targets compared",
)
