"""<Refer>: transfers a SIP call to another address. Source: twilio.com/docs/voice/twiml/refer.

It works on SIP calls only. The action receives ReferSipResponseCode, the answer to the REFER, and unless that is
refused NotifySipResponseCode and ReferCallStatus, the answer and the status of the new call. Without an action the next
verb follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Next, OtherParty, Steps, Waits

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["perform"]

_TIMEOUT_S = 30.0
_ENDS = {
    "answer": {"ReferCallStatus": "in-progress", "ReferSipResponseCode": "202", "NotifySipResponseCode": "200"},
    "busy": {"ReferCallStatus": "busy", "ReferSipResponseCode": "202", "NotifySipResponseCode": "486"},
    "no-answer": {"ReferCallStatus": "no-answer", "ReferSipResponseCode": "202", "NotifySipResponseCode": "480"},
    "failed": {"ReferSipResponseCode": "405"},
}


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Wait for the result of the transfer, then go to the action."""
    call.answer()
    target = next((child.text for child in element.children if child.name in ("Sip", "ReferSip")), "")
    if not target or not call.parameters().get("From", "").startswith("sip:"):
        message = f"<Refer> {'works on SIP calls only' if target else 'has no address'}"
        call.warn(element, message, "call from a sip: address to try it")
        return None
    end_s, waits, what = call.now_s + _TIMEOUT_S, Waits("dial", call.serial(), target, open=True), "no-answer"
    while happened := (yield from call.until(end_s, waits)):
        taken = isinstance(happened.event, OtherParty) and happened.event.what in _ENDS
        call.did(happened.event, taken=taken)
        if isinstance(happened.event, OtherParty) and taken:
            what = happened.event.what
            break
    return call.goto(element, url, _ENDS[what]) if element.get("action") else None
