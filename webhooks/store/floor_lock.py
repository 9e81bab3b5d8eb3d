"""Only one change of the floor at a time: what every change takes, and an erasure too."""

from __future__ import annotations

import sqlalchemy as sa

__all__ = ["lock_floor"]

_ONE_AT_A_TIME = 0x1F1008


def lock_floor(connection: sa.Connection) -> None:
    """Wait for a change of the floor that is being made, and hold off others until this transaction ends.

    Only PostgreSQL needs it: SQLite has one writer at a time.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
