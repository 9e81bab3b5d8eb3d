"""Tables of what a line does beside its calls: switches, places at appointments, messages for later, who wants none.

Times are microseconds since 1970.
"""

from __future__ import annotations

import sqlalchemy as sa

from webhooks.store.tables import METADATA

__all__ = ["LATER_MESSAGES", "LINE", "OPTED_OUT", "PLACES", "SWITCHES"]


def _us(column: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(column, sa.BigInteger, nullable=null)


def _call() -> tuple[sa.Column[str], sa.Column[int]]:
    return (sa.Column("call_sid", sa.String(64), primary_key=True), sa.Column("seq", sa.Integer, primary_key=True))


SWITCHES = sa.Table(
    "switches",
    METADATA,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("turned_on", sa.Boolean, nullable=False),
    sa.Column("messages", sa.Text),  # JSON: a text by language
    _us("at_us"),  # when somebody turned it last
    _us("until_us", null=True),  # when it goes off by itself
    sa.Column("by_whom", sa.String(100), nullable=False),
)
PLACES = sa.Table(
    "places",
    METADATA,
    sa.Column("calendar", sa.String(200), primary_key=True),  # the node whose slots they are
    sa.Column("slot", sa.String(16), primary_key=True),  # 2026-12-01T15:30, on the clock of the line
    sa.Column("place", sa.Integer, primary_key=True),  # from 0: as many as a slot has
    sa.Column("call_sid", sa.String(64), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    _us("at_us"),
    sa.Index("places_call", "call_sid", "seq", unique=True),
)
"""Who has a place at an appointment; the key lets nobody have another's."""
LATER_MESSAGES = sa.Table(
    "later_messages",
    METADATA,
    *_call(),
    sa.Column("recipient", sa.String(32), nullable=False),
    sa.Column("message", sa.Text, nullable=False),  # JSON: what is sent, and how
    sa.Column("state", sa.String(20), nullable=False),  # waiting, sending, sent, failed, unknown, withdrawn
    _us("due_us"),
    _us("at_us"),
    _us("done_us", null=True),
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    sa.Column("result", sa.String(200)),
    sa.Index("later_messages_due", "state", "due_us"),
)
OPTED_OUT = sa.Table(
    "opted_out",
    METADATA,
    sa.Column("recipient", sa.String(32), primary_key=True),  # hashed, see webhooks.security.caller_numbers
    _us("at_us"),
)
LINE: tuple[sa.Table, ...] = (SWITCHES, PLACES, LATER_MESSAGES, OPTED_OUT)
"""Every table of a line."""
