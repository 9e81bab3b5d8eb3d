"""What somebody with a virtual telephone sees: whether it rings, what they hear, who is on the line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from webhooks.carrier.call_log import Did, Entry, Heard
from webhooks.carrier.exchange import Exchange
from webhooks.carrier.exchange.leg import Leg
from webhooks.carrier.exchange.phones import Phone
from webhooks.carrier.protocol import Key, OtherParty, Spoken, Words

__all__ = ["shown"]

_ENDINGS = {"busy": "Declined", "no-answer": "Missed", "canceled": "The caller hung up", "failed": "The call failed"}


def shown(exchange: Exchange, phone: Phone, call: str = "", since: int = 0) -> dict[str, Any]:
    """The state of a telephone, and what its page does not know yet, as JSON-ready data.

    Parameters
    ----------
    exchange : Exchange
    phone : Phone
    call : str
        The call that the page shows; its entries up to `since` are known there.
    since : int
        A position in the log of that call.
    """
    leg = phone.leg or phone.last
    if leg is None:
        return {"state": "idle", "title": "Nobody calls", "call": "", "next": 0, "entries": []}
    log = leg.call.log
    first = min(since, len(log)) if call == leg.sid else 0
    state, title = _state(exchange, phone, leg)
    entries = [entry for each in log[first:] for entry in _entry(each)]
    return {"state": state, "title": title, "call": leg.sid, "next": len(log), "entries": entries}


def _state(exchange: Exchange, phone: Phone, leg: Leg) -> tuple[str, str]:
    if phone.leg is None or leg.waiting is None:
        return "idle", _ENDINGS.get(leg.call.status, "The call is over")
    waits = leg.waiting.waits
    if waits.kind == "ringing":
        return "ringing", f"{leg.order.from_ if leg.order else 'Somebody'} calls"
    if waits.kind == "talk":
        others = exchange.others_of(leg)
        return "talking", f"Talking to {others}" if others else "Nobody else is on the line"
    if leg.call.room is not None:
        return "talking", "Somebody joins you in a moment"
    return "listening", "Press a key" if waits.listens else "Listen"


def _entry(entry: Entry) -> Iterator[dict[str, str]]:
    match entry:
        case Heard(verb="Say", text=text) if text:
            yield {"kind": "line", "text": text}
        case Heard(verb="Play"):
            yield {"kind": "event", "text": "Music"}
        case Did(event=Spoken(text=text, by=by)):
            yield {"kind": "other", "text": text, "by": by}
        case Did(event=Words(text=text), taken=True):
            yield {"kind": "me", "text": text}
        case Did(event=Key(key=key), taken=True):
            yield {"kind": "keys", "text": key}
        case Did(event=OtherParty(what="answer", party=party)) if party:
            yield {"kind": "event", "text": f"{party} is on the line"}
