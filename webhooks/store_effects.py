"""What calls did to the world, in the database: each thing once, with its answer; and the call backs that were promised.

Unlike the records, an effect is written at once: a repeated webhook must find it. The answer is kept sealed, since
it may hold what another machine knows of the caller.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from flows.protocol import Book
from webhooks.store import UNREACHABLE, Store
from webhooks.store_tables import CALLBACKS, EFFECTS, ERASED_CALLS, here

__all__ = ["CallBacks", "EffectTable"]

_log = logging.getLogger("ivr.effects")


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
            with self._store.in_call() as connection:
                connection.execute(sa.insert(EFFECTS), row)
        except IntegrityError:
            return False
        return True

    def finish(self, call_sid: str, seq: int, answer: str) -> None:
        """Keep what came of an effect, unless the call was erased meanwhile. Raises what the database raises."""
        with self._store.in_call() as connection:
            erased = sa.exists().where(here(ERASED_CALLS, call_sid=call_sid))
            connection.execute(sa.update(EFFECTS).where(here(EFFECTS, call_sid=call_sid, seq=seq), ~erased).values(answer=answer))

    def answer(self, call_sid: str, seq: int) -> str:
        """What came of an effect; empty while it is not known."""
        wanted = sa.select(EFFECTS.c.answer).where(here(EFFECTS, call_sid=call_sid, seq=seq))
        with self._store.in_call() as connection:
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
            with self._store.in_call() as connection:
                connection.execute(sa.insert(CALLBACKS), row)
        except IntegrityError:
            return True
        except UNREACHABLE as error:
            _log.error("a call back could not be promised (%s)", type(error).__name__)
            return False
        return True

    def all(self) -> list[Mapping[str, Any]]:
        """Every promise, the oldest first. Raises what the database raises."""
        with self._store.at_leisure() as connection:
            return [dict(row) for row in connection.execute(sa.select(CALLBACKS).order_by(CALLBACKS.c.at_us)).mappings()]
