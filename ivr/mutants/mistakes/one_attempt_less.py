"""Callers have one attempt less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flows.model.flow import Flow
from flows.nodes.base_dialogue import Dialogue
from flows.source.counted import counted
from ivr.mutants.mistakes.base import Edit

TITLE = "one attempt less"


def edits(flow: Flow, name: str, written: Mapping[str, Any]) -> Iterator[Edit]:
    """Take one attempt from a node that has several of its own.

    Examples
    --------
    >>> from flows.model.load import load
    >>> loaded = load("northwind")
    >>> [one.words for one in edits(loaded.flow, "main", loaded.document.data["nodes"]["main"])]
    ['2 attempts, not 3']
    """
    node = flow.nodes[name]
    if isinstance(node, Dialogue) and node.attempts > 1 and not node.attempts_of:
        fewer = node.attempts - 1
        yield Edit(f"{counted(fewer, 'attempt')}, not {node.attempts}", ((("attempts",), str(fewer)),))
