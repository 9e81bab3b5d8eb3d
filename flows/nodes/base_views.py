"""What a node may know about the keys and the queues of its flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from flows.speech.prompt import Prompt

__all__ = ["KeyView", "QueueView"]


class KeyView(Protocol):
    """A key that works in every menu: where it leads, and how it is announced."""

    @property
    def then(self) -> str:
        """A node, ``back`` or ``repeat``."""

    @property
    def label(self) -> Prompt | None:
        """What the key is for; a key without a label is not announced."""

    @property
    def phrases(self) -> Mapping[str, tuple[str, ...]]:
        """What callers may say instead, by language; under ``""``, in every language."""


class QueueView(Protocol):
    """What a node may know about a queue."""

    @property
    def priority(self) -> int:
        """Higher is served first."""

    @property
    def max_calls(self) -> int | None:
        """How many callers may wait; None for no limit."""
