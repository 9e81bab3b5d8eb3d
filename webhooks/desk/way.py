"""The way of a caller through the menus, node by node, in the words of the line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flows.model.flow import Flow

__all__ = ["Stop", "way"]

_OUTCOMES = {"no_input": "said nothing", "no_match": "wrong key", "recorded": "left a message"}
_SILENT = ("play", "set", "split", "hours", "subflow")
"""Nodes at which a caller does nothing."""


class Stop(NamedTuple):
    """A node that a caller passed.

    Parameters
    ----------
    node : str
        Its name in the flow.
    words : str
        What the caller chose there, or what came of it.
    """

    node: str
    words: str


def way(flow: Flow, steps: Iterable[tuple[str, str | None]], language: str = "") -> list[Stop]:
    """What a caller did at the nodes where callers do something.

    Parameters
    ----------
    flow : Flow
    steps : iterable of (node, outcome)
        In the order in which they were visited.
    language : str
        Of the words; default: the line's first.

    Examples
    --------
    >>> from flows.model.load import load
    >>> way(load("northwind").flow, [("greeting", "next"), ("main", "1"), ("billing_menu", "no_input")])
    [Stop(node='main', words='billing and payments'), Stop(node='billing_menu', words='said nothing')]
    """
    return [Stop(node, words) for node, outcome in steps if (words := _words(flow, node, outcome or "", language))]


def _words(flow: Flow, name: str, outcome: str, language: str) -> str:
    node = flow.nodes.get(name)
    if node is None or node.type in _SILENT:
        return ""
    everywhere = {key: bound.label for key, bound in flow.keys.items() if bound.label} if node.type == "menu" else {}
    labels = everywhere | {wire.outcome: wire.label for wire in node.wires() if wire.label}
    if label := labels.get(outcome):
        return label.words(language or flow.languages[0], flow.languages[0])
    return _OUTCOMES.get(outcome, outcome.replace("_", " "))
