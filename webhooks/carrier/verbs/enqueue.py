"""<Enqueue>: source twilio.com/docs/voice/twiml/enqueue.

The wait URL's document is asked for again whenever it runs out. The action is asked when the caller has left the queue: after
the conversation when an agent took him, at once otherwise; without an action the next verb follows.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import md5
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from webhooks.carrier.protocol import Dequeued, Gone, Goto, Leave, Next, Other, Over, Problem, Steps, Waits
from webhooks.carrier.talk import farewell, talk
from webhooks.carrier.webhook import fetch

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.document import Element

__all__ = ["MAX_NAME", "WHILE_WAITING", "perform"]

MAX_NAME = 64
WHILE_WAITING = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})
"""Verbs of a wait document."""
_NOT_IN = {"full": "queue-full", "error": "error", "system-error": "system-error"}
"""What people say, and the QueueResult of who never got into the queue."""


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Waits in a queue; where the way out leads."""
    call.answer()
    name, began_s = element.text, call.now_s

    def left(result: str) -> Next:
        inside = {} if result in _NOT_IN.values() else {"QueueSid": _sid(call, name), "QueueTime": str(int(call.now_s - began_s))}
        return call.goto(element, url, {"QueueResult": result, **inside}) if element.get("action") else None

    refused = yield from _refused(call, element)
    if refused:
        return left(refused)
    call.queued, taken_out = name, ""
    try:
        following = yield from _hold(call, element, url, began_s)
    except Dequeued as how:
        taken_out = str(how)
    except Gone:
        call.queued = ""
        yield from farewell(call, left("hangup"))
        raise
    call.queued = ""
    if taken_out == "answer":
        bridged = left("bridged")  # the time in the queue ends where the conversation begins
        try:
            yield from talk(call, name)
        except Gone:
            yield from farewell(call, bridged)
            raise
        return bridged
    if taken_out:
        return left(_NOT_IN.get(taken_out, "leave"))
    if isinstance(following, Leave):
        return left("leave")
    yield from farewell(call, left("hangup") if call.ended_by != "error" else None)
    return following


def _refused(call: Call, element: Element) -> Steps[str]:
    """Why the caller does not get into the queue; empty when he does."""
    name = element.text
    if not name and not element.get("workflowSid") or len(name) > MAX_NAME:
        message = f"line {element.line}: a queue's name has 1 to {MAX_NAME} characters; this one has {len(name)}"
        call.notice(Problem("", message, "shorten it", "warning"))
        return "error"
    while happened := (yield from call.until(call.now_s, Waits("joining", call.serial(), name))):
        thing = happened.thing
        call.did(thing, taken=isinstance(thing, Other) and thing.what in _NOT_IN)
        if isinstance(thing, Other) and thing.what in _NOT_IN:
            return _NOT_IN[thing.what]
    return ""


def _hold(call: Call, element: Element, url: str, began_s: float) -> Steps[Next]:
    """Wait documents, one after the other, until one of them ends the wait."""
    waits = Waits("queue", call.serial(), call.queued, open=True)
    method = "GET" if element.get("waitUrlMethod").upper() == "GET" else "POST"
    first = Goto(urljoin(url, element.get("waitUrl")), method)
    while not element.get("waitUrl"):  # Twilio's own music
        happened = yield from call.until(float("inf"), waits)
        if happened:
            call.did(happened.thing, taken=False)
    following: Goto = first
    while True:
        document = yield from fetch(call, replace(following, form={**_place(call, began_s), **following.form}))
        if document is None:
            return Over(call.status)
        leads = yield from call.perform(document, WHILE_WAITING)
        if isinstance(leads, Leave | Over):
            return leads
        following = leads or first
        if leads is None:
            yield from call.until(call.now_s, waits)


def _place(call: Call, began_s: float) -> dict[str, str]:
    queue = call.number.queue
    return {
        "QueueSid": _sid(call, call.queued), "QueuePosition": str(queue.position), "QueueTime": str(int(call.now_s - began_s)),
        "AvgQueueTime": str(queue.average_s), "CurrentQueueSize": str(queue.size), "MaxQueueSize": str(queue.most),
    }  # fmt: skip


def _sid(call: Call, name: str) -> str:
    return "QU" + md5(f"{call.number.account_sid} {name}".encode(), usedforsecurity=False).hexdigest()
