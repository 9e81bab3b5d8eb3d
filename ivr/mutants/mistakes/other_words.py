"""A text says something else, in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flows.model.flow import Flow
from flows.source.document import value_at
from ivr.mutants.mistakes.base import Edit

TITLE = "other words"
_OTHER = "Hello."


def edits(flow: Flow, name: str, written: Mapping[str, Any]) -> Iterator[Edit]:
    """Replace each text that a caller hears.

    Examples
    --------
    >>> from flows.model.load import load
    >>> loaded = load("northwind")
    >>> [one.words for one in edits(loaded.flow, "greeting", loaded.document.data["nodes"]["greeting"])]
    ['say says “Hello.” in en-US', 'say says “Hello.” in es-US']
    """
    first = flow.languages[0]
    for path, _ in flow.nodes[name].prompts():
        text = value_at(written, path)
        where = " ".join(str(part) for part in path)
        if isinstance(text, str):
            yield Edit(f"{where} says “{_OTHER}” in {first}", ((path, _OTHER),))
        elif isinstance(text, dict):
            for language in flow.languages:
                if isinstance(text.get(language), str):
                    yield Edit(f"{where} says “{_OTHER}” in {language}", (((*path, language), _OTHER),))
