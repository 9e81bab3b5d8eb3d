"""Whether the service is ready, for alarms and deployments; load balancers must ask ``/healthz`` instead.

A service that is not ready still answers calls: without records while the database is unreachable, and on the previous
version while a changed flow has errors. A load balancer that removed it would lose calls.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webhooks.store import Store
    from webhooks.turn.line import Line

__all__ = ["Readiness"]

_FRESH_S = 1.0
"""Seconds for which an answer is reused: anyone may ask, and must not be able to overload the database."""


class Readiness:
    """Checks the flow and the database.

    Parameters
    ----------
    line : Line
    store : Store or None
        None when no records are kept.
    """

    def __init__(self, line: Line, store: Store | None) -> None:
        self._line, self._store = line, store
        self._looking = threading.Lock()
        self._until_s, self._known = 0.0, (True, "")

    def __call__(self) -> tuple[bool, str]:
        """Whether the service is ready, with one line each on the flow and the database, without names and
        addresses.
        """
        if time.monotonic() >= self._until_s and self._looking.acquire(
            blocking=False
        ):  # one thread checks, others answer callers
            try:
                self._known = self._look()
                self._until_s = time.monotonic() + _FRESH_S
            finally:
                self._looking.release()
        return self._known

    def _look(self) -> tuple[bool, str]:
        current = self._line.is_current
        usable = self._store is None or not self._store.unusable()
        database = "none" if self._store is None else "ok" if usable else "cannot be used now; see the log"
        flow = "ok" if current else "the changed file is not served; see the log"
        return current and usable, f"flow: {flow}\ndatabase: {database}\n"
