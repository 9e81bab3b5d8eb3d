"""Partial results of speech, and the less common verbs; sources are next to the cases."""

from __future__ import annotations

import pytest

from tests.support.twiml_app import SID, App, call, heard, noticed, when
from webhooks.carrier.call_log import Noted
from webhooks.carrier.protocol import HangUp, Key, OtherParty, Response, Words

SAY = "<Say>One two three four five.</Say>"


def notes(made: object) -> list[tuple[float, str]]:
    return [(e.at_s, e.text) for e in made.log if isinstance(e, Noted)]  # type: ignore[attr-defined]


# --- Speech: voice/twiml/gather --------------------------------------------------------------------------------------

EIGHT = Words("I want to talk about my last bill", seconds=4.0)


def test_partial_results_are_told_while_words_are_spoken_and_not_waited_for() -> None:
    gather = (
        "<Gather action='/got' input='speech' speechTimeout='2' partialResultCallback='/partial'"
        " speechModel='phone_call' profanityFilter='false'/>"
    )
    slow = Response(200, {"content-type": "text/plain"}, b"", seconds=3.0)
    app = App({"/voice": gather, "/partial": slow, "/got": "<Hangup/>"})
    made = call(app, (1, EIGHT))
    # Eight words in 4 s: two more each second.
    assert app.told("SequenceNumber", "UnstableSpeechResult", "SpeechResult")[1:] == [
        ("/partial", "0", "I want", "-"),
        ("/partial", "1", "I want to talk", "-"),
        ("/partial", "2", "I want to talk about my", "-"),
        ("/partial", "3", "I want to talk about my last bill", "-"),
        ("/got", "-", "-", "I want to talk about my last bill"),
    ]
    assert when(made)[-1] == (7, "/got")  # 1 + 4 + 2, whatever the answers took
    assert noticed(made) == []


@pytest.mark.parametrize(
    ("most", "text", "at_s"),
    [
        ("3", "I want to talk about my", 4),
        ("5", "I want to talk about my last bill", 6),
        ("9", "I want to talk about my last bill", 7),
    ],
)
def test_recognition_stops_after_the_longest_time(most: str, text: str, at_s: float) -> None:
    app = App(
        {
            "/voice": f"<Gather action='/got' input='speech' speechTimeout='2' maxSpeechTime='{most}'/>",
            "/got": "<Hangup/>",
        }
    )
    made = call(app, (1, EIGHT))
    assert app.told("SpeechResult")[1] == ("/got", text)
    assert when(made)[1] == (at_s, "/got")  # from the first word at 1


# --- Sms: voice/twiml/sms --------------------------------------------------------------------------------------------


def test_a_text_message_is_noted_and_its_status_told() -> None:
    app = App(
        {"/voice": "<Sms action='/sent' statusCallback='/status'>Hello.</Sms>", "/sent": "<Hangup/>", "/status": ""}
    )
    made = call(app)
    assert notes(made) == [(0, "sends a text message to +14155550123: Hello.")]  # from the number called, to the caller
    assert app.told("SmsStatus")[1:] == [("/status", "sent"), ("/sent", "sending")]
    sids = {form["SmsSid"] for path, form in app.asked[1:]}
    assert len(sids) == 1
    assert len(sids.pop()) == 34


@pytest.mark.parametrize("text", ["", "x" * 1_601])
def test_a_text_message_that_cannot_be_sent(text: str) -> None:
    app = App({"/voice": f"<Sms to='+1' action='/sent'>{text}</Sms>", "/sent": "<Hangup/>"})
    call(app)
    assert app.told("SmsStatus")[1] == ("/sent", "invalid")


def test_without_an_action_the_next_verb_follows() -> None:
    assert heard(call(App({"/voice": f"<Sms>Hello.</Sms>{SAY}"}))) == [(0, "One two three four five.")]


# --- Echo, Start, Stop, Connect: voice/twiml/start, stream, connect --------------------------------------------------


def test_an_echo_lasts_until_somebody_hangs_up() -> None:
    made = call(App({"/voice": f"<Echo/>{SAY}"}), (30, HangUp()))
    assert (made.now_s, made.ended_by) == (30, "caller")


