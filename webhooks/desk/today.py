"""How the line does today, by the measures that simulations and reports use."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from flows.model.flow import Flow
from webhooks.store import Store
from webhooks.store.tables import CALLS, ENDINGS, STEPS, VISITS

__all__ = ["SHOWN", "Today", "rows_since"]

SHOWN = ("service_level", "offered", "handled", "abandoned", "asa_s")
_AGAIN_S = 10.0


class Today:
    """The measures of the calls that arrived today and have ended, reckoned again every ten seconds at most.

    Parameters
    ----------
    flow : callable
        Gives the line.
    store : Store
    """

    def __init__(self, flow: Callable[[], Flow], store: Store) -> None:
        self._flow, self._store = flow, store
        self._reckoning = threading.Lock()
        self._known: Mapping[str, float] = {}
        self._until_s = 0.0

    def measures(self, since_us: int, now_us: int) -> Mapping[str, float]:
        """Those of `SHOWN` that can be told yet; raises what the database raises.

        Parameters
        ----------
        since_us, now_us : int
            Midnight and now, microseconds since 1970.
        """
        if time.monotonic() >= self._until_s and self._reckoning.acquire(blocking=False):
            try:
                self._known = self._reckon(since_us, now_us)
                self._until_s = time.monotonic() + _AGAIN_S
            finally:
                self._reckoning.release()
        return self._known

    def _reckon(self, since_us: int, now_us: int) -> Mapping[str, float]:
        from ivr.records.measures import measures, sums  # NumPy, which pages of agents do without
        from webhooks.records.from_database import build

        records = build(rows_since(self._store, since_us), flows=(self._flow(),), now_us=now_us)
        found = measures(sums(records))
        return {name: found[name] for name in SHOWN if name in found}


def rows_since(store: Store, since_us: int) -> Mapping[str, list[dict[str, Any]]]:
    """The rows of calls that arrived since a moment, by table; raises what the database raises."""
    calls = sa.select(CALLS.c.call_sid).where(CALLS.c.arrived_us >= since_us)
    with store.transaction() as connection:
        return {
            table.name: [
                dict(row)
                for row in connection.execute(
                    sa.select(table).where(table.c.call_sid.in_(calls)).order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in (CALLS, STEPS, VISITS, ENDINGS)
        }
