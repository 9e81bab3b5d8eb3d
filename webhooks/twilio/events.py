"""Turns a carrier's request into the event that the call waits for.

Parameters may be missing or absurd; nothing here raises or returns more than the interpreter accepts.
Source of names and values: twilio.com/docs/voice/twiml (gather, enqueue, dial, record, pay).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import assert_never

from flows.protocol.actions import (
    Action,
    Ask,
    Book,
    Dial,
    Enqueue,
    Event,
    Fetch,
    HangUp,
    HungUp,
    Keys,
    Listen,
    Outcome,
    Passed,
    Pay,
    Record,
    Say,
    Send,
    Silence,
    Speech,
    Start,
)
from flows.protocol.payment import PAID, PAY_ENDINGS, REJECTED
from flows.values.caller_numbers import normal_number

__all__ = ["DECLINED", "FULL", "MAX_KEYS", "event_of", "is_over", "start_event", "whole_number"]

DECLINED = "declined"
"""Used in place of a key when somebody who was dialled has not accepted the call."""
FULL = "full"
"""Used in place of a key when a caller leaves a queue because it is full."""
MAX_KEYS = 65
"""Digits kept: one more than any node accepts (64), so that too many never look like enough."""
_MAX_SPEECH = 640
_NO_KEY = re.compile(r"[^0-9*#A-D]")
_OVER = ("completed", "busy", "failed", "no-answer", "canceled")
_SERVED = ("bridged", "bridging-in-process", "redirected-from-bridged", "redirected")
"""Results that mean an agent has the caller; ``redirected`` when the REST API took the call out of the queue."""


def start_event(form: Mapping[str, str]) -> Start:
    """The beginning of a call, with the numbers of both sides; a withheld one is empty.

    Examples
    --------
    >>> start_event({"From": "anonymous", "To": "+18005550100"})
    Start(ani='', dnis='+18005550100', values={}, language='')
    """
    ani, dnis = form.get("From") or form.get("Caller", ""), form.get("To") or form.get("Called", "")
    return Start(normal_number(ani), normal_number(dnis))


def is_over(form: Mapping[str, str]) -> bool:
    """Whether the caller is no longer on the line."""
    return form.get("CallStatus", "") in _OVER


def whole_number(text: str | None) -> int | None:
    """A number of seconds, or a position; None for anything else.

    Examples
    --------
    >>> whole_number("12"), whole_number("١٢"), whole_number(None)
    (12, None, None)
    """
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else None


def event_of(awaited: Action | None, form: Mapping[str, str], *, left_by: str = "") -> Event | None:
    """The event that a request brings to a call.

    Parameters
    ----------
    awaited : Action or None
        What the call waits for.
    form : mapping of str to str
        The request's parameters.
    left_by : str
        Key that the caller left the queue with, where known; `DECLINED` when somebody who was dialled did not accept.

    Returns
    -------
    Event or None
        None when the carrier cannot deliver what the call waits for.

    Examples
    --------
    >>> listen = Listen(("1", "0"), 1, "#", 5.0, 3.0, "en-US")
    >>> event_of(listen, {"Digits": "1"}), event_of(listen, {}), event_of(listen, {"Digits": "\\u0661" * 99})
    (Keys(keys='1'), Silence(), Keys(keys='?????????????????????????????????????????????????????????????????'))
    """
    match awaited:
        case Listen():
            return _heard(awaited, form)
        case Enqueue():
            return _queued(awaited, form, left_by)
        case Dial():
            return _dialled(awaited, form, declined=left_by == DECLINED)
        case Record():
            return _recorded(form)
        case Pay():
            return _paid(form)
        case None | Say() | Ask() | Fetch() | Send() | Book() | HangUp() | Passed():
            return HungUp() if is_over(form) else None
        case _:
            assert_never(awaited)


def _heard(listen: Listen, form: Mapping[str, str]) -> Event:
    digits = form.get("Digits", "")
    if digits:
        keys = _NO_KEY.sub("?", digits[:MAX_KEYS])
        return Keys(keys.removesuffix(listen.finish_key) if listen.finish_key and len(keys) > 1 else keys)
    if form.get("SpeechResult", "").strip():
        return Speech(form["SpeechResult"][:_MAX_SPEECH], _confidence(form.get("Confidence", "")))
    return HungUp() if is_over(form) else Silence()


def _confidence(text: str) -> float:
    return float(text) if re.fullmatch(r"(?:0(?:\.[0-9]{1,20})?|1(?:\.0{1,20})?)", text) else 1.0


def _queued(queue: Enqueue, form: Mapping[str, str], left_by: str) -> Event:
    result = form.get("QueueResult", "")
    if result in _SERVED:
        return Outcome("answered")
    if result == "hangup" or (is_over(form) and result not in ("leave", "queue-full")):
        return HungUp()
    if result == "queue-full":
        return Outcome("full")
    if result == "leave":
        return Outcome(_way_out(queue, form, left_by))
    return Outcome("closed")


def _way_out(queue: Enqueue, form: Mapping[str, str], left_by: str) -> str:
    """Why the caller left: by key or for lack of room if that is known, else as far as the time in the queue tells."""
    if left_by == FULL:
        return "full"
    if left_by in queue.keys:
        return f"key {left_by}"
    waited_s = whole_number(form.get("QueueTime"))
    ran_out = queue.max_wait_s is not None and (waited_s is None or waited_s >= queue.max_wait_s)
    if ran_out or len(queue.keys) > 1:
        return "timeout"
    if queue.keys:
        return f"key {queue.keys[0]}"
    return "full" if queue.room is not None else "timeout"


def _dialled(dial: Dial, form: Mapping[str, str], *, declined: bool) -> Event:
    """How a dialled call went. Whoever picked up and was not connected has not accepted it, be it a mailbox."""
    status, bridged = form.get("DialCallStatus", ""), form.get("DialBridged", "")
    asked = "declined" in dial.labels
    if status in ("completed", "answered") and not (asked and (bridged == "false" or (declined and bridged != "true"))):
        return Outcome("answered")
    if is_over(form):
        return HungUp()
    if declined or status in ("completed", "answered"):
        return Outcome("declined")
    return Outcome({"busy": "busy", "no-answer": "no_answer", "canceled": "no_answer"}.get(status, "failed"))


def _recorded(form: Mapping[str, str]) -> Event:
    seconds = whole_number(form.get("RecordingDuration"))
    if form.get("RecordingUrl") and seconds != 0:
        return Outcome("recorded")
    return HungUp() if is_over(form) or form.get("Digits") == "hangup" else Outcome("empty")


def _paid(form: Mapping[str, str]) -> Event:
    """How a payment ended; of what the carrier tells about the card, only the code that confirms it is kept."""
    result = form.get("Result", "")
    if result == "caller-hung-up" or (is_over(form) and result != "success"):
        return HungUp()
    if result == "payment-connector-error" and form.get("PayErrorCode") == REJECTED:
        return Outcome("declined")
    label = PAY_ENDINGS.get(result, "failed")
    code = re.sub(r"[^A-Za-z0-9_-]", "", form.get("PaymentConfirmationCode", ""))[:64]
    return Outcome(label, {"PaymentConfirmationCode": code} if label == PAID and code else {})
