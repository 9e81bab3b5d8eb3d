"""Messages for later: kept until they are due, sent at most once, withdrawn when the number wants none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from flows.values.units import US_PER_S
from webhooks.security.caller_numbers import CallerNumbers
from webhooks.store.line_tables import LATER_MESSAGES, OPTED_OUT
from webhooks.store.store import Store
from webhooks.store.tables import here

__all__ = ["LaterMessages", "OptOuts"]

_LOST_US = 600 * US_PER_S
"""A message that has been on its way for so long was begun by a worker that died: nobody knows whether it was sent."""
_OF = LATER_MESSAGES.c


class OptOuts:
    """Numbers that want no messages, kept as hashes.

    Parameters
    ----------
    store : Store
    numbers : CallerNumbers
        Hashes them.
    """

    def __init__(self, store: Store, numbers: CallerNumbers) -> None:
        self._store, self._numbers = store, numbers

    def has(self, number: str) -> bool:
        """Whether a number wants no messages; raises what the database raises."""
        query = sa.select(sa.func.count()).where(OPTED_OUT.c.recipient.in_(self._numbers.found(number)))
        with self._store.call_transaction() as connection:
            return bool(connection.execute(query).scalar())

    def add(self, number: str, now_us: int) -> int:
        """A number wants none from now on; withdraws what waits for it, and counts that."""
        with self._store.transaction() as connection:
            known = OPTED_OUT.c.recipient.in_(self._numbers.found(number))
            if not connection.execute(sa.select(sa.func.count()).where(known)).scalar():
                row = {"recipient": self._numbers.found(number)[0], "at_us": now_us}
                connection.execute(sa.insert(OPTED_OUT), [row])
            waiting = sa.update(LATER_MESSAGES).where(_OF.recipient == number, _OF.state == "waiting")
            return connection.execute(waiting.values(state="withdrawn", done_us=now_us)).rowcount

    def remove(self, number: str) -> None:
        """A number wants messages again."""
        with self._store.transaction() as connection:
            connection.execute(sa.delete(OPTED_OUT).where(OPTED_OUT.c.recipient.in_(self._numbers.found(number))))


class LaterMessages:
    """The messages of a line that are sent later.

    Parameters
    ----------
    store : Store
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, key: tuple[str, int], recipient: str, message: Mapping[str, Any], due_us: int, now_us: int) -> None:
        """Keep a message until it is due; one of the same call and row is kept already. Raises what the database
        raises.
        """
        row = {
            "call_sid": key[0],
            "seq": key[1],
            "recipient": recipient,
            "message": json.dumps(dict(message), ensure_ascii=False),
            "state": "waiting",
            "due_us": due_us,
            "at_us": now_us,
            "tries": 0,
        }
        try:
            with self._store.call_transaction() as connection:
                connection.execute(sa.insert(LATER_MESSAGES), [row])
        except IntegrityError:
            return

    def take(self, now_us: int) -> Mapping[str, Any] | None:
        """The next message that is due, now on its way: no other worker gets it. None when there is none.

        It is marked before it is sent. One whose worker dies meanwhile is never sent again, and found as ``unknown``.
        """
        due = (
            sa.select(LATER_MESSAGES).where(_OF.state == "waiting", _OF.due_us <= now_us).order_by(_OF.due_us).limit(1)
        )
        while True:
            with self._store.transaction() as connection:
                lost = sa.update(LATER_MESSAGES).where(_OF.state == "sending", _OF.done_us < now_us - _LOST_US)
                connection.execute(lost.values(state="unknown", done_us=now_us))
            with self._store.transaction() as connection:
                row = connection.execute(due.limit(1)).mappings().one_or_none()
            if row is None:
                return None
            mine = here(LATER_MESSAGES, call_sid=row["call_sid"], seq=row["seq"], state="waiting")
            with self._store.transaction() as connection:
                taken = (
                    sa.update(LATER_MESSAGES)
                    .where(mine)
                    .values(state="sending", done_us=now_us, tries=row["tries"] + 1)
                )
                if connection.execute(taken).rowcount == 1:
                    return {**row, "message": json.loads(row["message"]), "tries": row["tries"] + 1}

    def done(self, row: Mapping[str, Any], state: str, now_us: int, due_us: int | None = None) -> None:
        """What became of a message that was taken; with `due_us`, it waits again until then."""
        values = {"state": state, "done_us": now_us, **({} if due_us is None else {"due_us": due_us})}
        mine = here(LATER_MESSAGES, call_sid=row["call_sid"], seq=row["seq"], state="sending")
        with self._store.transaction() as connection:
            connection.execute(sa.update(LATER_MESSAGES).where(mine).values(values))
