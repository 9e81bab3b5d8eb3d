"""Places at appointments: nobody gets one that somebody else has, whatever the workers do at the same time."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from flows.protocol.actions import Book
from webhooks.store.database import UNREACHABLE
from webhooks.store.failure_reason import failure_reason
from webhooks.store.line_tables import PLACES
from webhooks.store.store import Store
from webhooks.store.tables import CALLBACKS, here

__all__ = ["Places", "calendar_of"]

_log = logging.getLogger("ivr.effects")


def calendar_of(name: str, queue: str) -> str:
    """Whose places they are: those of a queue's agents, else of the node.

    Examples
    --------
    >>> calendar_of("advice", "desk"), calendar_of("advice", "")
    ('desk', 'advice')
    """
    return queue or name


class Places:
    """The places of all appointments of a line.

    Parameters
    ----------
    store : Store
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def taken(self, calendar: str, since: str) -> Mapping[str, int]:
        """How many have each time from `since` on (such as 2026-12-01); raises what the database raises."""
        of = PLACES.c.calendar == calendar, PLACES.c.slot >= since
        query = sa.select(PLACES.c.slot, sa.func.count()).where(*of).group_by(PLACES.c.slot)
        with self._store.call_transaction() as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(query)}

    def book(self, book: Book, call_sid: str, seq: int, at_us: int) -> str:
        """Give a place and promise the callback, both or neither: ``booked``, ``taken`` or ``failed``.

        The key of a place lets one caller have it; one who loses it to another tries the next.
        """
        calendar = calendar_of(book.name, book.queue)
        mine = {"call_sid": call_sid, "seq": seq, "at_us": at_us}
        promise = {**mine, "number": book.number[:32], "due": book.window, "queue": book.queue}
        try:
            for place in self._free(calendar, book):
                try:
                    with self._store.call_transaction() as connection:
                        row = {**mine, "calendar": calendar, "slot": book.window, "place": place}
                        connection.execute(sa.insert(PLACES), row)
                        connection.execute(sa.insert(CALLBACKS), promise)
                    return "booked"
                except IntegrityError:
                    if self._has(call_sid, seq):
                        return "booked"  # the same webhook, repeated
            return "booked" if self._has(call_sid, seq) else "taken"
        except UNREACHABLE as error:
            _log.error("an appointment could not be booked (%s)", failure_reason(error))
            return "failed"

    def _free(self, calendar: str, book: Book) -> list[int]:
        query = sa.select(PLACES.c.place).where(here(PLACES, calendar=calendar, slot=book.window))
        with self._store.call_transaction() as connection:
            taken = set(connection.scalars(query))
        return [place for place in range(book.capacity) if place not in taken]

    def _has(self, call_sid: str, seq: int) -> bool:
        query = sa.select(sa.func.count()).select_from(PLACES).where(here(PLACES, call_sid=call_sid, seq=seq))
        with self._store.call_transaction() as connection:
            return bool(connection.execute(query).scalar())
