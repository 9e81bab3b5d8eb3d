"""The ledger of effects, which ensures that each is done once, and the promised callbacks.

Unlike the records, an effect is written at once: a repeated webhook must find it. Its answer is kept sealed, because
it may hold what another service knows about the caller.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from flows.protocol.actions import Book
from webhooks.store.database import UNREACHABLE
from webhooks.store.effect_lock import effect_lock
from webhooks.store.failure_reason import failure_reason
from webhooks.store.store import Store
from webhooks.store.tables import CALLBACKS, EFFECTS, ERASED_CALLS, here

__all__ = ["Callbacks", "EffectLedger", "LedgerEntry"]

_log = logging.getLogger("ivr.effects")


class EffectLedger:
    """The effects of all calls in one database.

    Parameters
    ----------
    store : Store
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def entry(self, call_sid: str, seq: int, *, patience_s: float) -> Iterator[LedgerEntry]:
        """The entry of one effect, for one worker at a time; raises what the database raises.

        Parameters
        ----------
        call_sid : str
        seq : int
        patience_s : float
            Seconds to wait for another worker that has the entry.
        """
        with effect_lock(self._store, call_sid, seq, patience_s=patience_s) as (alone, connection):
            yield LedgerEntry(self._store, connection, call_sid, seq, alone=alone)


class LedgerEntry:
    """What is known about one effect.

    Attributes
    ----------
    alone : bool
        Whether no other worker has the entry. If so, an effect that was begun and has no answer was interrupted.
    """

    def __init__(self, store: Store, connection: sa.Connection | None, call_sid: str, seq: int, *, alone: bool) -> None:
        self._store, self._connection, self._call_sid, self._seq, self.alone = store, connection, call_sid, seq, alone

    def begin(self, node: str, at_us: int) -> bool:
        """Claim the effect; False when it was claimed before. Raises what the database raises."""
        row = {"call_sid": self._call_sid, "seq": self._seq, "node": node, "at_us": at_us}
        try:
            with self._store.call_transaction(self._connection) as connection:
                connection.execute(sa.insert(EFFECTS), row)
        except IntegrityError:
            return False
        return True

    def finish(self, answer: str) -> str:
        """Keep the answer unless there is one already, and return the kept one; empty for an erased call.

        Raises what the database raises.
        """
        erased = sa.exists().where(here(ERASED_CALLS, call_sid=self._call_sid))
        mine = here(EFFECTS, call_sid=self._call_sid, seq=self._seq)
        with self._store.call_transaction(self._connection) as connection:
            connection.execute(
                sa.update(EFFECTS).where(mine, EFFECTS.c.answer.is_(None), ~erased).values(answer=answer)
            )
            return self._answer(connection)

    def answer(self) -> str:
        """The kept answer; empty while there is none. Raises what the database raises."""
        with self._store.call_transaction(self._connection) as connection:
            return self._answer(connection)

    def _answer(self, connection: sa.Connection) -> str:
        wanted = sa.select(EFFECTS.c.answer).where(here(EFFECTS, call_sid=self._call_sid, seq=self._seq))
        return connection.execute(wanted).scalar() or ""


class Callbacks:
    """The promised callbacks.

    Parameters
    ----------
    store : Store
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def promise(self, book: Book, call_sid: str, seq: int, at_us: int) -> bool:
        """Record a promise; False when that is not possible now."""
        row = {
            "call_sid": call_sid,
            "seq": seq,
            "number": book.number[:32],
            "due": book.window,
            "queue": book.queue,
            "at_us": at_us,
        }
        try:
            with self.store.call_transaction() as connection:
                connection.execute(sa.insert(CALLBACKS), row)
        except IntegrityError:
            return True
        except UNREACHABLE as error:
            _log.error("a callback could not be promised (%s)", failure_reason(error))
            return False
        return True

    def all(self) -> list[Mapping[str, Any]]:
        """Every promise, oldest first. Raises what the database raises."""
        with self.store.transaction() as connection:
            return [
                dict(row) for row in connection.execute(sa.select(CALLBACKS).order_by(CALLBACKS.c.at_us)).mappings()
            ]
