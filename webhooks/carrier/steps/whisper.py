"""The whisper: what a queued caller hears before an agent, the ``url`` of the <Queue> that the agent dials.

Source: twilio.com/docs/voice/twiml/queue. The document is requested with QueueSid, the queued caller's CallSid,
QueueTime and DequeingCallSid (Twilio's spelling); it may hold Play, Say, Pause and Redirect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Goto, Next, Steps
from webhooks.carrier.requests.fetch import fetch
from webhooks.carrier.steps.prompts import seconds_of
from webhooks.carrier.twiml.document import Document

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["ALLOWED", "dequeuing_sid", "hears_whisper", "others_whisper_s"]

ALLOWED = frozenset({"Play", "Say", "Pause", "Redirect"})
"""Verbs allowed in a whisper."""
_MAX_REDIRECTS = 20


def dequeuing_sid(call: Call) -> str:
    """``CallSid`` of the other party of a conversation."""
    if call.others and (peer := call.others.peer(call.sid)):
        return peer
    return "CA" + call.sid[2:][::-1]


def hears_whisper(call: Call, place: Mapping[str, str]) -> Steps[None]:
    """Play the whisper to this caller, whom an agent has taken out of a queue."""
    goto: Next = (
        Goto(call.number.whisper_url, form={**place, "DequeingCallSid": dequeuing_sid(call)})
        if call.number.whisper_url
        else None
    )
    while isinstance(goto, Goto):
        document = yield from fetch(call, goto, ends_call=False)
        goto = (yield from call.perform(document, ALLOWED)) if document else None
        if isinstance(goto, Goto):
            goto = replace(goto, form={**place, "DequeingCallSid": dequeuing_sid(call)})


def others_whisper_s(call: Call, goto: Goto) -> Steps[float]:
    """Seconds of the whisper to a caller whom this call has taken out of a queue; this call does not hear it."""
    seconds, form = 0.0, goto.form
    for _ in range(_MAX_REDIRECTS):
        document = yield from fetch(call, replace(goto, form=form), ends_call=False)
        if not isinstance(document, Document):
            break
        spoken, following = seconds_of(call, document, ALLOWED)
        seconds += spoken
        if following is None:
            break
        goto = following
    return seconds
