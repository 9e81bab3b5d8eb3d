"""<Reject>: refuses the call. Source: twilio.com/docs/voice/twiml/reject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Next, Over, Steps
from webhooks.carrier.twiml.document import Element

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["BUSY", "perform"]

BUSY = "busy tone"
"""What a caller hears when the line is busy."""


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Refuse the call; one that is already answered is ended."""
    if call.answered:
        call.warn(element, "<Reject> after the call was answered", "make it the first verb")
        return Over()
    busy = element.get("reason") == "busy"
    call.heard(Element("Tone", {}), url, 0.0, BUSY if busy else "the number is not in service")
    return Over("busy" if busy else "no-answer")
    yield  # makes this a generator, as every verb is
