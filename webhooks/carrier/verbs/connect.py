"""<Connect>: a conversation with a machine, until it ends the connection. No stream is opened.

Source: twilio.com/docs/voice/twiml/connect, stream. The action receives SessionId, SessionStatus and SessionDuration
after a <ConversationRelay> (voice/twiml/connect/conversationrelay), else the standard parameters; without an action the
next verb follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import CallerHungUp, Next, Steps
from webhooks.carrier.steps.side_streams import begin, end
from webhooks.carrier.steps.talk import request_action_after_hangup, talk

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["perform"]


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Talk, then go to the action."""
    call.answer()
    if not element.children:
        call.warn(element, "<Connect> has nothing to connect to", "name a <Stream> in it", code="12200")
        return None
    noun, began_s = element.children[0], call.now_s

    def after(status: str) -> Next:
        seconds = str(round(call.now_s - began_s))
        told = {"SessionId": "VX" + call.sid[2:], "SessionStatus": status, "SessionDuration": seconds}
        return (
            call.goto(element, url, told if noun.name == "ConversationRelay" else {}) if element.get("action") else None
        )

    yield from begin(call, noun, url)
    try:
        yield from talk(call, noun.get("url") or noun.text or noun.name)
    except CallerHungUp:
        yield from request_action_after_hangup(call, after("completed"))
        raise
    yield from end(call, noun.get("name") or noun.name)
    return after("ended")
