"""How many keys the caller pressed; unknown for earlier calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add one column."""
    op.add_column("calls", sa.Column("key_presses", sa.Integer))
