"""The tables of the floor: agents, calls that wait for them, offers and what is asked of the carrier.

The floor has no other memory. Whoever holds the dispatcher's lease reads it here, so a dispatcher that dies is replaced
by one that knows as much. Times are microseconds since 1970. Of the live offers, indexes allow one an agent and one a
call, whatever any program does.
"""

from __future__ import annotations

import sqlalchemy as sa

from webhooks.store.tables import METADATA

__all__ = [
    "AGENT_LOG",
    "AGENT_STATES",
    "DESK_AUDIT",
    "FLOOR",
    "LEASES",
    "LIVE",
    "NOTES",
    "OFFERS",
    "ORDERS",
    "PEOPLE",
    "SIGN_INS",
    "SIGN_IN_TRIES",
    "WAITING",
    "WORK",
]

LIVE = ("made", "ringing", "answered", "accepted", "connected")
"""States of an offer that holds its agent and its call."""


def _name(column: str, length: int = 100, *, key: bool = False, null: bool = False) -> sa.Column[str]:
    return sa.Column(column, sa.String(length), primary_key=key, nullable=null)


def _us(column: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(column, sa.BigInteger, nullable=null)


def _count(column: str) -> sa.Column[int]:
    return sa.Column(column, sa.Integer, nullable=False, default=0)


def _long(column: str, *, null: bool = True) -> sa.Column[str]:
    return sa.Column(column, sa.Text, nullable=null)


PEOPLE = sa.Table(
    "people",
    METADATA,
    _name("agent", key=True),
    _name("name"),
    _name("grouped", null=True),
    _long("skills"),  # JSON: level by skill
    _name("phone", 32, null=True),
    _name("sip", 300, null=True),
    sa.Column("browser", sa.Boolean, nullable=False),
    _long("languages"),  # JSON: a list
    _name("role", 20),  # agent, supervisor, admin
    _long("password_hash"),
    _us("at_us"),
)
"""People added by command; those of the agents file are not here."""
AGENT_STATES = sa.Table(
    "agent_states",
    METADATA,
    _name("agent", key=True),
    _name("state", 20),  # signed_out, ready, offered, talking, wrap_up, paused
    _name("reason", null=True),
    _us("since_us"),
    _us("until_us", null=True),  # when wrap-up ends
    _us("idle_since_us"),
    _us("shift_began_us"),
    _count("calls"),
    sa.Column("worked_us", sa.BigInteger, nullable=False, default=0),
    _count("misses"),
    _us("seen_us"),  # last sign of life of the desk's page
    _count("version"),
)
AGENT_LOG = sa.Table(
    "agent_log",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _name("agent"),
    _name("grouped", null=True),
    _name("state", 20),
    _name("reason", null=True),
    _us("at_us"),
    sa.Index("agent_log_at", "at_us", "agent"),
)
"""Every change of an agent's state."""
WAITING = sa.Table(
    "waiting",
    METADATA,
    _name("call_sid", 64, key=True),
    _name("kind", 20),  # call, callback
    _name("queue", 200),
    _name("queue_sid", 64, null=True),
    sa.Column("urgency", sa.Float, nullable=False, default=0.0),
    _name("language", 35, null=True),
    _us("began_us"),
    _us("joined_us"),
    _us("since_us"),  # when it may first be given away: joined, or the last agent did not take it
    _count("visit"),  # which of the queues that the call has joined, from 0
    _name("draw", 20),  # a number below 2**64, in decimals
    _long("continues"),  # the sealed conversation
    _long("told"),  # JSON: what the agent may see, secrets masked
    _name("state", 20),  # waiting, taken, left
    _us("left_us", null=True),
    _us("seen_us"),
    _us("until_us", null=True),  # without another request by then, the caller has gone
    _count("version"),
)
OFFERS = sa.Table(
    "offers",
    METADATA,
    _name("offer", 32, key=True),
    _name("agent"),
    _name("grouped", null=True),  # their group
    _name("call_sid", 64),
    _name("queue", 200),
    _name("state", 20),  # LIVE, or: ended, missed, busy, declined, mailbox, cancelled, failed
    _us("made_us"),
    _us("answered_us", null=True),
    _us("accepted_us", null=True),
    _us("connected_us", null=True),
    _us("ended_us", null=True),
    _us("wrapped_us", null=True),  # when the agent's wrap-up after it was over
    _count("visit"),
    _name("leg_sid", 64, null=True),
    _name("why", 200, null=True),
    sa.Index("offers_call", "call_sid"),
)
_IS_LIVE = OFFERS.c.state.in_(LIVE)
sa.Index("one_offer_an_agent", OFFERS.c.agent, unique=True, sqlite_where=_IS_LIVE, postgresql_where=_IS_LIVE)
sa.Index("one_offer_a_call", OFFERS.c.call_sid, unique=True, sqlite_where=_IS_LIVE, postgresql_where=_IS_LIVE)
ORDERS = sa.Table(
    "orders",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _name("offer", 32, null=True),
    _name("what", 20),  # ring, hang_up, move, say, message, dial
    _long("details", null=False),  # JSON
    _name("state", 20),  # planned, sending, done, failed, unknown
    _count("tries"),
    _us("made_us"),
    _us("next_us"),
    _us("lost_us", null=True),  # since when nobody knows whether it was carried out
    _us("done_us", null=True),
    _name("result", 200, null=True),
    sa.Index("orders_next", "state", "next_us"),
)
"""What is asked of the carrier, written before it is sent."""
LEASES = sa.Table("leases", METADATA, _name("name", key=True), _name("holder", 64), _us("until_us"))
SIGN_INS = sa.Table(
    "sign_ins",
    METADATA,
    _name("token_hash", 64, key=True),
    _name("agent"),
    _name("csrf", 64),
    _us("began_us"),
    _us("seen_us"),
    _us("until_us"),
)
SIGN_IN_TRIES = sa.Table(
    "sign_in_tries",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _name("who", 120),  # a person or an address
    _us("at_us"),
    sa.Index("sign_in_tries_who", "who", "at_us"),
)
"""Sign-ins that failed, or are being checked; all workers count them together."""
DESK_AUDIT = sa.Table(
    "desk_audit",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _us("at_us"),
    _name("agent"),
    _name("what"),
    _name("about", 200, null=True),
)
WORK = sa.Table(
    "work",
    METADATA,
    _name("call_sid", 64, key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    _name("kind", 20),  # callback, voicemail
    _name("queue", 200, null=True),
    _name("state", 20),  # open, taken, done, failed
    _name("agent", null=True),
    _count("tries"),
    _us("at_us"),
    _us("next_us", null=True),
    _us("done_us", null=True),
    _long("note"),
    _long("transcript"),
)
"""Callbacks and voicemails, and how far agents are with them."""
NOTES = sa.Table(
    "notes",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _name("call_sid", 64),
    _name("agent"),
    _us("at_us"),
    _long("text", null=False),
    sa.Index("notes_call", "call_sid"),
)
FLOOR: tuple[sa.Table, ...] = (
    PEOPLE,
    AGENT_STATES,
    AGENT_LOG,
    WAITING,
    OFFERS,
    ORDERS,
    LEASES,
    SIGN_INS,
    SIGN_IN_TRIES,
    DESK_AUDIT,
    WORK,
    NOTES,
)
"""Every table of the floor."""
