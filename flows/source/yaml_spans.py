"""Where every value and key in a YAML text begins and ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from flows.source.document import Path
from flows.source.yaml_reader import without_tabs

__all__ = ["Span", "spans"]

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Span:
    """Where a value is in a text: ``text[start:end]``.

    Parameters
    ----------
    start, end : int
        Offsets in characters; trailing white space is not included.
    style : str
        For a scalar: empty if plain, else a quote, ``|`` or ``>``. For a collection: ``flow`` or ``block``.
    key : (int, int) or None
        Where the entry's key begins and ends.
    """

    start: int
    end: int
    style: str
    key: tuple[int, int] | None = None

    @property
    def scalar(self) -> bool:
        """Whether the value is a scalar."""
        return self.style not in ("flow", "block")


def spans(text: str) -> dict[Path, Span]:
    """The span of every value by path, in file order.

    Parameters
    ----------
    text : str
        A text that `flows.source.yaml_reader.parse` has read.

    Examples
    --------
    >>> text = "keys: {0: 'operator'}  # a person"
    >>> span = spans(text)["keys", "0"]
    >>> text[span.start:span.end], span.style, text[slice(*span.key)]
    ("'operator'", "'", '0')
    """
    found: dict[Path, Span] = {}

    def visit(node: yaml.Node, path: Path, key: tuple[int, int] | None = None) -> int:
        """Record a node and everything in it; return where its last value ends."""
        start, end = node.start_mark.index, node.end_mark.index
        if isinstance(node, yaml.ScalarNode):
            if node.style in ("|", ">") and text[start:end].strip():
                end = len(text[:end].rstrip())
            found[path] = Span(start, end, node.style or "", key)
            return end
        found[path] = Span(start, end, "flow", key)  # added now to keep file order; updated below
        last = start
        for part, place, child in _children(node):
            last = visit(child, (*path, part), place)
        if not getattr(node, "flow_style", False):
            found[path] = Span(start, last, "block", key)
        return found[path].end

    root = yaml.compose(without_tabs(text), Loader=_Loader)
    if root is not None:
        visit(root, ())
    return found


def _children(node: yaml.Node) -> Iterator[tuple[str | int, tuple[int, int] | None, yaml.Node]]:
    """For each item in a collection: its key or index, where the key is, and the item."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.value, (key.start_mark.index, key.end_mark.index), value
    else:
        for index, value in enumerate(node.value):
            yield index, None, value
