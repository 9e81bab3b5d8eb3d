"""Notices that a caller was erased, in this process or another."""

from __future__ import annotations

from collections.abc import Callable

from webhooks.store.store import Store

__all__ = ["ErasureWatch"]


class ErasureWatch:
    """Makes this process forget its calls after each erasure.

    Parameters
    ----------
    store : Store
    forget : callable
        Drops what this process holds in memory about calls.
    """

    def __init__(self, store: Store, forget: Callable[[], object]) -> None:
        self._store, self._forget = store, forget
        self._seen: tuple[int, int] | None = None

    def __call__(self) -> None:
        """Forget if a caller was erased since the last look; raises what the database raises."""
        seen = self._store.erasures()
        if seen is not None and seen != self._seen:
            self._seen = seen
            self._forget()
