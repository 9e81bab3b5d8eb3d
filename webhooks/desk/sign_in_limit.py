"""How often a sign-in may fail, for a name and for an address; all workers count together, in the database."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from flows.values.units import US_PER_S
from webhooks.store import Store
from webhooks.store.floor_tables import SIGN_IN_TRIES

__all__ = ["FOR_AN_ADDRESS", "FOR_A_NAME", "WITHIN_S", "forget", "wait_s"]

FOR_A_NAME = 10
FOR_AN_ADDRESS = 30
"""Failures after which nobody may sign in under a name, or from an address; several people share one."""
WITHIN_S = 15 * 60


def wait_s(store: Store, name: str, address: str, now_us: int) -> int:
    """Count a try; how many seconds to wait before it may be made, 0 if it may.

    It is counted before the password is looked at, so that a hundred tries at once are a hundred tries.

    Parameters
    ----------
    store : Store
    name, address : str
    now_us : int
        Microseconds since 1970.
    """
    limits = {_who("name", name): FOR_A_NAME, _who("address", address): FOR_AN_ADDRESS}
    since, tries = now_us - WITHIN_S * US_PER_S, SIGN_IN_TRIES.c
    waits = 0
    with store.transaction() as connection:
        connection.execute(sa.delete(SIGN_IN_TRIES).where(tries.at_us < since))
        connection.execute(sa.insert(SIGN_IN_TRIES), [{"who": who, "at_us": now_us} for who in limits])
        for who, most in limits.items():
            latest = sa.select(tries.at_us).where(tries.who == who).order_by(tries.at_us.desc()).limit(most + 1)
            made = connection.execute(latest).scalars().all()
            if len(made) > most:  # the try that is the most-th before this one has to be forgotten first
                waits = max(waits, -(-(made[-1] - since) // US_PER_S))
        if waits:  # a try that is refused does not make the wait longer
            last = sa.select(sa.func.max(tries.id)).where(tries.who.in_(limits)).group_by(tries.who)
            connection.execute(sa.delete(SIGN_IN_TRIES).where(tries.id.in_(last.scalar_subquery())))
    return int(waits)


def forget(store: Store, name: str, address: str) -> None:
    """Forget the failures of a name after it was signed in, and this try of the address."""
    tries = SIGN_IN_TRIES.c
    with store.transaction() as connection:
        last = sa.select(sa.func.max(tries.id)).where(tries.who == _who("address", address)).scalar_subquery()
        connection.execute(
            sa.delete(SIGN_IN_TRIES).where(sa.or_(tries.who == _who("name", name), tries.id.in_(sa.select(last))))
        )


def _who(kind: str, text: str) -> str:
    return f"{kind} {hashlib.sha256(text.encode()).hexdigest()}"
