"""What splits and lookups find for the callers of each intent, where it differs from all others."""

from __future__ import annotations

from collections.abc import Mapping

from flows.model.flow import Flow
from flows.nodes.split import Split
from simulation.scenario.callers import Intent

__all__ = ["Shares", "shares_of_intent", "splits_on"]

Shares = Mapping[str, Mapping[str, float]]
"""Shares of outcomes by node."""


def splits_on(flow: Flow, value: str) -> dict[str, Split]:
    """The nodes that branch on a value, by name.

    Examples
    --------
    >>> from flows.model.load import load
    >>> list(splits_on(load("northwind").flow, "nobody asks this"))
    []
    """
    return {name: node for name, node in flow.nodes.items() if isinstance(node, Split) and node.value == value}


def shares_of_intent(intent: Intent, flow: Flow) -> Shares:
    """The shares that an intent states, by node: of splits and lookups, and what its values decide.

    Parameters
    ----------
    intent : Intent
    flow : Flow
    """
    decided = {
        name: {node.case_of(text): 1.0}
        for value, text in intent.values.items()
        for name, node in splits_on(flow, value).items()
    }
    return {**decided, **intent.splits, **intent.lookups}
