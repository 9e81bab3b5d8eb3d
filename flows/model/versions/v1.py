"""Version 1, the current version: nothing to rename."""

from __future__ import annotations

from collections.abc import Iterator

from flows.source.document import Document, Path

__all__ = ["renames"]


def renames(document: Document) -> Iterator[tuple[Path, str, str]]:
    """No renames: the current version needs none."""
    return iter(())
