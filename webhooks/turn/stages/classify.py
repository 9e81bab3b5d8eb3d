"""The second stage of a turn: what the request means for the call."""

from __future__ import annotations

from dataclasses import replace

from flows.protocol.actions import Dial, Enqueue, Start
from webhooks.turn.queue_keys import QueueKeys
from webhooks.turn.request import CallRequest
from webhooks.turn.turn import Turn
from webhooks.twilio.events import event_of, start_event

__all__ = ["classify"]


def classify(turn: Turn, request: CallRequest, queue_keys: QueueKeys) -> Turn:
    """The turn with its event, if the request carries one."""
    if not request.cursor:
        return replace(turn, event=start_event(request.form))
    session = turn.before.session
    if not session.node:  # a call that starts over
        return replace(turn, event=Start(language=session.language))
    if isinstance(turn.awaited, Dial):
        asked = turn.awaited.accept is not None
        left_by = queue_keys.find(turn.call_sid, session.seq) if asked else ""
        return replace(turn, event=event_of(turn.awaited, request.form, left_by=left_by))
    asks_why = isinstance(turn.awaited, Enqueue) and bool(turn.awaited.keys or turn.awaited.room is not None)
    left = asks_why and request.form.get("QueueResult") == "leave"
    left_by = queue_keys.find(turn.call_sid, session.seq) if left else ""
    return replace(turn, event=event_of(turn.awaited, request.form, left_by=left_by))
