"""Agents, calls that wait for them, offers, and what is asked of the carrier."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_LIVE = sa.text("state IN ('made', 'ringing', 'answered', 'accepted', 'connected')")


def _name(column: str, length: int = 100, *, key: bool = False, null: bool = False) -> sa.Column[str]:
    return sa.Column(column, sa.String(length), primary_key=key, nullable=null)


def _us(column: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(column, sa.BigInteger, nullable=null)


def _count(column: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(column, sa.Integer, primary_key=key, nullable=False)


def _long(column: str, *, null: bool = True) -> sa.Column[str]:
    return sa.Column(column, sa.Text, nullable=null)


def upgrade() -> None:
    """Add the tables."""
    _people()
    _calls()
    _desk()


def _people() -> None:
    op.create_table(
        "people",
        _name("agent", key=True),
        _name("name"),
        _name("grouped", null=True),
        _long("skills"),
        _name("phone", 32, null=True),
        _name("sip", 300, null=True),
        sa.Column("browser", sa.Boolean, nullable=False),
        _long("languages"),
        _name("role", 20),
        _long("password_hash"),
        _us("at_us"),
    )
    op.create_table(
        "agent_states",
        _name("agent", key=True),
        _name("state", 20),
        _name("reason", null=True),
        _us("since_us"),
        _us("until_us", null=True),
        _us("idle_since_us"),
        _us("shift_began_us"),
        _count("calls"),
        _us("worked_us"),
        _count("misses"),
        _us("seen_us"),
        _count("version"),
    )
    op.create_table(
        "agent_log",
        _count("id", key=True),
        _name("agent"),
        _name("grouped", null=True),
        _name("state", 20),
        _name("reason", null=True),
        _us("at_us"),
    )
    op.create_index("agent_log_at", "agent_log", ["at_us", "agent"])


def _calls() -> None:
    op.create_table(
        "waiting",
        _name("call_sid", 64, key=True),
        _name("kind", 20),
        _name("queue", 200),
        _name("queue_sid", 64, null=True),
        sa.Column("urgency", sa.Float, nullable=False),
        _name("language", 35, null=True),
        _us("began_us"),
        _us("joined_us"),
        _us("since_us"),
        _count("visit"),
        _name("draw", 20),
        _long("continues"),
        _long("told"),
        _name("state", 20),
        _us("left_us", null=True),
        _us("seen_us"),
        _us("until_us", null=True),
        _count("version"),
    )
    op.create_table(
        "offers",
        _name("offer", 32, key=True),
        _name("agent"),
        _name("grouped", null=True),
        _name("call_sid", 64),
        _name("queue", 200),
        _name("state", 20),
        _us("made_us"),
        _us("answered_us", null=True),
        _us("accepted_us", null=True),
        _us("connected_us", null=True),
        _us("ended_us", null=True),
        _us("wrapped_us", null=True),
        _count("visit"),
        _name("leg_sid", 64, null=True),
        _name("why", 200, null=True),
    )
    op.create_index("offers_call", "offers", ["call_sid"])
    for index, column in (("one_offer_an_agent", "agent"), ("one_offer_a_call", "call_sid")):
        op.create_index(index, "offers", [column], unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE)
    op.create_table(
        "orders",
        _count("id", key=True),
        _name("offer", 32, null=True),
        _name("what", 20),
        _long("details", null=False),
        _name("state", 20),
        _count("tries"),
        _us("made_us"),
        _us("next_us"),
        _us("lost_us", null=True),
        _us("done_us", null=True),
        _name("result", 200, null=True),
    )
    op.create_index("orders_next", "orders", ["state", "next_us"])
    op.create_table("leases", _name("name", key=True), _name("holder", 64), _us("until_us"))


def _desk() -> None:
    op.create_table(
        "sign_ins",
        _name("token_hash", 64, key=True),
        _name("agent"),
        _name("csrf", 64),
        _us("began_us"),
        _us("seen_us"),
        _us("until_us"),
    )
    op.create_table("sign_in_tries", _count("id", key=True), _name("who", 120), _us("at_us"))
    op.create_index("sign_in_tries_who", "sign_in_tries", ["who", "at_us"])
    op.create_table(
        "desk_audit",
        _count("id", key=True),
        _us("at_us"),
        _name("agent"),
        _name("what"),
        _name("about", 200, null=True),
    )
    op.create_table(
        "work",
        _name("call_sid", 64, key=True),
        _count("seq", key=True),
        _name("kind", 20),
        _name("queue", 200, null=True),
        _name("state", 20),
        _name("agent", null=True),
        _count("tries"),
        _us("at_us"),
        _us("next_us", null=True),
        _us("done_us", null=True),
        _long("note"),
        _long("transcript"),
    )
    op.create_table(
        "notes",
        _count("id", key=True),
        _name("call_sid", 64),
        _name("agent"),
        _us("at_us"),
        _long("text", null=False),
    )
    op.create_index("notes_call", "notes", ["call_sid"])
