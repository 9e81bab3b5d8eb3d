"""Which switches of a line are on: kept in the database, read for every call, by all workers."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from webhooks.store.database import UNREACHABLE, OutOfReachError
from webhooks.store.failure_reason import failure_reason
from webhooks.store.line_tables import SWITCHES
from webhooks.store.store import Store
from webhooks.store.tables import here

__all__ = ["SwitchState", "SwitchStates", "turn_switch"]

_log = logging.getLogger("ivr.calls")
_KEPT_S = 0.05
"""For so long what was read counts for other calls too: at most twenty reads a second in a process."""


@dataclass(frozen=True)
class SwitchState:
    """How a switch was left.

    Parameters
    ----------
    turned_on : bool
    messages : mapping of language to str
        What callers hear instead of the flow's own words; empty for those.
    at_us : int
        When somebody turned it last; 0 for never.
    until_us : int or None
        When it goes off by itself.
    by_whom : str

    Examples
    --------
    >>> storm = SwitchState(True, {}, at_us=10, until_us=20)
    >>> storm.on(19), storm.on(20), storm.changed_us(19), storm.changed_us(20)
    (True, False, 10, 20)
    """

    turned_on: bool = False
    messages: Mapping[str, str] = field(default_factory=dict)
    at_us: int = 0
    until_us: int | None = None
    by_whom: str = ""

    def on(self, now_us: int) -> bool:
        """Whether it is on at a moment."""
        return self.turned_on and (self.until_us is None or now_us < self.until_us)

    def changed_us(self, now_us: int) -> int:
        """When it last went on or off, before a moment."""
        gone = self.turned_on and self.until_us is not None and self.until_us <= now_us
        return self.until_us if gone and self.until_us is not None else self.at_us


class SwitchStates:
    """The switches of a line as they are now.

    Parameters
    ----------
    store : Store or None
        None where there is no database: every switch is off.
    """

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._known: dict[str, SwitchState] = {}
        self._until_s = float("-inf")

    def now(self) -> Mapping[str, SwitchState]:
        """Every switch that was ever turned; as last known while the database is out of reach."""
        if self._store is None or time.monotonic() < self._until_s:
            return self._known
        try:
            with self._store.call_transaction() as connection:
                rows = connection.execute(sa.select(SWITCHES)).mappings().all()
        except UNREACHABLE as error:
            if not isinstance(error, OutOfReachError):
                _log.warning("switches cannot be read now (%s); they stay as they were", failure_reason(error))
            return self._known
        self._known = {row["name"]: _state(dict(row)) for row in rows}
        self._until_s = time.monotonic() + _KEPT_S
        return self._known


def _state(row: Mapping[str, object]) -> SwitchState:
    until_us, at_us = row["until_us"], row["at_us"]
    assert isinstance(at_us, int)
    assert until_us is None or isinstance(until_us, int)
    return SwitchState(
        bool(row["turned_on"]), json.loads(str(row["messages"] or "{}")), at_us, until_us, str(row["by_whom"])
    )


def turn_switch(store: Store, name: str, state: SwitchState) -> None:
    """Keep how a switch was turned; raises what the database raises.

    Its messages stay when it is turned off, as a call in progress may still have to say them.
    """
    row: dict[str, object] = {
        "turned_on": state.turned_on,
        "at_us": state.at_us,
        "until_us": state.until_us,
        "by_whom": state.by_whom[:100],
    }
    if state.turned_on:
        row["messages"] = json.dumps(dict(state.messages), ensure_ascii=False) if state.messages else None
    with store.transaction() as connection:
        changed = connection.execute(sa.update(SWITCHES).where(here(SWITCHES, name=name)).values(row))
        if not changed.rowcount:
            connection.execute(sa.insert(SWITCHES), [{"name": name, "messages": None, **row}])
