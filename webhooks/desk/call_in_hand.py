"""What an agent sees of the call that they are offered, have, or have just had."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from flows.model.flow import Flow
from webhooks.desk import notes
from webhooks.desk.number_in_hand import NumberInHand
from webhooks.desk.way import way
from webhooks.dispatch.rows import Offer
from webhooks.store import Store
from webhooks.store.floor_tables import LIVE, OFFERS, WAITING
from webhooks.store.tables import CALLS, STEPS, here

__all__ = ["call_sid_of", "shown"]


def call_sid_of(connection: sa.Connection, call_sid: str) -> str:
    """The caller's call; an agent who is asked for help is offered the other's offer in its place."""
    asked = connection.execute(sa.select(OFFERS.c.call_sid).where(here(OFFERS, offer=call_sid))).scalar()
    return asked or call_sid


def shown(store: Store, flow: Flow, offer: Offer, numbers: NumberInHand) -> dict[str, Any]:
    """The call of an offer, JSON-ready, for the agent who has it; raises what the database raises.

    Parameters
    ----------
    store : Store
    flow : Flow
        Whose words tell the caller's way.
    offer : Offer
    numbers : NumberInHand
    """
    with store.transaction() as connection:
        sid = call_sid_of(connection, offer.call_sid)
        waits = connection.execute(sa.select(WAITING).where(here(WAITING, call_sid=offer.call_sid))).mappings().first()
        call = connection.execute(sa.select(CALLS).where(here(CALLS, call_sid=sid))).mappings().first()
        steps = connection.execute(
            sa.select(STEPS.c.node, STEPS.c.outcome).where(here(STEPS, call_sid=sid)).order_by(STEPS.c.seq)
        )
        passed = [(node, outcome) for node, outcome in steps]
        asked = _asked(connection, offer.offer)
        number = numbers.of(connection, sid, dict(waits or {}))
        own = notes.of_call(connection, sid)
        earlier = notes.of_caller(connection, sid, call["caller"] if call else None)
    told = json.loads((waits and waits["told"]) or "{}")
    language = (waits and waits["language"]) or (call and call["language"]) or ""
    return {
        "offer": offer.offer,
        "call_sid": sid,
        "leg_sid": offer.leg_sid,
        "state": offer.state,
        "kind": waits["kind"] if waits else "call",
        "queue": offer.queue,
        "made_us": offer.made_us,
        "answered_us": offer.answered_us,
        "accepted_us": offer.accepted_us,
        "ended_us": offer.ended_us,
        "began_us": waits["began_us"] if waits else None,
        "waited_us": max(0, (offer.accepted_us or offer.made_us) - waits["joined_us"]) if waits else None,
        "joined_us": waits["joined_us"] if waits else None,
        "caller": number or told.get("caller") or (call and call["caller_shown"]) or "",
        "withheld": number == "",
        "name": told.get("name", ""),
        "language": language,
        "way": [stop._asdict() for stop in way(flow, passed, flow.languages[0])],
        "values": [{"name": name, "text": text} for name, text in (told.get("values") or {}).items()],
        "asked": asked,
        "from": told.get("from", ""),
        "tries": told.get("tries"),
        "work": told.get("work"),
        "guest": _guest_words(told.get("guest") or {}),
        "notes": own,
        "earlier": earlier,
    }


def _asked(connection: sa.Connection, offer: str) -> dict[str, Any] | None:
    """Who is being asked for help with a call: the queue, and the agent as soon as it rings at one; None for nobody."""
    mine = here(WAITING, call_sid=offer), WAITING.c.state != "left"
    queue = connection.execute(sa.select(WAITING.c.queue).where(*mine)).scalar()
    if queue is None:
        return None
    theirs = here(OFFERS, call_sid=offer), OFFERS.c.state.in_(LIVE)
    found = connection.execute(sa.select(OFFERS.c.agent, OFFERS.c.state).where(*theirs)).first()
    agent, state = found or ("", "")
    return {"queue": queue, "agent": agent, "with_you": state == "connected"}


def _guest_words(guest: dict[str, Any]) -> str:
    """How far it is with somebody outside whom the agent has asked."""
    state = guest.get("state", "")
    return {"asked": "The number is being called", "here": "The number is on the line"}.get(
        state, f"The number: {guest.get('why', '')}" if state else ""
    )
