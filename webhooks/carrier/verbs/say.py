"""<Say>: speaks a text. Source: twilio.com/docs/voice/twiml/say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Next, Steps
from webhooks.carrier.steps.prompts import prompt, uninterruptible

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["perform"]


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Speak a text; keys pressed during it are lost."""
    yield from prompt(call, element, url, call.speaking(), uninterruptible)
    return None
