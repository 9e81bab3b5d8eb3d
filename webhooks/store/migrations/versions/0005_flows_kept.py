"""When each version of the flow was last put into service, so that the newest one can be told from the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add one column."""
    op.add_column("flows", sa.Column("kept_us", sa.BigInteger))
