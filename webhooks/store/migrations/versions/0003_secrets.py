"""What callers entered in secret, sealed and for an hour, so that any worker can continue the call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add one table."""
    op.create_table(
        "secrets",
        sa.Column("handle", sa.String(22), primary_key=True),
        sa.Column("call_sid", sa.String(64), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("until_us", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_secrets_call_sid", "secrets", ["call_sid"])
    op.create_index("ix_secrets_until_us", "secrets", ["until_us"])
