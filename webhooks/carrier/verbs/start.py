"""<Start>: starts streams, recordings and transcriptions. Source: twilio.com/docs/voice/twiml/start, stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Next, Steps
from webhooks.carrier.steps.side_streams import begin

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["perform"]


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Start everything in the element; the next verb follows at once."""
    for child in element.children:
        yield from begin(call, child, url)
    return None
