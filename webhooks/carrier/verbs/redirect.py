"""<Redirect>: source twilio.com/docs/voice/twiml/redirect."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from webhooks.carrier.protocol import Goto, Next, Steps

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["perform"]


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """The call goes on with another document; without an address, with this one again."""
    return Goto(urljoin(url, element.text), "GET" if element.get("method").upper() == "GET" else "POST")
    yield  # a part of a call that waits for nothing
