"""Notes of agents about a call, and about earlier calls of the same caller."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from webhooks.store import Store
from webhooks.store.floor_tables import NOTES
from webhooks.store.tables import CALLS

__all__ = ["LONGEST", "add", "of_call", "of_caller"]

LONGEST = 2_000
"""Most characters of a note."""
_MOST = 20


def add(store: Store, call_sid: str, agent: str, text: str) -> bool:
    """Keep a note; False if there is nothing in it. Raises what the database raises."""
    text = text.strip()[:LONGEST]
    if text:
        row = {"call_sid": call_sid, "agent": agent, "at_us": time.time_ns() // 1_000, "text": text}
        with store.transaction() as connection:
            connection.execute(sa.insert(NOTES), [row])
    return bool(text)


def of_call(connection: sa.Connection, call_sid: str) -> list[dict[str, Any]]:
    """The notes of a call, earliest first."""
    query = sa.select(NOTES).where(NOTES.c.call_sid == call_sid).order_by(NOTES.c.id.desc()).limit(_MOST)
    return [dict(row) for row in connection.execute(query).mappings()][::-1]


def of_caller(connection: sa.Connection, call_sid: str, caller: str | None) -> list[dict[str, Any]]:
    """The notes of earlier calls of a caller, by the hash of their number, latest first."""
    if not caller:
        return []
    theirs = sa.select(CALLS.c.call_sid).where(CALLS.c.caller == caller, CALLS.c.call_sid != call_sid)
    query = sa.select(NOTES).where(NOTES.c.call_sid.in_(theirs)).order_by(NOTES.c.id.desc()).limit(_MOST)
    return [dict(row) for row in connection.execute(query).mappings()]
