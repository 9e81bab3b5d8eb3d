"""<Redirect>: continues with another document. Source: twilio.com/docs/voice/twiml/redirect."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from webhooks.carrier.protocol import Goto, Next, Steps

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["perform"]


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Go to another document; without an address, to this one again."""
    return Goto(urljoin(url, element.text), element.method("method"))
    yield  # makes this a generator, as every verb is
