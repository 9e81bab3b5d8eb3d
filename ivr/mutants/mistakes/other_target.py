"""An exit leads to another node: where another exit of the node leads, else to the next node of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flows.model.flow import Flow
from ivr.mutants.mistakes.base import Edit, written_wires

TITLE = "other targets"


def edits(flow: Flow, name: str, written: Mapping[str, Any]) -> Iterator[Edit]:
    """Lead each exit to one other node.

    Examples
    --------
    >>> from flows.model.load import load
    >>> loaded = load("northwind")
    >>> [one.words for one in edits(loaded.flow, "office_hours", loaded.document.data["nodes"]["office_hours"])]
    ['open leads to after_hours, not main', 'closed leads to main, not after_hours']
    """
    wires = list(written_wires(flow, name, written))
    targets, names = [str(wire.target) for wire in wires], list(flow.nodes)
    for place, wire in enumerate(wires):
        others = [other for other in (*targets[place + 1 :], *targets[:place]) if other != wire.target]
        after = names.index(str(wire.target)) + 1 if wire.target in names else 0
        others += [other for other in (*names[after:], *names) if other not in (wire.target, name)]
        if others:
            yield Edit(f"{wire.outcome} leads to {others[0]}, not {wire.target}", ((wire.path, others[0]),))
