"""<Sms>: logs a text message as sent without sending it. Source: twilio.com/docs/voice/twiml/sms (deprecated there).

By default it goes from the number called to the caller. Without an action the next verb follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from webhooks.carrier.protocol import Next, Steps
from webhooks.carrier.requests.fetch import notify

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["MAX_TEXT", "perform"]

MAX_TEXT = 1_600


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Log the message, send its status callback, then go to the action."""
    sid = f"SM{call.sid[2:-4]}{call.serial():04x}"
    told = call.parameters()
    to = element.get("to") or told.get("From", "")
    sender = element.get("from") or told.get("To", "")
    valid = bool(to and sender and element.text) and len(element.text) <= MAX_TEXT
    call.note(
        f"sends a text message to {to}: {element.text}"
        if valid
        else "does not send a text message without a number or text, or one that is too long"
    )
    if valid and element.get("statusCallback"):
        yield from notify(call, urljoin(url, element.get("statusCallback")), {"SmsSid": sid, "SmsStatus": "sent"})
    form = {"SmsSid": sid, "SmsStatus": "sending" if valid else "invalid"}
    return call.goto(element, url, form) if element.get("action") else None
