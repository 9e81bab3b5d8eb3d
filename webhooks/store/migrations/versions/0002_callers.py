"""Whose call it was, as far as that may be kept, so that a caller's data can be erased; and what was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add two columns and three tables."""
    op.add_column("calls", sa.Column("caller", sa.String(32)))
    op.add_column("calls", sa.Column("caller_shown", sa.String(32)))
    op.create_index("ix_calls_caller", "calls", ["caller"])
    op.create_table("erased_calls", sa.Column("call_sid", sa.String(64), primary_key=True), _at())
    op.create_table("erased_callers", sa.Column("caller", sa.String(32), primary_key=True), _at())
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        _at(),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("caller", sa.String(32)),
        sa.Column("rows", sa.Text, nullable=False),
    )


def _at() -> sa.Column[int]:
    return sa.Column("at_us", sa.BigInteger, nullable=False)
