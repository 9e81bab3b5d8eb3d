"""<Stop>: ends what <Start> began, by its name. Source: twilio.com/docs/voice/twiml/stop, stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Next, Problem, Steps
from webhooks.carrier.steps.side_streams import end

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["perform"]


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Ends what stands in it; the next verb follows at once."""
    for child in element.children:
        name = child.get("name") or child.name
        if name in call.side_streams:
            yield from end(call, name)
        else:
            call.notice(
                Problem(
                    "",
                    f"line {child.line}: <Stop> of {name!r}, which was not begun",
                    "give it the name it was begun with",
                    "warning",
                )
            )
    return None
