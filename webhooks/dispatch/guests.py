"""Somebody outside whom an agent asks into a conversation: called, there or not, and alone with the caller.

While the agent is there the guest is in their conference. When the agent ends their part, caller and guest go on in a
room of their own, where the caller also waits for a guest whose telephone still rings. One who does not come leaves the
caller in the queue, in front.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from webhooks.dispatch.rows import Offer, Rows
from webhooks.store.floor_tables import LIVE

__all__ = ["ask", "ends", "guest_of", "is_live", "joins", "ring", "room", "too_late"]

_LIVE = ("asked", "here")


def guest_of(call: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is known of the guest of a call: ``offer``, ``state`` (asked, here, gone), ``leg``, ``why``, ``at_us``."""
    told = json.loads((call and call["told"]) or "{}")
    return dict(told.get("guest") or {})


def is_live(call: Mapping[str, Any] | None) -> bool:
    """Whether a guest is being called, or is there.

    Examples
    --------
    >>> is_live({"told": '{"guest": {"state": "asked"}}'}), is_live({"told": "{}"})
    (True, False)
    """
    return guest_of(call).get("state") in _LIVE


def room(offer: str) -> str:
    """The conference of a caller and a guest whom the agent has left to each other.

    Examples
    --------
    >>> room("0a")
    '0afe'
    """
    return f"{offer}fe"


def ask(rows: Rows, offer: Offer, to: str, now_us: int) -> bool:
    """A guest is to be called for the agent of an offer; False while there is one."""
    if is_live(rows.call(offer.call_sid)):
        return False
    rows.order(
        "dial", {"call_sid": offer.call_sid, "conference": offer.offer, "to": to}, offer=offer.offer, now_us=now_us
    )
    _note(rows, offer.call_sid, {"offer": offer.offer, "state": "asked", "at_us": now_us})
    return True


def ring(rows: Rows, offer: Offer, leg_sid: str, now_us: int) -> bool:
    """The carrier has placed the call to the guest; one whom nobody waits for any more is ended."""
    guest = guest_of(rows.call(offer.call_sid))
    rows.carried_out(offer.offer, "dial", leg_sid, now_us)
    if guest.get("offer") != offer.offer or guest["state"] not in _LIVE:
        rows.order("hang_up", {"call_sid": leg_sid}, offer=offer.offer, now_us=now_us)
        return False
    if guest.get("leg") == leg_sid:
        return False
    _note(rows, offer.call_sid, {**guest, "leg": leg_sid})
    return True


def joins(rows: Rows, offer: Offer, now_us: int, *, again: bool) -> tuple[str, bool]:
    """The conference for a guest on the line, and whether it ends with them; empty when nobody is there any more.

    `again` says that the conference with the agent is over.
    """
    call = rows.call(offer.call_sid)
    guest = guest_of(call)
    if call is None or call["state"] != "taken" or guest.get("offer") != offer.offer or guest["state"] not in _LIVE:
        return "", True
    with_agent = offer.state == "connected" and not again
    _note(rows, offer.call_sid, {**guest, "state": "here", "at_us": now_us})
    return (offer.offer, False) if with_agent else (room(offer.offer), True)


def ends(rows: Rows, offer: Offer, why: str, now_us: int) -> bool:
    """The guest does not come, or has gone. A caller who waits for them alone goes back to the queue."""
    call = rows.call(offer.call_sid)
    guest = guest_of(call)
    if call is None or guest.get("offer") != offer.offer or guest["state"] not in _LIVE:
        return False
    _note(rows, offer.call_sid, {**guest, "state": "gone", "why": why[:100], "at_us": now_us})
    rows.withdraw(offer.offer, "dial", now_us)
    if guest.get("leg"):
        rows.order("hang_up", {"call_sid": guest["leg"]}, offer=offer.offer, now_us=now_us)
    if guest["state"] == "asked" and offer.state not in LIVE and call["state"] == "taken":
        rows.change_call(offer.call_sid, state="waiting", since_us=now_us, left_us=None, until_us=None)
        details = {"call_sid": offer.call_sid, "path": "/transfer", "offer": offer.offer}
        rows.order("move", details, offer=offer.offer, now_us=now_us)
    return True


def too_late(call: Mapping[str, Any], limit_us: int, now_us: int) -> bool:
    """Whether a guest has been called for longer than a telephone rings, so that their status was lost."""
    guest = guest_of(call)
    return guest.get("state") == "asked" and now_us >= guest["at_us"] + limit_us


def _note(rows: Rows, call_sid: str, guest: Mapping[str, Any]) -> None:
    told = json.loads((rows.call(call_sid) or {}).get("told") or "{}")
    rows.change_call(call_sid, told=json.dumps({**told, "guest": dict(guest)}, ensure_ascii=False))
