"""<Reject>: source twilio.com/docs/voice/twiml/reject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Next, Over, Problem, Steps
from webhooks.carrier.twiml.document import Element

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["BUSY", "perform"]

BUSY = "busy tone"
"""What is heard of a line that is busy."""


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """The call is not answered; once it is, it can only be ended."""
    if call.answered:
        call.notice(
            Problem(
                "", f"line {element.line}: <Reject> after the call was answered", "it must be the first verb", "warning"
            )
        )
        return Over()
    busy = element.get("reason") == "busy"
    call.heard(Element("Tone", {}), url, 0.0, BUSY if busy else "the number is not in service")
    return Over("busy" if busy else "no-answer")
    yield  # a part of a call that waits for nothing
