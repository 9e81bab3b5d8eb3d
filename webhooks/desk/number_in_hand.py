"""The caller's number, for the agent who has their call and as long as they have it; it is kept nowhere for this."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webhooks.security.sealed_cursor import CursorError, Seal
from webhooks.store.floor_tables import WAITING
from webhooks.store.tables import CALLBACKS, CALLS, here

__all__ = ["NumberInHand"]


@dataclass(frozen=True)
class NumberInHand:
    """Finds the numbers of calls in hand.

    Parameters
    ----------
    seal : Seal or None
        Opens the conversation, which travels with the call and has the number; None shows no number.
    """

    seal: Seal | None = None

    def of(self, connection: sa.Connection, sid: str, waits: Mapping[str, Any]) -> str | None:
        """The number of a call; empty if the caller withholds it, None if it is not to be shown or not known.

        Parameters
        ----------
        connection : sqlalchemy.Connection
        sid : str
            The caller's call.
        waits : mapping
            What waits for the agent: that call, a callback, or a question of another agent about it.
        """
        if self.seal is None or not waits:
            return None
        if waits["kind"] == "callback":
            return self._promised(connection, waits)
        known = connection.execute(sa.select(CALLS.c.call_sid).where(here(CALLS, call_sid=sid))).scalar()
        text = connection.execute(sa.select(WAITING.c.continues).where(here(WAITING, call_sid=sid))).scalar()
        try:
            return self.seal.open(text, sid).session.value("ani") if text and known else None  # erased: not known
        except CursorError:
            return None

    @staticmethod
    def _promised(connection: sa.Connection, waits: Mapping[str, Any]) -> str | None:
        """The number to which a callback was promised."""
        work = json.loads(waits["told"] or "{}").get("work") or ("", 0)
        mine = here(CALLBACKS, call_sid=str(work[0]), seq=int(work[1]))
        return connection.execute(sa.select(CALLBACKS.c.number).where(mine)).scalar()
