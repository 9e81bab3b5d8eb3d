"""The resources of conferences and who is in them. Source: twilio.com/docs/voice/api/conference-resource, and
conference-participant-resource.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.exchange.rest.calls import rfc2822
from webhooks.carrier.exchange.rest.errors import RestError, not_found
from webhooks.carrier.exchange.rest.parameters import Form
from webhooks.carrier.exchange.rooms import Participant, Room

if TYPE_CHECKING:
    from webhooks.carrier.exchange.exchange import Exchange

__all__ = [
    "fetch",
    "fetch_participant",
    "listed",
    "listed_participants",
    "remove_participant",
    "update",
    "update_participant",
]


def listed(exchange: Exchange, form: Form) -> list[dict[str, object]]:
    """The conferences that are not over."""
    with exchange.lock:
        rooms = list(exchange.rooms.by_name.values())
        return [
            _conference(exchange, room)
            for room in rooms
            if form.get("FriendlyName") in ("", room.name) and form.get("Status") in ("", room.status)
        ]


def fetch(exchange: Exchange, path: str, sid: str) -> dict[str, object]:
    """One conference, by its Sid or name."""
    return _conference(exchange, _room(exchange, path, sid))


def update(exchange: Exchange, path: str, sid: str, form: Form) -> dict[str, object]:
    """End a conference."""
    if form.get("Status") not in ("", "completed"):
        raise RestError(400, 20001, f"Status {form.get('Status')!r} is not completed")
    with exchange.lock:
        room = _room(exchange, path, sid)
        if form.get("Status"):
            exchange.rooms.end(room)
        return _conference(exchange, room)


def listed_participants(exchange: Exchange, path: str, sid: str) -> list[dict[str, object]]:
    """Who is in a conference."""
    with exchange.lock:
        room = _room(exchange, path, sid)
        return [_participant(exchange, room, each) for each in room.participants]


def fetch_participant(exchange: Exchange, path: str, sid: str, call_sid: str) -> dict[str, object]:
    """One who is in a conference."""
    with exchange.lock:
        room = _room(exchange, path, sid)
        return _participant(exchange, room, _found(room, path, call_sid))


def update_participant(exchange: Exchange, path: str, sid: str, call_sid: str, form: Form) -> dict[str, object]:
    """Mute somebody, put them on hold, or have their departure end the conference."""
    muted, hold, ends = (form.flag(name) for name in ("Muted", "Hold", "EndConferenceOnExit"))
    with exchange.lock:
        room = _room(exchange, path, sid)
        each = _found(room, path, call_sid)
        each.muted = each.muted if muted is None else muted
        each.on_hold = each.on_hold if hold is None else hold
        each.ends = each.ends if ends is None else ends
        return _participant(exchange, room, each)


def remove_participant(exchange: Exchange, path: str, sid: str, call_sid: str) -> None:
    """Take somebody out of a conference."""
    with exchange.lock:
        room = _room(exchange, path, sid)
        exchange.rooms.remove(room, _found(room, path, call_sid).leg)


def _room(exchange: Exchange, path: str, sid: str) -> Room:
    room = exchange.room(sid)
    if room is None:
        raise not_found(path)
    return room


def _found(room: Room, path: str, call_sid: str) -> Participant:
    for each in room.participants:
        if each.leg.sid == call_sid:
            return each
    raise not_found(path)


def _conference(exchange: Exchange, room: Room) -> dict[str, object]:
    account = exchange.number.account_sid
    uri = f"/2010-04-01/Accounts/{account}/Conferences/{room.sid}"
    return {
        "sid": room.sid,
        "account_sid": account,
        "friendly_name": room.name,
        "status": room.status,
        "region": "us1",
        "reason_conference_ended": None,
        "call_sid_ending_conference": None,
        "date_created": rfc2822(room.began_at),
        "date_updated": rfc2822(exchange.now()),
        "api_version": "2010-04-01",
        "uri": f"{uri}.json",
        "subresource_uris": {"participants": f"{uri}/Participants.json"},
    }


def _participant(exchange: Exchange, room: Room, each: Participant) -> dict[str, object]:
    account = exchange.number.account_sid
    return {
        "call_sid": each.leg.sid,
        "account_sid": account,
        "conference_sid": room.sid,
        "label": each.noun.get("participantLabel") or None,
        "muted": each.muted,
        "hold": each.on_hold,
        "coaching": False,
        "call_sid_to_coach": None,
        "end_conference_on_exit": each.ends,
        "start_conference_on_enter": each.noun.get("startConferenceOnEnter") != "false",
        "status": "connected",
        "queue_time": "0",
        "date_created": rfc2822(each.joined_at),
        "date_updated": rfc2822(exchange.now()),
        "uri": f"/2010-04-01/Accounts/{account}/Conferences/{room.sid}/Participants/{each.leg.sid}.json",
    }
