"""Callers wait in another queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flows.model.flow import Flow
from ivr.mutants.mistakes.base import Edit

TITLE = "other queues"


def edits(flow: Flow, name: str, written: Mapping[str, Any]) -> Iterator[Edit]:
    """Name the next queue of the file.

    Examples
    --------
    >>> from flows.model.load import load
    >>> loaded = load("northwind")
    >>> [one.words for one in edits(loaded.flow, "sales_queue", loaded.document.data["nodes"]["sales_queue"])]
    ['queue customer_service, not sales']
    """
    queue, names = written.get("queue"), list(flow.queues)
    if queue in names and len(names) > 1:
        other = names[(names.index(queue) + 1) % len(names)]
        yield Edit(f"queue {other}, not {queue}", ((("queue",), other),))
