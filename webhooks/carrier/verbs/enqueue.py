"""<Enqueue>: waits in a queue. Source: twilio.com/docs/voice/twiml/enqueue.

The document of the wait URL is fetched again whenever it runs out. The action is requested when the caller leaves the
queue: after the conversation if an agent took the call, else at once; without an action the next verb follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from webhooks.carrier.protocol import (
    CallerHungUp,
    CallRedirected,
    Dequeued,
    Goto,
    Leave,
    Next,
    OtherParty,
    Over,
    Steps,
    Waits,
)
from webhooks.carrier.requests.fetch import fetch
from webhooks.carrier.steps.parties import queue_sid
from webhooks.carrier.steps.talk import request_action, request_action_after_hangup, talk
from webhooks.carrier.steps.whisper import hears_whisper

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["MAX_NAME", "WHILE_WAITING", "perform"]

MAX_NAME = 64
WHILE_WAITING = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})
"""Verbs allowed in a wait document."""
_NOT_IN = {"full": "queue-full", "error": "error", "system-error": "system-error"}
"""QueueResult of a caller who cannot join, by what `OtherParty` does."""


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Wait in the queue, then go where the result leads."""
    call.answer()
    refused = yield from _refused(call, element)
    if refused:
        return _left(call, element, url, refused)
    place = {"QueueSid": queue_sid(call, element.text)}
    began_s, following, taken_out = call.now_s, None, ""

    def left(result: str) -> Next:
        return _left(call, element, url, result, {**place, "QueueTime": str(int(call.now_s - began_s))})

    call.queued = element.text
    try:
        following = yield from _hold(call, element, url, began_s)
    except Dequeued as how:
        taken_out = str(how)
    except CallerHungUp:
        call.queued = ""
        yield from request_action_after_hangup(call, left("hangup"))
        raise
    except CallRedirected:
        call.queued = ""
        yield from request_action(call, left("redirected"))
        raise
    call.queued = ""
    if taken_out == "answer":
        return (
            yield from _bridge(
                call, element.text, left("bridging-in-process"), left("bridged"), left("redirected-from-bridged"), place
            )
        )
    if taken_out in _NOT_IN:
        return _left(call, element, url, _NOT_IN[taken_out])
    if isinstance(following, Over):
        yield from request_action_after_hangup(call, left("hangup"))
        return following
    return left("error" if following is None and not taken_out else "leave")


def _left(call: Call, element: Element, url: str, result: str, inside: Mapping[str, str] | None = None) -> Next:
    return call.goto(element, url, {"QueueResult": result, **(inside or {})}) if element.get("action") else None


def _bridge(
    call: Call, name: str, connecting: Next, bridged: Next, moved: Next, place: Mapping[str, str]
) -> Steps[Next]:
    """Play the whisper, then talk; the time in the queue ends where the whisper begins."""
    ends, redirected = connecting, connecting
    try:
        assert isinstance(connecting, Goto | None)
        yield from hears_whisper(call, {**place, "QueueTime": connecting.form["QueueTime"] if connecting else "0"})
        ends, redirected = bridged, moved
        yield from talk(call, name)
    except CallerHungUp:
        yield from request_action_after_hangup(call, ends)
        raise
    except CallRedirected:
        yield from request_action(call, redirected)
        raise
    return bridged


def _refused(call: Call, element: Element) -> Steps[str]:
    """The QueueResult of a caller who cannot join the queue; empty when they can."""
    name = element.text
    if (not name and not element.get("workflowSid")) or len(name) > MAX_NAME:
        message = f"a queue name has 1 to {MAX_NAME} characters, not {len(name)}"
        call.warn(element, message, "change the name")
        return "error"
    while happened := (yield from call.until(call.now_s, Waits("joining", call.serial(), name))):
        event = happened.event
        call.did(event, taken=isinstance(event, OtherParty) and event.what in _NOT_IN)
        if isinstance(event, OtherParty) and event.what in _NOT_IN:
            return _NOT_IN[event.what]
    return ""


def _hold(call: Call, element: Element, url: str, began_s: float) -> Steps[Next]:
    """Play wait documents until one of them ends the wait; None when one cannot be fetched."""
    waits = Waits("queue", call.serial(), call.queued, open=True)
    method = element.method("waitUrlMethod")
    first = Goto(urljoin(url, element.get("waitUrl")), method)
    while not element.get("waitUrl"):  # Twilio's own music
        happened = yield from call.until(float("inf"), waits)
        if happened:
            call.did(happened.event, taken=False)
    following: Goto = first
    while True:
        document = yield from fetch(
            call, replace(following, form={**_place(call, began_s), **following.form}), ends_call=False
        )
        if document is None:
            return None
        leads = yield from call.perform(document, WHILE_WAITING)
        if isinstance(leads, Leave | Over):
            return leads
        following = leads or first
        if leads is None:
            yield from call.until(call.now_s, waits)


def _place(call: Call, began_s: float) -> dict[str, str]:
    queue = call.place_in(call.queued)
    return {
        "QueueSid": queue_sid(call, call.queued),
        "QueuePosition": str(queue.position),
        "QueueTime": str(int(call.now_s - began_s)),
        "AvgQueueTime": str(queue.average_s),
        "CurrentQueueSize": str(queue.size),
        "MaxQueueSize": str(queue.most),
    }
