"""<Stop>: stops what <Start> started, by name. Source: twilio.com/docs/voice/twiml/stop, stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Next, Steps
from webhooks.carrier.steps.side_streams import end

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["perform"]


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Stop everything in the element; the next verb follows at once."""
    for child in element.children:
        name = child.get("name") or child.name
        if name in call.side_streams:
            yield from end(call, name)
        else:
            call.warn(child, f"<Stop> of {name!r}, which is not running", "use the name given in <Start>")
    return None
