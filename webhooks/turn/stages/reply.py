"""The last stage of a turn: the TwiML document that the carrier gets."""

from __future__ import annotations

import logging
from dataclasses import replace

from flows.model.flow import Flow
from flows.nodes.base_voices import voice_of
from flows.protocol.actions import Action, Dial, Enqueue
from flows.speech.languages import language as language_of
from ivr.interpreter.session import Session
from ivr.phone.call_time import zone_of
from webhooks.security.sealed_cursor import LONG, LONGEST, Seal
from webhooks.turn.addresses import Addresses
from webhooks.turn.phone_state import phone_state
from webhooks.turn.queue_wait import QueueWait
from webhooks.turn.request import Reply
from webhooks.turn.secret_vault import SecretVault
from webhooks.turn.turn import Turn
from webhooks.twilio import twiml

__all__ = ["apologise", "reply", "reply_in_queue", "reply_to_called"]

_log = logging.getLogger("ivr.calls")


def reply(
    turn: Turn,
    seal: Seal,
    vault: SecretVault,
    addresses: Addresses,
    *,
    show_state: bool,
    workflow: str = "",
    unanswered: bool = False,
) -> Reply:
    """The document of a turn. Its addresses carry the sealed call, with secrets left out.

    `workflow` is the one of TaskRouter that callers join in place of a queue; `unanswered`: it still rings.
    """
    stands, sid = turn.stands, turn.call_sid
    hidden = vault.hidden(turn.flow, stands.session, sid)
    travels = stands if hidden is stands.session else replace(stands, session=hidden)
    cursor = "" if stands.session.ended else seal.close(travels, sid)
    if len(cursor) > LONGEST:
        _log.error("%s: %d characters of values do not fit into a URL; the call cannot go on", sid, len(cursor))
        return apologise(turn.flow)
    if len(cursor) > LONG:
        _log.warning("%s: the address of the next request has %d characters", sid, len(cursor))
    body = twiml.document(
        turn.actions,
        action_url=addresses.request("/voice", cursor),
        wait_url=addresses.request("/wait", cursor),
        recording_url=addresses.recording,
        transcript_url=addresses.transcripts,
        called_url=addresses.request("/called", cursor) if _speaks_to_called(turn) else "",
        workflow=workflow,
        unanswered=unanswered,
    )
    return Reply(body, _shown(turn, stands.session, turn.actions) if show_state else {})


def _speaks_to_called(turn: Turn) -> bool:
    last = turn.actions[-1] if turn.actions else None
    return isinstance(last, Dial) and bool(last.whisper or last.accept)


def reply_to_called(dial: Dial, cursor: str, addresses: Addresses) -> bytes:
    """What those hear who are dialled and have picked up."""
    return twiml.for_called(dial, addresses.request("/called/key", cursor), recording_url=addresses.recording)


def reply_in_queue(
    turn: Turn, queue: Enqueue, wait: QueueWait, cursor: str, addresses: Addresses, *, show_state: bool
) -> Reply:
    """What a caller in a queue hears next. The call does not move, so the next request has the same cursor."""
    state = _shown(turn, turn.before.session, ()) if show_state else {}
    if wait.leaves:
        return Reply(twiml.leaving(), state)
    body = twiml.waiting(
        wait.said,
        keys=queue.keys,
        music=queue.music,
        plays=wait.plays,
        pause_s=wait.pause_s,
        wait_url=addresses.request("/wait", cursor),
        recording_url=addresses.recording,
    )
    return Reply(body, state)


def _shown(turn: Turn, session: Session, actions: tuple[Action, ...]) -> dict[str, object]:
    """The state of a call, and its time in the zone of the line."""
    clock = turn.now.astimezone(zone_of(turn.flow)).isoformat(timespec="seconds")
    return {**phone_state(turn.flow, session, actions), "clock": clock}


def apologise(flow: Flow) -> Reply:
    """An apology in the flow's first language, and the end of the call."""
    tag = flow.languages[0]
    voice, rate = voice_of(flow, tag)
    return Reply(twiml.apology(language_of(tag).apology, tag, voice=voice, rate=rate), {"ended": "failed"})
