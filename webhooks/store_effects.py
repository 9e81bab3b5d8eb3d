"""What calls did to the world, in the database: each thing once, with its answer; and the call backs that were promised.

Unlike the records, an effect is written at once: a repeated webhook must find it. The answer is kept sealed, since
it may hold what another machine knows of the caller.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from flows.protocol import Book
from webhooks.store import METADATA, Store

__all__ = ["UNREACHABLE", "CallBacks", "EffectTable"]

UNREACHABLE = (SQLAlchemyError, OSError)
"""What is raised while the database cannot be used."""

_log = logging.getLogger("ivr.effects")


def _keys() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return sa.Column("call_sid", sa.String(64), primary_key=True), sa.Column("seq", sa.Integer, primary_key=True)


_EFFECTS = sa.Table("effects", METADATA, *_keys(), sa.Column("node", sa.String(64), nullable=False),
                    sa.Column("answer", sa.Text), sa.Column("at_us", sa.BigInteger, nullable=False))  # fmt: skip
_CALLBACKS = sa.Table(
    "callbacks", METADATA, *_keys(),
    sa.Column("number", sa.String(32), nullable=False), sa.Column("due", sa.String(16), nullable=False),
    sa.Column("queue", sa.String(200), nullable=False), sa.Column("at_us", sa.BigInteger, nullable=False),
)  # fmt: skip


class EffectTable:
    """The ledger of one service's database.

    Parameters
    ----------
    store : Store
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, call_sid: str, seq: int, node: str, at_us: int) -> bool:
        """Claim an effect; False when it was claimed before. Raises what the database raises."""
        row = {"call_sid": call_sid, "seq": seq, "node": node, "at_us": at_us}
        try:
            with self._store.engine().begin() as connection:
                connection.execute(sa.insert(_EFFECTS), row)
        except IntegrityError:
            return False
        return True

    def finish(self, call_sid: str, seq: int, answer: str) -> None:
        """Keep what came of an effect. Raises what the database raises."""
        with self._store.engine().begin() as connection:
            here = (_EFFECTS.c.call_sid == call_sid) & (_EFFECTS.c.seq == seq)
            connection.execute(sa.update(_EFFECTS).where(here).values(answer=answer))

    def answer(self, call_sid: str, seq: int) -> str:
        """What came of an effect; empty while it is not known."""
        wanted = sa.select(_EFFECTS.c.answer).where(_EFFECTS.c.call_sid == call_sid, _EFFECTS.c.seq == seq)
        with self._store.engine().connect() as connection:
            return connection.execute(wanted).scalar() or ""


class CallBacks:
    """The promised call backs.

    Parameters
    ----------
    store : Store
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def promise(self, book: Book, call_sid: str, seq: int, at_us: int) -> bool:
        """Write a promise down; False when that is not possible now."""
        row = {"call_sid": call_sid, "seq": seq, "number": book.number[:32], "due": book.window, "queue": book.queue, "at_us": at_us}
        try:
            with self._store.engine().begin() as connection:
                connection.execute(sa.insert(_CALLBACKS), row)
        except IntegrityError:
            return True
        except UNREACHABLE as error:
            _log.error("a call back could not be promised (%s)", type(error).__name__)
            return False
        return True

    def all(self) -> list[Mapping[str, Any]]:
        """Every promise, the oldest first. Raises what the database raises."""
        with self._store.engine().connect() as connection:
            return [dict(row) for row in connection.execute(sa.select(_CALLBACKS).order_by(_CALLBACKS.c.at_us)).mappings()]
