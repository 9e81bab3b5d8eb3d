"""The first tables. A database older than the migrations has them already."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TABLES = sa.MetaData()


def _table(name: str, *columns: sa.Column[Any], keys: tuple[str, ...] = ("call_sid", "seq")) -> None:
    kinds: dict[str, sa.types.TypeEngine[Any]] = {
        "call_sid": sa.String(64),
        "seq": sa.Integer(),
        "digest": sa.String(16),
    }
    sa.Table(name, _TABLES, *(sa.Column(key, kinds[key], primary_key=True) for key in keys), *columns)


def _must(name: str, kind: sa.types.TypeEngine[Any], *, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, index=index)


_table(
    "calls",
    _must("arrived_us", sa.BigInteger(), index=True),
    sa.Column("language", sa.String(35)),
    sa.Column("outcome", sa.String(20)),
    _must("zero_out", sa.Boolean()),
    _must("attempt", sa.Integer()),
    sa.Column("menu_left_us", sa.BigInteger()),
    sa.Column("ended_us", sa.BigInteger()),
    _must("last_us", sa.BigInteger()),
    _must("seq", sa.Integer()),
    keys=("call_sid",),
)
_table("steps", _must("node", sa.String(64)), sa.Column("outcome", sa.String(80)), _must("at_us", sa.BigInteger()))
_table(
    "visits",
    _must("queue", sa.String(200)),
    _must("offered_us", sa.BigInteger()),
    sa.Column("left_us", sa.BigInteger()),
    sa.Column("result", sa.String(20)),
    sa.Column("waited_us", sa.BigInteger()),
    sa.Column("announced_wait_us", sa.BigInteger()),
)
_table("endings", _must("at_us", sa.BigInteger()), keys=("call_sid",))
_table(
    "messages",
    _must("box", sa.String(200)),
    _must("url", sa.String(500)),
    _must("length_us", sa.BigInteger()),
    _must("at_us", sa.BigInteger()),
)
_table("left_by", _must("key", sa.String(8)))
_table("flows", _must("flow", sa.Text()), keys=("digest",))
_table("effects", _must("node", sa.String(64)), sa.Column("answer", sa.Text()), _must("at_us", sa.BigInteger()))
_table(
    "callbacks",
    _must("number", sa.String(32)),
    _must("due", sa.String(16)),
    _must("queue", sa.String(200)),
    _must("at_us", sa.BigInteger()),
)


def upgrade() -> None:
    """Create the tables that are missing."""
    _TABLES.create_all(op.get_bind())
