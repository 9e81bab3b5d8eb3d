"""An exit that a node can do without is gone: time-outs, failures, and what comes after the last attempt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flows.model.flow import Flow
from ivr.mutants.mistakes.base import Edit, written_wires

TITLE = "lost exits"


def edits(flow: Flow, name: str, written: Mapping[str, Any]) -> Iterator[Edit]:
    """Take away each exit; those that a node must have are refused when the flow is read.

    Examples
    --------
    >>> from flows.model.load import load
    >>> loaded = load("northwind")
    >>> [one.words for one in edits(loaded.flow, "sales_queue", loaded.document.data["nodes"]["sales_queue"])]
    ['timeout leads nowhere', 'full leads nowhere', 'closed leads nowhere']
    """
    for wire in written_wires(flow, name, written):
        path = wire.path[:-1] if len(wire.path) > 1 and wire.path[-1] == "next" else wire.path
        yield Edit(f"{wire.outcome} leads nowhere", ((path, None),))