def test_streams_run_beside_the_call() -> None:
    stream = "<Start><Stream name='a' url='wss://app.example.com/a' statusCallback='/stream'/><Recording/></Start>"
    app = App(
        {"/voice": f"{stream}{SAY}<Stop><Stream name='a'/></Stop>{SAY}<Stop><Stream name='b'/></Stop>", "/stream": ""}
    )
    made = call(app)
    assert notes(made) == [(0, "starts Stream a"), (0, "starts Recording"), (2, "ends Stream a"), (4, "ends Recording")]
    assert app.told("StreamEvent", "StreamName", "Timestamp")[1:] == [
        ("/stream", "stream-started", "a", "Mon, 23 Nov 2026 12:00:00 +0000"),
        ("/stream", "stream-stopped", "a", "Mon, 23 Nov 2026 12:00:02 +0000"),
    ]
    assert noticed(made) == [("", "line 1: <Stop> of 'b', which is not running")]


def test_a_stream_that_runs_at_the_end_is_stopped_with_the_call() -> None:
    app = App({"/voice": f"<Start><Stream url='wss://a' statusCallback='/stream'/></Start>{SAY}", "/stream": ""})
    call(app, (1, HangUp()))
    assert app.told("StreamEvent", "CallStatus")[-1] == ("/stream", "stream-stopped", "completed")


@pytest.mark.parametrize(
    ("noun", "told"),
    [
        ("<ConversationRelay url='wss://app.example.com/relay'/>", ("/after", "ended", "20", "VX" + SID[2:])),
        ("<Stream url='wss://app.example.com/stream'/>", ("/after", "-", "-", "-")),
    ],
)
def test_a_connection_lasts_until_the_other_side_ends_it(noun: str, told: tuple[str, ...]) -> None:
    app = App({"/voice": f"<Connect action='/after'>{noun}</Connect>", "/after": "<Hangup/>"})
    made = call(app, (5, Key("1")), (20, OtherParty("over")))
    assert app.told("SessionStatus", "SessionDuration", "SessionId")[1] == told
    assert when(made)[1] == (20, "/after")


def test_a_connection_that_the_caller_ends() -> None:
    app = App({"/voice": "<Connect action='/after'><ConversationRelay url='wss://a'/></Connect>", "/after": ""})
    call(app, (9, HangUp()))
    assert app.told("SessionStatus", "SessionDuration", "CallStatus")[1] == ("/after", "completed", "9", "completed")


def test_without_an_action_a_connection_goes_on_with_the_next_verb() -> None:
    assert (
        heard(call(App({"/voice": f"<Connect><Stream url='wss://a'/></Connect>{SAY}"}), (9, OtherParty("over"))))[0][0]
        == 9
    )
    assert noticed(call(App({"/voice": f"<Connect/>{SAY}"}))) == [
        ("12200", "line 1: <Connect> has nothing to connect to")
    ]


# --- Refer: voice/twiml/refer ----------------------------------------------------------------------------------------

REFER = "<Refer action='/referred'><Sip>sip:alice@example.com</Sip></Refer>"


@pytest.mark.parametrize(
    ("did", "told"),
    [
        ([(3, OtherParty("answer"))], ("/referred", "in-progress", "202", "200")),
        ([(3, OtherParty("busy"))], ("/referred", "busy", "202", "486")),
        ([(3, OtherParty("failed"))], ("/referred", "-", "405", "-")),
        ([], ("/referred", "no-answer", "202", "480")),
    ],
)
def test_a_sip_call_is_referred(did: list[object], told: tuple[str, ...]) -> None:
    app = App({"/voice": REFER, "/referred": "<Hangup/>"})
    call(app, *did, ani="sip:bob@example.com")  # type: ignore[arg-type]
    assert app.told("ReferCallStatus", "ReferSipResponseCode", "NotifySipResponseCode")[1] == told


def test_no_other_call_is() -> None:
    made = call(App({"/voice": f"{REFER}{SAY}"}))
    assert (noticed(made), heard(made)[0][0]) == ([("", "line 1: <Refer> works on SIP calls only")], 0)
    assert noticed(call(App({"/voice": "<Refer/>"}))) == [("", "line 1: <Refer> has no address")]
