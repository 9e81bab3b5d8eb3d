"""The resources of queues and their members. Source: twilio.com/docs/voice/api/queue-resource, member-resource."""

from __future__ import annotations

import datetime as dt
from hashlib import md5
from typing import TYPE_CHECKING

from webhooks.carrier.exchange.queues import MOST, Member
from webhooks.carrier.exchange.rest.calls import rfc2822
from webhooks.carrier.exchange.rest.errors import not_found
from webhooks.carrier.exchange.rest.parameters import Form
from webhooks.carrier.protocol import Redirected

if TYPE_CHECKING:
    from webhooks.carrier.exchange.exchange import Exchange

__all__ = ["fetch", "fetch_member", "listed", "listed_members", "update_member"]


def listed(exchange: Exchange) -> list[dict[str, object]]:
    """All queues that anybody has waited in."""
    with exchange.lock:
        return [_queue(exchange, name) for name in exchange.queues.by_name]


def fetch(exchange: Exchange, path: str, sid: str) -> dict[str, object]:
    """One queue."""
    with exchange.lock:
        return _queue(exchange, _name(exchange, path, sid))


def listed_members(exchange: Exchange, path: str, sid: str) -> list[dict[str, object]]:
    """Who waits in a queue, the first one first."""
    with exchange.lock:
        members = exchange.queues.by_name[_name(exchange, path, sid)]
        return [_member(exchange, sid, place, member) for place, member in enumerate(members, 1)]


def fetch_member(exchange: Exchange, path: str, sid: str, call_sid: str) -> dict[str, object]:
    """One who waits in a queue; ``Front`` is the first."""
    with exchange.lock:
        name = _name(exchange, path, sid)
        place, member = _found(exchange, path, name, call_sid)
        return _member(exchange, sid, place, member)


def update_member(exchange: Exchange, path: str, sid: str, call_sid: str, form: Form) -> dict[str, object]:
    """Take one out of a queue: they go on with another document."""
    url = form.url("Url", 21205, needed=True)
    form.method("Method")
    with exchange.lock:
        name = _name(exchange, path, sid)
        place, member = _found(exchange, path, name, call_sid)
        leg = member.leg
        exchange.post(leg, Redirected(url), lambda: leg.in_queue == name)
        exchange.queues.leaves(leg, name)
        return _member(exchange, sid, place, member)


def _found(exchange: Exchange, path: str, name: str, call_sid: str) -> tuple[int, Member]:
    for place, member in enumerate(exchange.queues.by_name[name], 1):
        if call_sid in ("Front", member.leg.sid) and member.leg.in_queue == name:
            return place, member
    raise not_found(path)


def _name(exchange: Exchange, path: str, sid: str) -> str:
    for name in exchange.queues.by_name:
        if _sid(exchange, name) == sid:
            return name
    raise not_found(path)


def _sid(exchange: Exchange, name: str) -> str:
    return "QU" + md5(f"{exchange.number.account_sid} {name}".encode(), usedforsecurity=False).hexdigest()


def _queue(exchange: Exchange, name: str) -> dict[str, object]:
    account, sid = exchange.number.account_sid, _sid(exchange, name)
    uri = f"/2010-04-01/Accounts/{account}/Queues/{sid}"
    return {
        "sid": sid,
        "account_sid": account,
        "friendly_name": name,
        "current_size": len(exchange.queues.by_name[name]),
        "average_wait_time": exchange.queues.average_s(name),
        "max_size": MOST,
        "date_created": rfc2822(exchange.began),
        "date_updated": rfc2822(exchange.now()),
        "uri": f"{uri}.json",
        "subresource_uris": {"members": f"{uri}/Members.json"},
    }


def _member(exchange: Exchange, sid: str, place: int, member: Member) -> dict[str, object]:
    account = exchange.number.account_sid
    return {
        "call_sid": member.leg.sid,
        "queue_sid": sid,
        "position": place,
        "wait_time": int(exchange.time.now_s - member.joined_s),
        "date_enqueued": rfc2822(exchange.began + dt.timedelta(seconds=member.joined_s)),
        "uri": f"/2010-04-01/Accounts/{account}/Queues/{sid}/Members/{member.leg.sid}.json",
    }
