"""What is said after silence and wrong keys: at each node its own, and once what all menus share."""

from __future__ import annotations

from dataclasses import replace

from flows.model.flow import Flow
from flows.nodes.base_dialogue import NO_INPUT
from flows.nodes.menu import Menu
from flows.protocol.actions import Say
from ivr.coverage.coverage import Thing
from ivr.interpreter.chain import tabulate
from ivr.interpreter.session import Session

__all__ = ["FAMILY", "reprompt", "reprompts"]

FAMILY = "reprompts"


def reprompts(flow: Flow) -> frozenset[tuple[str, Thing]]:
    """Every reprompt that a call can come to, as (`FAMILY`, (node, text)); the node is empty for the flow's default.

    Examples
    --------
    >>> from flows.model.load import load
    >>> len(reprompts(load("northwind").flow))
    24
    """
    found = (reprompt(flow, state.session) for state in tabulate(flow).states)
    return frozenset(thing for thing in found if thing)


def reprompt(flow: Flow, session: Session) -> tuple[str, Thing] | None:
    """The first words of a node that asks again, with values of typical length; None if it does not ask again."""
    if not session.reason:
        return None
    node = flow.nodes[session.node]
    text = next((one.text for one in node.enter(replace(session.here(flow), values=None)) if isinstance(one, Say)), "")
    default = flow.menu.no_input if session.reason == NO_INPUT else flow.menu.no_match
    shared = isinstance(node, Menu) and node.on_failure(session.reason) == default
    return (FAMILY, ("" if shared else session.node, text)) if text else None
