"""The first stage of a turn: which call a request is about, and where that call is."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import replace

from flows.model.flow import Flow
from ivr.interpreter.session import Session
from ivr.interpreter.step import awaiting
from webhooks.security.sealed_cursor import Cursor, CursorError, Seal
from webhooks.turn.flow_versions import FlowVersions
from webhooks.turn.request import CallRequest
from webhooks.turn.secret_vault import SecretVault
from webhooks.turn.turn import Turn

__all__ = ["Clock", "begin_call", "open_call"]

_log = logging.getLogger("ivr.calls")
Clock = Callable[[str], dt.datetime]
"""Gives the current time of a call by its CallSid."""


def begin_call(request: CallRequest, versions: FlowVersions, clock: Clock) -> Turn:
    """The first turn of a call, on the newest version of the flow."""
    flow = versions.now
    before = Cursor(Session(), flow.digest)
    return Turn(request.call_sid, flow, versions.entering(flow), clock(request.call_sid), before)


def open_call(request: CallRequest, versions: FlowVersions, seal: Seal, vault: SecretVault, clock: Clock) -> Turn:
    """A later turn of a call: its cursor opened, its secrets put back, and what it waits for.

    A call whose version is no longer known starts over on the newest, in its language.

    Raises
    ------
    CursorError
        When the cursor is damaged, forged, or of another call.
    """
    if not request.call_sid:
        raise CursorError("a cursor without a CallSid")
    cursor = seal.open(request.cursor, request.call_sid)
    flow = versions.find(cursor.digest)
    if flow is None or not _has_place(flow, cursor.session):
        # Better to hear the greeting again than to be cut off.
        _log.warning("%s began on a flow that is no longer known; it begins again", request.call_sid)
        flow = versions.now
        cursor = replace(cursor, session=Session(language=cursor.session.language), digest=flow.digest)
    else:
        session = vault.shown(flow, cursor.session, request.call_sid)
        cursor = cursor if session is cursor.session else replace(cursor, session=session)
    entering = versions.entering(flow)
    awaited = awaiting(flow, cursor.session, entering=entering)
    return Turn(request.call_sid, flow, entering, clock(request.call_sid), cursor, awaited)


def _has_place(flow: Flow, session: Session) -> bool:
    return not session.node or session.node in flow.nodes
