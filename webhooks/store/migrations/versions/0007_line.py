"""Switches, places at appointments, messages for later, and numbers that want none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def _us(column: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(column, sa.BigInteger, nullable=null)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "switches",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("turned_on", sa.Boolean, nullable=False),
        sa.Column("messages", sa.Text),
        _us("at_us"),
        _us("until_us", null=True),
        sa.Column("by_whom", sa.String(100), nullable=False),
    )
    op.create_table(
        "places",
        sa.Column("calendar", sa.String(200), primary_key=True),
        sa.Column("slot", sa.String(16), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("call_sid", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        _us("at_us"),
    )
    op.create_index("places_call", "places", ["call_sid", "seq"], unique=True)
    op.create_table(
        "later_messages",
        sa.Column("call_sid", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("recipient", sa.String(32), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        _us("due_us"),
        _us("at_us"),
        _us("done_us", null=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("result", sa.String(200)),
    )
    op.create_index("later_messages_due", "later_messages", ["state", "due_us"])
    op.create_table("opted_out", sa.Column("recipient", sa.String(32), primary_key=True), _us("at_us"))
