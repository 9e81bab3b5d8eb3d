"""A lease in the database: one worker at a time has it, and another takes it over when it is not renewed."""

from __future__ import annotations

import sqlalchemy as sa

from webhooks.dispatch.rows import Rows
from webhooks.store.floor_tables import LEASES
from webhooks.store.tables import here

__all__ = ["LEASE_S", "give_up", "take"]

LEASE_S = 1.5
"""Seconds for which a lease holds; its holder renews it much earlier."""
_SERVER_TIME = sa.text("select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)")


def take(rows: Rows, name: str, holder: str, now_us: int, *, lease_us: int) -> bool:
    """Take or renew a lease; False while another holder has it.

    With PostgreSQL, whose holders may be on several machines, its server's clock counts.

    Parameters
    ----------
    rows : Rows
    name, holder : str
    now_us, lease_us : int
        Microseconds: this machine's time, and for how long the lease holds.
    """
    if rows.connection.dialect.name == "postgresql":
        now_us = int(rows.connection.scalar(_SERVER_TIME) or now_us)
    row = {"holder": holder, "until_us": now_us + lease_us}
    known = rows.one(LEASES, name=name)
    if known is None:
        rows.connection.execute(sa.insert(LEASES), {"name": name, **row})
        return True
    # A clock that was set back must not lend it for hours.
    if known["holder"] != holder and now_us < known["until_us"] <= now_us + 2 * lease_us:
        return False
    rows.connection.execute(sa.update(LEASES).where(here(LEASES, name=name)).values(row))
    return True


def give_up(rows: Rows, name: str, holder: str) -> None:
    """Let another holder have the lease at once."""
    rows.connection.execute(sa.delete(LEASES).where(here(LEASES, name=name, holder=holder)))
