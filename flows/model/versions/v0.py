"""Version 0, the draft before the first release: ``choices`` of menus and language nodes were called ``options``.

It was never published; reading it keeps migration between versions in use and tested.
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.source.document import Document, Path

__all__ = ["renames"]


def renames(document: Document) -> Iterator[tuple[Path, str, str]]:
    """The ``options`` of menus and language nodes that have no ``choices``."""
    nodes = document.data.get("nodes")
    for name, node in nodes.items() if isinstance(nodes, dict) else ():
        if (
            isinstance(node, dict)
            and node.get("type") in ("menu", "language")
            and "options" in node
            and "choices" not in node
        ):
            yield ("nodes", name, "options"), "choices", f"the options of a {node['type']} are its 'choices'"
