"""The key that a caller pressed to leave a queue; the carrier does not repeat it in the next request."""

from __future__ import annotations

from collections import OrderedDict

from webhooks.store import Store

__all__ = ["QueueKeys"]

_KEPT = 10_000


class QueueKeys:
    """Remembers keys from the request in which they were pressed to the next one of the call.

    Parameters
    ----------
    store : Store or None
        Shares them with other workers; None when there is no database.

    Examples
    --------
    >>> keys = QueueKeys(None)
    >>> keys.remember("CA1", 3, "#")
    >>> keys.find("CA1", 3), keys.find("CA2", 3)
    ('#', '')
    """

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._here: OrderedDict[tuple[str, int], str] = OrderedDict()

    def remember(self, call_sid: str, seq: int, key: str) -> None:
        """Keep the key that a call in its event number `seq` pressed; the first one counts."""
        key = self._here.setdefault((call_sid, seq), key)
        if len(self._here) > _KEPT:
            self._here.popitem(last=False)
        if self._store:
            self._store.remember_key(call_sid, seq, key)

    def find(self, call_sid: str, seq: int) -> str:
        """The key that was kept; empty when there is none."""
        return self._here.get((call_sid, seq)) or (self._store.key_of(call_sid, seq) if self._store else "")

    def forget(self) -> None:
        """Drop what is kept in memory."""
        self._here.clear()
