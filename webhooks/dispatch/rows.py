"""Rows of the floor's tables, read and written inside one transaction."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from ivr.dispatch.agent_state import AgentState
from webhooks.store.floor_lock import lock_floor
from webhooks.store.floor_tables import AGENT_LOG, AGENT_STATES, LIVE, OFFERS, ORDERS, WAITING
from webhooks.store.store import Store
from webhooks.store.tables import here

__all__ = ["ClockUs", "Offer", "Rows", "WaitingRow", "floor_rows", "read_rows", "wall_us"]

ClockUs = Callable[[], int]
"""Gives microseconds since 1970."""
_PATIENCE = 4
"""Tries to begin, of a second each; a caller is waiting."""
_STATE = ("state", "since_us", "until_us", "idle_since_us", "shift_began_us", "calls", "worked_us", "misses")


def wall_us() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1_000


@dataclass(frozen=True)
class WaitingRow:
    """A call that waits for an agent.

    Parameters
    ----------
    call_sid : str
    queue : str
    began_us, joined_us : int
        When the call began, and when it joined the queue.
    visit : int
        Which of the queues that the call has joined, from 0.
    queue_sid : str
        The carrier's queue; empty if it is not in one.
    urgency : float
    language : str
    continues : str
        The sealed conversation, which goes on when the talk is over.
    told : mapping
        What the agent may see, JSON-ready, secrets masked.
    until_us : int or None
        When the carrier asks again at the latest; a caller of whom nothing is heard by then has gone.
    kind : str
        ``call``; ``callback``, whose caller is dialled when an agent has taken it; ``consult``, an agent who asks
        another: its `call_sid` is their offer.
    """

    call_sid: str
    queue: str
    began_us: int
    joined_us: int
    visit: int = 0
    queue_sid: str = ""
    urgency: float = 0.0
    language: str = ""
    continues: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    until_us: int | None = None
    kind: str = "call"


@dataclass(frozen=True)
class Offer:
    """One call offered to one agent; its fields are those of the table ``offers``."""

    offer: str
    agent: str
    call_sid: str
    queue: str
    state: str
    made_us: int
    visit: int = 0
    grouped: str | None = None
    answered_us: int | None = None
    accepted_us: int | None = None
    connected_us: int | None = None
    ended_us: int | None = None
    wrapped_us: int | None = None
    leg_sid: str | None = None
    why: str | None = None


def _no_group(_agent: str) -> str:
    return ""


@contextmanager
def floor_rows(store: Store, group_of: Callable[[str], str] = _no_group) -> Iterator[Rows]:
    """The floor for one change at a time: others wait until it is written. Raises what the database raises."""
    with store.transaction() as connection:
        if connection.dialect.name == "sqlite":
            _begin(connection)
        else:
            lock_floor(connection)
        yield Rows(connection, group_of)


def _begin(connection: sa.Connection) -> None:
    """Wait for whoever writes to a SQLite file; a connection alone would wait for a second (`webhooks.store`)."""
    for left in reversed(range(_PATIENCE)):
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except OperationalError:
            if not left:
                raise


@contextmanager
def read_rows(store: Store) -> Iterator[Rows]:
    """The floor to look at only; raises what the database raises."""
    with store.transaction() as connection:
        yield Rows(connection)


class Rows:
    """The floor inside a transaction.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    group_of : callable
        The group of an agent; empty when they have none.
    """

    def __init__(self, connection: sa.Connection, group_of: Callable[[str], str] = _no_group) -> None:
        self.connection, self.group_of = connection, group_of

    # Agents

    def agent(self, agent: str) -> AgentState:
        """Where an agent is; one who never signed in is signed out."""
        found = self.agents(here(AGENT_STATES, agent=agent))
        return found.get(agent, AgentState("signed_out", 0))

    def agents(self, *where: sa.ColumnElement[bool]) -> dict[str, AgentState]:
        """Agents who ever signed in."""
        return {row["agent"]: _state_in(row) for row in self.all(AGENT_STATES, *where)}

    def put_agent(self, agent: str, state: AgentState, now_us: int) -> None:
        """Write where an agent is now."""
        values = {**asdict(state), "reason": state.reason or None}
        before = self.one(AGENT_STATES, agent=agent)
        if before is None:
            new = {**values, "agent": agent, "seen_us": now_us, "version": 1}
            self.connection.execute(sa.insert(AGENT_STATES), new)
        else:
            changed = {**values, "version": before["version"] + 1}
            self.connection.execute(sa.update(AGENT_STATES).where(here(AGENT_STATES, agent=agent)).values(changed))
        if before is None or (before["state"], before["reason"]) != (state.state, state.reason or None):
            group = self.group_of(agent) or None
            row = {
                "agent": agent,
                "grouped": group,
                "state": state.state,
                "reason": state.reason or None,
                "at_us": now_us,
            }
            self.connection.execute(sa.insert(AGENT_LOG), row)

    def seen(self, agent: str, now_us: int) -> None:
        """Note a sign of life."""
        self.connection.execute(sa.update(AGENT_STATES).where(here(AGENT_STATES, agent=agent)).values(seen_us=now_us))

    # Calls

    def call(self, call_sid: str) -> Mapping[str, Any] | None:
        """The row of a call."""
        return self.one(WAITING, call_sid=call_sid)

    def put_call(self, row: WaitingRow, *, since_us: int, draw: int, now_us: int) -> None:
        """Write a call that waits from now on, in place of what was known of it."""
        values: dict[str, Any] = {
            **asdict(row),
            "queue_sid": row.queue_sid or None,
            "language": row.language or None,
            "told": json.dumps(row.told, ensure_ascii=False),
            "since_us": since_us,
            "draw": str(draw),
            "state": "waiting",
            "left_us": None,
            "seen_us": now_us,
            "version": 1,
        }
        if self.call(row.call_sid) is None:
            self.connection.execute(sa.insert(WAITING), values)
        else:
            self.change_call(values.pop("call_sid"), **values)

    def change_call(self, call_sid: str, **values: Any) -> None:
        """Change columns of a call's row."""
        bumped = {"version": WAITING.c.version + 1, **values}
        self.connection.execute(sa.update(WAITING).where(here(WAITING, call_sid=call_sid)).values(bumped))

    # Offers

    def offer(self, offer: str) -> Offer | None:
        """An offer."""
        return next(iter(self.offers(here(OFFERS, offer=offer))), None)

    def offers(self, *where: sa.ColumnElement[bool]) -> list[Offer]:
        """Offers, earliest first."""
        rows = self.all(OFFERS, *where, order=(OFFERS.c.made_us, OFFERS.c.offer))
        return [Offer(**row) for row in rows]

    def live_offers(self, *where: sa.ColumnElement[bool]) -> list[Offer]:
        """Offers that hold their agent and their call."""
        return self.offers(OFFERS.c.state.in_(LIVE), *where)

    def add_offer(self, offer: Offer) -> None:
        """Write a new offer."""
        self.connection.execute(sa.insert(OFFERS), asdict(offer))

    def change_offer(self, offer: str, **values: Any) -> None:
        """Change columns of an offer."""
        self.connection.execute(sa.update(OFFERS).where(here(OFFERS, offer=offer)).values(values))

    # Orders

    def order(self, what: str, details: Mapping[str, Any], *, offer: str | None, now_us: int) -> None:
        """Plan something that is asked of the carrier."""
        row = {
            "offer": offer,
            "what": what,
            "details": json.dumps(details, ensure_ascii=False),
            "state": "planned",
            "tries": 0,
            "made_us": now_us,
            "next_us": now_us,
        }
        self.connection.execute(sa.insert(ORDERS), row)

    def withdraw(self, offer: str, what: str, now_us: int) -> bool:
        """Take back an order of an offer that was not sent yet; True if there was one."""
        taken = self.connection.execute(
            sa.update(ORDERS)
            .where(here(ORDERS, offer=offer, what=what, state="planned"))
            .values(state="failed", result="withdrawn", done_us=now_us)
        )
        return taken.rowcount > 0

    def carried_out(self, offer: str, what: str, result: str, now_us: int) -> None:
        """An order was carried out, as the carrier's request shows; nobody is to try it again."""
        self.connection.execute(
            sa.update(ORDERS)
            .where(here(ORDERS, offer=offer, what=what), ORDERS.c.state.in_(("planned", "sending", "unknown")))
            .values(state="done", result=result, done_us=now_us)
        )

    # Any table

    def all(
        self, table: sa.Table, *where: sa.ColumnElement[bool], order: tuple[sa.Column[Any], ...] = ()
    ) -> list[dict[str, Any]]:
        """Rows of a table."""
        query = sa.select(table).where(*where).order_by(*(order or table.primary_key.columns))
        return [dict(row) for row in self.connection.execute(query).mappings()]

    def one(self, table: sa.Table, **values: Any) -> dict[str, Any] | None:
        """The row that has these values."""
        return next(iter(self.all(table, here(table, **values))), None)


def _state_in(row: Mapping[str, Any]) -> AgentState:
    return AgentState(reason=row["reason"] or "", **{name: row[name] for name in _STATE})
