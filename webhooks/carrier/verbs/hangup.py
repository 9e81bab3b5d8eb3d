"""<Hangup>: ends the call. Source: twilio.com/docs/voice/twiml/hangup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Next, Over, Steps

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["perform"]


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Hang up; as the first verb, answer first."""
    call.answer()
    return Over()
    yield  # makes this a generator, as every verb is
