"""The tables of the service. A change needs a migration in ``migrations/versions``; a test compares them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

__all__ = [
    "AUDIT",
    "CALLBACKS",
    "CALLS",
    "EFFECTS",
    "ENDINGS",
    "ERASED_CALLERS",
    "ERASED_CALLS",
    "FLOWS",
    "LEFT_BY",
    "MESSAGES",
    "METADATA",
    "SECRETS",
    "STEPS",
    "TRACES",
    "VISITS",
    "here",
]

METADATA = sa.MetaData()
"""Every table of the service."""


def _sid() -> sa.Column[str]:
    return sa.Column("call_sid", sa.String(64), primary_key=True)


def _seq() -> sa.Column[int]:
    return sa.Column("seq", sa.Integer, primary_key=True)


def _at() -> sa.Column[int]:
    return sa.Column("at_us", sa.BigInteger, nullable=False)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


CALLS = sa.Table(
    "calls",
    METADATA,
    _sid(),
    sa.Column("arrived_us", sa.BigInteger, nullable=False, index=True),
    sa.Column("language", sa.String(35)),
    sa.Column("outcome", sa.String(20)),
    sa.Column("zero_out", sa.Boolean, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("menu_left_us", sa.BigInteger),
    sa.Column("ended_us", sa.BigInteger),
    sa.Column("last_us", sa.BigInteger, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("caller", sa.String(32), index=True),  # see webhooks.security.caller_numbers
    sa.Column("caller_shown", sa.String(32)),
    sa.Column("key_presses", sa.Integer),
)
STEPS = sa.Table("steps", METADATA, _sid(), _seq(), _text("node", 64), sa.Column("outcome", sa.String(80)), _at())
VISITS = sa.Table(
    "visits",
    METADATA,
    _sid(),
    _seq(),
    _text("queue", 200),
    sa.Column("offered_us", sa.BigInteger, nullable=False),
    sa.Column("left_us", sa.BigInteger),
    sa.Column("result", sa.String(20)),
    sa.Column("waited_us", sa.BigInteger),
    sa.Column("announced_wait_us", sa.BigInteger),
)
ENDINGS = sa.Table("endings", METADATA, _sid(), _at())
MESSAGES = sa.Table(
    "messages",
    METADATA,
    _sid(),
    _seq(),
    _text("box", 200),
    _text("url", 500),
    sa.Column("length_us", sa.BigInteger, nullable=False),
    _at(),
)
LEFT_BY = sa.Table("left_by", METADATA, _sid(), _seq(), _text("key", 8))
FLOWS = sa.Table(
    "flows",
    METADATA,
    sa.Column("digest", sa.String(16), primary_key=True),
    sa.Column("flow", sa.Text, nullable=False),
    sa.Column("kept_us", sa.BigInteger),  # when a service last began to serve it; null in old rows
)
EFFECTS = sa.Table("effects", METADATA, _sid(), _seq(), _text("node", 64), sa.Column("answer", sa.Text), _at())
CALLBACKS = sa.Table(
    "callbacks", METADATA, _sid(), _seq(), _text("number", 32), _text("due", 16), _text("queue", 200), _at()
)
# Tombstones: rows of erased calls that a worker still holds in memory are dropped when it writes them.
ERASED_CALLS = sa.Table("erased_calls", METADATA, _sid(), _at())
ERASED_CALLERS = sa.Table("erased_callers", METADATA, sa.Column("caller", sa.String(32), primary_key=True), _at())
SECRETS = sa.Table(
    "secrets",
    METADATA,
    sa.Column("handle", sa.String(22), primary_key=True),
    sa.Column("call_sid", sa.String(64), nullable=False, index=True),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("until_us", sa.BigInteger, nullable=False, index=True),
)
TRACES: tuple[sa.Table, ...] = (CALLS, STEPS, VISITS, ENDINGS, MESSAGES, LEFT_BY, CALLBACKS, SECRETS)
"""All rows of a call except its effects, which a call in progress needs in order not to repeat them."""
AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _at(),
    _text("what", 20),
    sa.Column("caller", sa.String(32)),
    sa.Column("rows", sa.Text, nullable=False),
)


def here(table: sa.Table, **values: Any) -> sa.ColumnElement[bool]:
    """The rows of a table that have these values.

    Examples
    --------
    >>> str(here(ENDINGS, call_sid="CA1"))
    'endings.call_sid = :call_sid_1'
    """
    return sa.and_(*(table.c[name] == value for name, value in values.items()))
