"""A flow with one mistake in it: every such flow that the reader would take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from flows.model.flow import Flow
from flows.model.load import Loaded, load_text
from flows.source.document import Path, value_at
from flows.source.finding import FlowError
from ivr.mutants.mistakes import mistakes

__all__ = ["Mutant", "mutants"]


@dataclass(frozen=True)
class Mutant:
    """One mistake, as it would be made in the file.

    Parameters
    ----------
    mistake : str
        Its kind, a key of `ivr.mutants.mistakes.mistakes`.
    nodes : tuple of str
        Where it has effect: several where nodes share what is written once, such as the defaults of menus.
    words : str
        What is wrong.
    values : tuple of (path, value)
        What to write where in the data of the flow; None takes away.
    line : int
        Of the file.
    """

    mistake: str
    nodes: tuple[str, ...]
    words: str
    values: tuple[tuple[Path, Any], ...]
    line: int

    def made_in(self, loaded: Loaded) -> Flow | None:
        """The flow with the mistake; None if it cannot be read any more, so that nobody could miss it."""
        data = deepcopy({key: value for key, value in loaded.document.data.items() if key not in _FILLED_IN})
        for path, value in self.values:
            owner = value_at(data, path[:-1])
            if value is None:
                del owner[path[-1]]
            else:
                owner[path[-1]] = value
        try:
            return load_text(json.dumps(data), loaded.document.file).flow
        except FlowError:
            return None


_FILLED_IN = ("menu", "parts", "prompts")
"""Keys whose values stand in the nodes of a flow that has been read."""


def mutants(loaded: Loaded) -> list[Mutant]:
    """Every mistake that can be made in a flow, in the order of the file.

    Parameters
    ----------
    loaded : Loaded

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> line = load_text("ivr: 1\\nname: L\\nstart: hi\\nnodes:\\n  hi: {type: play, say: Hello., next: bye}\\n"
    ...     "  bye: {type: hangup}")
    >>> [(one.mistake, one.nodes, one.words, one.line) for one in mutants(line)]
    [('lost_exit', ('hi',), 'done leads nowhere', 5), ('other_words', ('hi',), 'say says “Hello.” in en-US', 5)]
    """
    found: dict[object, Mutant] = {}
    for one in _everywhere(loaded):
        document, path = loaded.document.origin(one.values[0][0])
        key = one.mistake, one.words, document.file, document.place(path), path[-1:]
        before = found.get(key)
        nodes = (*before.nodes, *one.nodes) if before else one.nodes
        values = (*before.values, *one.values) if before else one.values
        found[key] = Mutant(one.mistake, nodes, one.words, values, one.line)
    return sorted(found.values(), key=lambda one: one.line)


def _everywhere(loaded: Loaded) -> Iterator[Mutant]:
    nodes = loaded.document.data["nodes"]
    for kind in mistakes().values():
        for name in loaded.flow.nodes:
            for edit in kind.edits(loaded.flow, name, nodes[name]):
                values = tuple((("nodes", name, *path), value) for path, value in edit.values)
                line, _ = loaded.document.place(values[0][0])
                yield Mutant(kind.name, (name,), edit.words, values, line)
