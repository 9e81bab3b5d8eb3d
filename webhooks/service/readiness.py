"""Whether a service does all that it is there for: what an alarm or a deployment asks, and no load balancer should.

Calls are answered while the database is away, and on the version before while a changed flow has errors. So a service
that is not ready still answers, and taking it off the line would lose calls: ``/healthz`` is what decides about that.
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
"""An answer holds so long: anybody may ask, and the database is not to be worn out by it."""


class Readiness:
    """Looks at the flow and the database.

    Parameters
    ----------
    line : Line
    store : Store or None
        None where no records are kept.
    """

    def __init__(self, line: Line, store: Store | None) -> None:
        self._line, self._store = line, store
        self._looking = threading.Lock()
        self._until_s, self._known = 0.0, (True, "")

    def __call__(self) -> tuple[bool, str]:
        """Whether the service is ready, and a line on the flow and on the database; without names and addresses."""
        if time.monotonic() >= self._until_s and self._looking.acquire(blocking=False):  # threads are there for callers
            try:
                self._known = self._look()
                self._until_s = time.monotonic() + _FRESH_S
            finally:
                self._looking.release()
        return self._known

    def _look(self) -> tuple[bool, str]:
        current = self._line.is_current
        usable = self._store is None or not self._store.unusable()
        database = "none" if self._store is None else "ok" if usable else "cannot be used now; the log says why"
        flow = "ok" if current else "the file has changed and is not taken; the log says why"
        return current and usable, f"flow: {flow}\ndatabase: {database}\n"
