"""What is deleted from the floor's tables: everything of an erased caller, and rows that are too old."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from webhooks.store.floor_tables import AGENT_LOG, DESK_AUDIT, LIVE, NOTES, OFFERS, ORDERS, WAITING, WORK
from webhooks.store.tables import CALLBACKS, here
from webhooks.store.waiting_names import waiting_sid

__all__ = ["CALLERS", "erase_callbacks", "erase_from_floor", "purge_floor"]

CALLERS: tuple[sa.Table, ...] = (WAITING, OFFERS, ORDERS, NOTES, WORK)
"""Tables that hold something of a caller."""
_OVER = ("done", "failed")


def erase_from_floor(connection: sa.Connection, sids: Sequence[str]) -> dict[str, int]:
    """Delete what is known of calls, and count the rows by table.

    Of a call in progress there stays what the floor needs to bring it to its agent, without what the caller has said.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    sids : sequence of str
        CallSids.
    """
    promised = connection.execute(sa.select(WORK.c.call_sid, WORK.c.seq).where(WORK.c.call_sid.in_(sids))).all()
    sids = [*sids, *(waiting_sid(call_sid, seq) for call_sid, seq in promised)]
    theirs, over = OFFERS.c.call_sid.in_(sids), OFFERS.c.state.not_in(LIVE)
    offers = list(connection.scalars(sa.select(OFFERS.c.offer).where(theirs)))
    of_floor = WAITING.c.call_sid.in_([*sids, *offers])
    held = sa.exists().where(OFFERS.c.call_sid == WAITING.c.call_sid, OFFERS.c.state.in_(LIVE))
    nobodys = sa.and_(here(WAITING, kind="callback", state="waiting"), ~held)  # there is no number left to dial
    gone = {
        "orders": sa.delete(ORDERS).where(ORDERS.c.offer.in_(offers), ORDERS.c.state.in_(_OVER)),
        "offers": sa.delete(OFFERS).where(theirs, over),
        "waiting": sa.delete(WAITING).where(of_floor, sa.or_(WAITING.c.state == "left", nobodys)),
        "notes": sa.delete(NOTES).where(NOTES.c.call_sid.in_(sids)),
        "work": sa.delete(WORK).where(WORK.c.call_sid.in_(sids)),
    }
    counts = {name: connection.execute(statement).rowcount for name, statement in gone.items()}
    counts["waiting"] += connection.execute(
        sa.update(WAITING).where(of_floor, WAITING.c.told != "{}").values(told="{}")
    ).rowcount
    return counts


def erase_callbacks(connection: sa.Connection, promised: sa.ColumnElement[bool]) -> dict[str, int]:
    """Delete what agents have of callbacks, which may be to another number than that of the call; counted by table.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    promised : column element
        Which rows of `CALLBACKS`.
    """
    rows = connection.execute(sa.select(CALLBACKS.c.call_sid, CALLBACKS.c.seq).where(promised)).all()
    gone = erase_from_floor(connection, [waiting_sid(call_sid, seq) for call_sid, seq in rows])
    for call_sid, seq in rows:
        gone["work"] += connection.execute(sa.delete(WORK).where(here(WORK, call_sid=call_sid, seq=seq))).rowcount
    return gone


def purge_floor(
    connection: sa.Connection, *, calls_before_us: int | None, audit_before_us: int | None
) -> dict[str, int]:
    """Delete rows older than these moments, and count them by table; None keeps them.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    calls_before_us : int or None
        For what belongs to calls, and for the agents' hours.
    audit_before_us : int or None
        For what supervisors did.
    """
    old: list[tuple[sa.Table, sa.ColumnElement[bool]]] = []
    if calls_before_us is not None:
        before = calls_before_us
        old += [
            (ORDERS, sa.and_(ORDERS.c.state.in_(_OVER), ORDERS.c.made_us < before)),
            (OFFERS, sa.and_(OFFERS.c.state.not_in(LIVE), OFFERS.c.made_us < before)),
            (WAITING, sa.and_(WAITING.c.state == "left", WAITING.c.joined_us < before)),
            (NOTES, NOTES.c.at_us < before),
            (WORK, sa.and_(WORK.c.state.in_(_OVER), WORK.c.at_us < before)),
            (AGENT_LOG, AGENT_LOG.c.at_us < before),
        ]
    if audit_before_us is not None:
        old.append((DESK_AUDIT, DESK_AUDIT.c.at_us < audit_before_us))
    return {table.name: connection.execute(sa.delete(table).where(where)).rowcount for table, where in old}
