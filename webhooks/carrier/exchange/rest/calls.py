"""The resource of calls. Source: twilio.com/docs/voice/api/call-resource."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email.utils import format_datetime
from typing import TYPE_CHECKING

from webhooks.carrier.call import MAX_CALL_S
from webhooks.carrier.exchange.leg import Leg, OutboundOrder
from webhooks.carrier.exchange.rest.errors import RestError, not_found
from webhooks.carrier.exchange.rest.parameters import Form, after
from webhooks.carrier.protocol import HangUp, Redirected

if TYPE_CHECKING:
    from webhooks.carrier.exchange.exchange import Exchange

__all__ = ["create", "fetch", "found", "listed", "rfc2822", "shown", "update"]

_EVENTS = ("initiated", "ringing", "answered", "completed")
_MAX_RING_S = 600
_INVALID_URL, _INVALID_STATUS_URL = 21205, 21609
_NOT_IN_PROGRESS = 21220


def create(exchange: Exchange, form: Form) -> dict[str, object]:
    """Call somebody."""
    to, from_ = form.dialled("To", 21201, 21211), form.dialled("From", 21213, 21212)
    if form.has("Twiml") or form.has("ApplicationSid"):
        raise RestError(400, _INVALID_URL, "this carrier takes the document of a call from Url alone; leave out Twiml")
    number = replace(
        exchange.number,
        url=form.url("Url", _INVALID_URL, needed=True),
        method=form.method("Method"),
        fallback_url=form.url("FallbackUrl", _INVALID_URL),
        fallback_method=form.method("FallbackMethod"),
    )
    order = OutboundOrder(
        to,
        from_,
        form.whole("Timeout", 60, 1, _MAX_RING_S),
        form.url("StatusCallback", _INVALID_STATUS_URL),
        form.method("StatusCallbackMethod"),
        form.events("StatusCallbackEvent", _EVENTS, "completed"),
    )
    form.whole("TimeLimit", int(MAX_CALL_S), 1, int(MAX_CALL_S))
    return shown(exchange, exchange.call_out(order, number))


def fetch(exchange: Exchange, path: str, sid: str) -> dict[str, object]:
    """One call."""
    return shown(exchange, found(exchange, path, sid))


def listed(exchange: Exchange, form: Form) -> list[dict[str, object]]:
    """The calls that fit the filters, the last one first."""
    with exchange.lock:
        legs = list(exchange.legs.values())
    return [
        shown(exchange, leg)
        for leg in reversed(legs)
        if form.get("To") in ("", _to(leg))
        and form.get("From") in ("", _from(leg))
        and form.get("Status") in ("", _status(leg))
        and after(form, "StartTime", _began(exchange, leg))
        and (leg.ended_s is not None or not any(form.has(f"EndTime{sign}") for sign in ("", "<", ">")))
        and after(form, "EndTime", exchange.began + dt.timedelta(seconds=leg.ended_s or 0.0))
    ]


def update(exchange: Exchange, path: str, sid: str, form: Form) -> dict[str, object]:
    """End a call, or have it go on with another document."""
    leg, status = found(exchange, path, sid), form.get("Status")
    if status not in ("", "canceled", "completed"):
        raise RestError(400, 20001, f"Status {status!r} is neither canceled nor completed")
    url = form.url("Url", _INVALID_URL)
    if leg.is_over:
        raise RestError(400, _NOT_IN_PROGRESS, "Call is not in-progress. Cannot redirect.")
    if status == "completed" or (status == "canceled" and not _answered(leg)):
        exchange.post(leg, HangUp("line"))
    elif status == "canceled":
        raise RestError(400, _NOT_IN_PROGRESS, "Call is in-progress. Cannot cancel; set Status to completed.")
    elif url:
        if not _answered(leg):
            raise RestError(400, _NOT_IN_PROGRESS, "Call is not in-progress. Cannot redirect.")
        form.method("Method")
        exchange.post(leg, Redirected(url))
    return shown(exchange, leg)


def found(exchange: Exchange, path: str, sid: str) -> Leg:
    """The call with this Sid."""
    with exchange.lock:
        leg = exchange.legs.get(sid)
    if leg is None:
        raise not_found(path)
    return leg


def shown(exchange: Exchange, leg: Leg) -> dict[str, object]:
    """A call as the API shows it."""
    account, sid = exchange.number.account_sid, leg.sid
    ended = exchange.began + dt.timedelta(seconds=leg.ended_s) if leg.ended_s is not None else None
    answered_s = leg.order.answered_s if leg.order else 0.0
    seconds = None if ended is None else "0" if answered_s is None else str(round(leg.call.now_s - answered_s))
    uri = f"/2010-04-01/Accounts/{account}/Calls/{sid}"
    began = rfc2822(_began(exchange, leg))
    return {
        "sid": sid,
        "account_sid": account,
        "to": _to(leg),
        "to_formatted": _to(leg),
        "from": _from(leg),
        "from_formatted": _from(leg),
        "status": _status(leg),
        "direction": leg.call.parameters()["Direction"],
        "date_created": began,
        "date_updated": rfc2822(ended or exchange.now()),
        "start_time": began if answered_s is not None or ended else None,
        "end_time": rfc2822(ended) if ended else None,
        "duration": seconds,
        "api_version": "2010-04-01",
        "answered_by": None,
        "annotation": None,
        "caller_name": None,
        "forwarded_from": None,
        "group_sid": None,
        "parent_call_sid": None,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "trunk_sid": None,
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
    }


def rfc2822(moment: dt.datetime) -> str:
    """A moment as Twilio writes it."""
    return format_datetime(moment.astimezone(dt.UTC).replace(microsecond=0))


def _began(exchange: Exchange, leg: Leg) -> dt.datetime:
    return exchange.began + dt.timedelta(seconds=leg.began_s)


def _answered(leg: Leg) -> bool:
    return leg.order is None or leg.order.answered_s is not None


def _status(leg: Leg) -> str:
    return "ringing" if leg.call.status == "initiated" else leg.call.status


def _to(leg: Leg) -> str:
    return leg.call.parameters().get("To", "")


def _from(leg: Leg) -> str:
    return leg.call.parameters().get("From", "")
