"""What supervisors and admins did to others, and who signed in: kept, and shown to supervisors."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from webhooks.store import Store
from webhooks.store.floor_tables import DESK_AUDIT

__all__ = ["audited", "note"]


def note(store: Store, agent: str, what: str, about: str = "") -> None:
    """Keep that somebody did something; raises what the database raises.

    Parameters
    ----------
    store : Store
    agent : str
        Who did it.
    what, about : str
        What, in a word or two, and to whom.
    """
    row = {"at_us": time.time_ns() // 1_000, "agent": agent, "what": what, "about": about[:200] or None}
    with store.transaction() as connection:
        connection.execute(sa.insert(DESK_AUDIT), [row])


def audited(store: Store, most: int = 50) -> list[Mapping[str, Any]]:
    """The latest entries, latest first; raises what the database raises."""
    query = sa.select(DESK_AUDIT).order_by(DESK_AUDIT.c.id.desc()).limit(most)
    with store.transaction() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
