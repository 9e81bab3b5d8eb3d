"""Who is signed in: sessions in the database, known there only by the hash of their token."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

import sqlalchemy as sa

from flows.values.units import US_PER_S
from webhooks.store import Store
from webhooks.store.floor_tables import SIGN_INS
from webhooks.store.tables import here

__all__ = ["ABSOLUTE_S", "IDLE_S", "SignIn", "begin", "end", "found", "sign_out_everywhere"]

IDLE_S = 45 * 60
"""Seconds of silence after which a sign-in ends; an open page is never silent."""
ABSOLUTE_S = 12 * 3_600
"""Seconds after which everybody signs in again."""
_NOTE_S = 60
"""A sign of life is written at most this often."""


@dataclass(frozen=True)
class SignIn:
    """Somebody who is signed in.

    Parameters
    ----------
    agent : str
        Their short name.
    csrf : str
        What every form of theirs must carry.
    token_hash : str
        Names the row.
    """

    agent: str
    csrf: str
    token_hash: str

    def carries(self, given: str) -> bool:
        """Whether a form carries the right token."""
        return hmac.compare_digest(given.encode(), self.csrf.encode())


def begin(store: Store, agent: str, now_us: int | None = None) -> str:
    """Sign somebody in; rows that are over are deleted.

    Returns
    -------
    str
        The token, which is for their cookie alone.
    """
    now, token = _now(now_us), secrets.token_urlsafe(32)
    row = {
        "token_hash": _hash(token),
        "agent": agent,
        "csrf": secrets.token_urlsafe(32),
        "began_us": now,
        "seen_us": now,
        "until_us": now + ABSOLUTE_S * US_PER_S,
    }
    with store.transaction() as connection:
        over = sa.or_(SIGN_INS.c.until_us < now, SIGN_INS.c.seen_us < now - IDLE_S * US_PER_S)
        connection.execute(sa.delete(SIGN_INS).where(over))
        connection.execute(sa.insert(SIGN_INS), [row])
    return token


def found(store: Store, token: str, now_us: int | None = None) -> SignIn | None:
    """Whose token this is; None if it is nobody's, or its time is over."""
    if not token or len(token) > 100:
        return None
    now, named = _now(now_us), here(SIGN_INS, token_hash=_hash(token))
    with store.transaction() as connection:
        row = connection.execute(sa.select(SIGN_INS).where(named)).mappings().one_or_none()
        if row is None:
            return None
        if row["until_us"] < now or row["seen_us"] < now - IDLE_S * US_PER_S:
            connection.execute(sa.delete(SIGN_INS).where(named))
            return None
        if row["seen_us"] < now - _NOTE_S * US_PER_S:
            connection.execute(sa.update(SIGN_INS).where(named).values(seen_us=now))
    return SignIn(row["agent"], row["csrf"], row["token_hash"])


def end(store: Store, sign_in: SignIn) -> None:
    """Sign somebody out of this browser."""
    with store.transaction() as connection:
        connection.execute(sa.delete(SIGN_INS).where(here(SIGN_INS, token_hash=sign_in.token_hash)))


def sign_out_everywhere(store: Store, agent: str) -> None:
    """Sign somebody out of every browser."""
    with store.transaction() as connection:
        connection.execute(sa.delete(SIGN_INS).where(here(SIGN_INS, agent=agent)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _now(now_us: int | None) -> int:
    return time.time_ns() // 1_000 if now_us is None else now_us
