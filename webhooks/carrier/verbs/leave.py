"""<Leave>: leaves the queue. Source: twilio.com/docs/voice/twiml/leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Leave, Next, Steps

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["perform"]


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Leave the queue."""
    if call.queued:
        return Leave()
    call.warn(element, "<Leave> outside of a queue", "use it in a document of a wait URL")
    return None
    yield  # makes this a generator, as every verb is
