"""Callbacks and voicemails that wait for somebody to work them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webhooks.desk.guard import Person
from webhooks.store import Store

__all__ = ["Work"]


class Work:
    """Callbacks and voicemails of a line.

    Parameters
    ----------
    store : Store
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self) -> dict[str, list[dict[str, Any]]]:
        """What is not done, JSON-ready."""
        return {"callbacks": [], "voicemails": []}

    def callback(self, person: Person, posted: Mapping[str, str]) -> str:
        """Mark how a callback went; why it could not be marked, or an empty string."""
        return "There are no callbacks."

    def voicemail(self, person: Person, posted: Mapping[str, str]) -> str:
        """Mark a voicemail as done; why it could not be marked, or an empty string."""
        return "There are no voicemails."
