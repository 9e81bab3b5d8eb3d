"""<Echo>: callers hear themselves, until they hang up. Source: twilio.com/docs/voice/twiml/echo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Next, Steps
from webhooks.carrier.steps.talk import talk

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["perform"]


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Echo until the call ends."""
    call.answer()
    yield from talk(call, "an echo")
    return None
