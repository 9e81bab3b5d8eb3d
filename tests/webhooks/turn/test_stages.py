"""The stages of a turn, one after another: open_call, classify, advance, record, reply."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from flows.model.load import load_text
from flows.protocol.actions import HangUp, Keys, Listen, Passed, Say, Start
from ivr.interpreter.session import Session
from webhooks.effects.live_services import LiveServices
from webhooks.effects.perform_once import Effects
from webhooks.records.changes import CallMoved, Change, StepSeen
from webhooks.records.journal import Journal
from webhooks.security.caller_numbers import CallerNumbers
from webhooks.security.sealed_cursor import Cursor, CursorError, Seal
from webhooks.settings.rehearsals import Rehearsals
from webhooks.settings.spending import AllowedNumbers
from webhooks.turn.addresses import Addresses
from webhooks.turn.admission import Admission
from webhooks.turn.flow_versions import FlowVersions
from webhooks.turn.number_lists import NumberLists
from webhooks.turn.outside import Outside
from webhooks.turn.queue_keys import QueueKeys
from webhooks.turn.request import CallRequest
from webhooks.turn.secret_vault import SecretVault
from webhooks.turn.stages.advance import advance
from webhooks.turn.stages.classify import classify
from webhooks.turn.stages.open_call import begin_call, open_call
from webhooks.turn.stages.record import record
from webhooks.turn.stages.reply import reply
from webhooks.turn.turn import Turn

SECRET = "a secret of sixteen characters or more"
FLOW = load_text(
    """
    {ivr: 1, name: Line, start: main, nodes: {
      main: {type: menu, choices: [{key: 1, label: billing, next: bye}]}, bye: {type: hangup, say: Goodbye.}}}
    """
).flow
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
NOON_US = 1_795_435_200_000_000
SEAL, VERSIONS, KEYS = Seal((SECRET,)), FlowVersions(FLOW, (), (), lambda _: (), None), QueueKeys(None)
VAULT = SecretVault(SEAL, None)
OUTSIDE = Outside(
    Effects(LiveServices(), SEAL, None, {}),
    Admission(),
    AllowedNumbers(),
    Rehearsals(lambda: NOON),
    stated={},
    store=None,
    lists=NumberLists(None),
)
AT_MAIN = Cursor(Session(node="main", language="en-US", seq=1, history=("main",), steps=1, idle=1), FLOW.digest)


def opened(cursor: Cursor, **form: str) -> tuple[Turn, CallRequest]:
    request = CallRequest({"CallSid": "CA1", **form}, SEAL.close(cursor, "CA1"))
    return open_call(request, VERSIONS, SEAL, VAULT, lambda sid: NOON), request


class Kept(Journal):
    """Keeps changes instead of writing them."""

    def __init__(self) -> None:
        super().__init__(lambda batch: None)
        self.changes: list[Change] = []

    def add(self, new: Sequence[Change]) -> None:
        self.changes += new


def test_a_call_begins_on_the_newest_version() -> None:
    request = CallRequest({"CallSid": "CA1", "From": "+14155550123"})
    turn = begin_call(request, VERSIONS, lambda sid: NOON)
    assert (turn.call_sid, turn.flow, turn.before, turn.awaited) == ("CA1", FLOW, Cursor(Session(), FLOW.digest), None)
    assert classify(turn, request, KEYS).event == Start("+14155550123")


def test_a_pressed_digit_passes_through_every_stage() -> None:
    turn, request = opened(AT_MAIN, Digits="1")
    assert isinstance(turn.awaited, Listen)
    assert turn.stands == turn.before == AT_MAIN
    turn = classify(turn, request, KEYS)
    assert turn.event == Keys("1")
    turn = advance(turn, OUTSIDE, waited_s=0.0)
    assert turn.actions == (
        Passed("main", "1"),
        Say("Goodbye.", "en-US"),
        Passed("bye", "hangup"),
        HangUp("contained"),
    )
    assert (turn.stands.rows, turn.stands.session.ended) == (2, True)
    journal = Kept()
    record(turn, request, journal, CallerNumbers((SECRET,), "none"))
    assert journal.changes == [
        StepSeen("CA1", 0, "main", "1", NOON_US),
        StepSeen("CA1", 1, "bye", "hangup", NOON_US),
        CallMoved("CA1", 3, NOON_US, "en-US", "contained", False, True, False, key_presses=1),
    ]
    answer = reply(turn, SEAL, VAULT, Addresses("", VERSIONS, serves_recordings=False), show_state=False)
    assert answer.body.endswith(b'<Response><Say language="en-US">Goodbye.</Say><Hangup /></Response>')
    assert answer.state == {}


def test_a_request_that_brings_nothing_is_answered_as_the_last_one_and_leaves_no_record() -> None:
    turn, _ = opened(AT_MAIN)
    repeated = advance(turn, OUTSIDE, waited_s=0.0)  # without an event
    assert repeated.repeats
    assert repeated.stands == AT_MAIN
    assert repeated.actions[-1] == turn.awaited
    journal = Kept()
    record(repeated, CallRequest({}), journal, CallerNumbers((SECRET,), "none"))
    assert journal.changes == []


def test_a_cursor_opens_in_its_own_call_only() -> None:
    text = SEAL.close(AT_MAIN, "CA1")
    with pytest.raises(CursorError):
        open_call(CallRequest({"CallSid": "CA2"}, text), VERSIONS, SEAL, VAULT, lambda sid: NOON)
    with pytest.raises(CursorError):
        open_call(CallRequest({}, text), VERSIONS, SEAL, VAULT, lambda sid: NOON)


def test_a_call_whose_version_is_gone_begins_again_in_its_language() -> None:
    lost = Cursor(Session(node="main", language="en-US", seq=4), "0123456789abcdef", rows=3)
    turn, request = opened(lost, Digits="1")
    assert (turn.before, turn.awaited) == (Cursor(Session(language="en-US"), FLOW.digest, rows=3), None)
    assert classify(turn, request, KEYS).event == Start(language="en-US")
