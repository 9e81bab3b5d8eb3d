"""<Leave>: source twilio.com/docs/voice/twiml/leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Leave, Next, Problem, Steps

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["perform"]


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """The caller leaves the queue he waits in."""
    if call.queued:
        return Leave()
    call.notice(
        Problem(
            "", f"line {element.line}: <Leave> outside of a queue", "it stands in documents of a wait URL", "warning"
        )
    )
    return None
    yield  # a part of a call that waits for nothing
