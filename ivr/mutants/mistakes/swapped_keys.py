"""Two choices that follow each other have each other's keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from flows.model.flow import Flow
from ivr.mutants.mistakes.base import Edit

TITLE = "swapped keys"


def edits(flow: Flow, name: str, written: Mapping[str, Any]) -> Iterator[Edit]:
    """Swap the keys of neighbours.

    Examples
    --------
    >>> from flows.model.load import load
    >>> loaded = load("northwind")
    >>> one = next(edits(loaded.flow, "main", loaded.document.data["nodes"]["main"]))
    >>> one.words, one.values
    ('keys 1 and 2 swapped', ((('choices', 0, 'key'), '2'), (('choices', 1, 'key'), '1')))
    """
    choices = written.get("choices")
    keyed = [
        (index, choice["key"])
        for index, choice in enumerate(choices if isinstance(choices, list) else ())
        if isinstance(choice, dict) and isinstance(choice.get("key"), str)
    ]
    for (i, key), (j, other) in pairwise(keyed):
        yield Edit(f"keys {key} and {other} swapped", ((("choices", i, "key"), other), (("choices", j, "key"), key)))
