"""Webhooks: what a carrier's requests mean, who may send them, and that nonsense never becomes an application
error.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from flows.model.flow import Flow
from flows.model.load import load_text
from flows.protocol.actions import Dial, Enqueue, HungUp, Keys, Listen, Outcome, Record, Silence, Speech
from flows.source.finding import UsageError
from ivr.interpreter.session import Session
from tests.support.twiml_grammar import check
from tests.support.web_carrier import IN_PUBLIC, PUBLIC, SECRET, TOKEN
from tests.support.webhook_client import CALL, FLOW, OPEN, client, post
from webhooks.security.sealed_cursor import LONGEST, Cursor, Seal
from webhooks.service.app import MAX_BODY, create_app
from webhooks.settings.config import Config
from webhooks.turn.addresses import Addresses
from webhooks.turn.flow_versions import FlowVersions
from webhooks.turn.secret_vault import SecretVault
from webhooks.turn.stages.reply import reply
from webhooks.turn.turn import Turn
from webhooks.twilio.events import MAX_KEYS, event_of, start_event
from webhooks.twilio.signature import SIGNATURE_HEADER, Signature

CLOSED = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
SIGNER = Signature(TOKEN, PUBLIC)


@pytest.fixture
def signed() -> FlaskClient:
    """A public service."""
    return create_app(Config(flow=FLOW, **IN_PUBLIC, clock=lambda: OPEN)).test_client()


def post_signed(to: FlaskClient, url: str, form: Mapping[str, str], **headers: str) -> TestResponse:
    path, _, query = url.partition("?")
    signature = SIGNER.sign(path, query, list(form.items()))
    return to.post(url, data=form, headers={SIGNATURE_HEADER: signature, **headers})


def next_url(response: TestResponse) -> str:
    match = re.search(r'action="([^"#]+)', response.text)
    assert match, response.text
    return match[1].removeprefix(PUBLIC)


def node(response: TestResponse) -> str:
    assert response.status_code == 200
    check(response.data)
    return response.headers["X-IVR-Node"]


def at(to: FlaskClient, *keys: str) -> TestResponse:
    """A call after these keys."""
    response = post(to, "/voice")
    for key in keys:
        response = post(to, next_url(response), Digits=key)
    return response


# --- What requests mean -------------------------------------------------------------------------------

LISTEN = Listen(("1", "0"), 1, "#", 5.0, 3.0, "en-US")
ANY = Listen((), 9, "", 5.0, 3.0, "en-US")
QUEUE = Enqueue("sales", 0, 600.0, None, 60.0, ("#",), "en-US", ("answered", "timeout", "full", "closed", "key #"))
TWO_KEYS = Enqueue("sales", 0, 600.0, None, 60.0, ("#", "5"), "en-US", ())
ENDLESS = Enqueue("sales", 0, None, None, 60.0, ("#",), "en-US", ())
DIAL = Dial(("+12125550143",), 30.0, ("answered", "busy", "no_answer", "failed"))
RECORD = Record("box", 120.0, "#", ("recorded", "empty"))


@pytest.mark.parametrize(
    ("awaited", "form", "event"),
    [
        (LISTEN, {"Digits": "1"}, Keys("1")),
        (LISTEN, {"Digits": "1#"}, Keys("1")),
        (LISTEN, {"Digits": "#"}, Keys("#")),
        (ANY, {"Digits": "12#"}, Keys("12#")),
        (LISTEN, {"Digits": ""}, Silence()),
        (LISTEN, {}, Silence()),
        (LISTEN, {"SpeechResult": "billing", "Confidence": "0.5"}, Speech("billing", 0.5)),
        (LISTEN, {"SpeechResult": "billing"}, Speech("billing", 1.0)),
        (LISTEN, {"SpeechResult": "billing", "Confidence": "1e999"}, Speech("billing", 1.0)),
        (LISTEN, {"SpeechResult": "billing", "Confidence": "nan"}, Speech("billing", 1.0)),
        (LISTEN, {"SpeechResult": " "}, Silence()),
        (LISTEN, {"SpeechResult": "x" * 9_999}, Speech("x" * 640, 1.0)),
        (LISTEN, {"Digits": "1", "SpeechResult": "two"}, Keys("1")),
        (LISTEN, {"Digits": "9" * 1_000_000}, Keys("9" * MAX_KEYS)),
        (LISTEN, {"Digits": "١٢"}, Keys("??")),
        (LISTEN, {"Digits": "1\x00"}, Keys("1?")),
        (LISTEN, {"CallStatus": "completed"}, HungUp()),
        (QUEUE, {"QueueResult": "bridged"}, Outcome("answered")),
        (QUEUE, {"QueueResult": "bridged", "CallStatus": "completed"}, Outcome("answered")),
        (QUEUE, {"QueueResult": "bridging-in-process"}, Outcome("answered")),
        (QUEUE, {"QueueResult": "redirected-from-bridged"}, Outcome("answered")),
        (QUEUE, {"QueueResult": "queue-full"}, Outcome("full")),
        (QUEUE, {"QueueResult": "hangup"}, HungUp()),
        (QUEUE, {"QueueResult": "error"}, Outcome("closed")),
        (QUEUE, {"QueueResult": "system-error"}, Outcome("closed")),
        (QUEUE, {"QueueResult": "redirected"}, Outcome("answered")),  # an agent has taken the call through REST
        (QUEUE, {}, Outcome("closed")),
        (QUEUE, {"QueueResult": "leave", "QueueTime": "600"}, Outcome("timeout")),
        (QUEUE, {"QueueResult": "leave"}, Outcome("timeout")),
        (QUEUE, {"QueueResult": "leave", "QueueTime": "20"}, Outcome("key #")),
        (TWO_KEYS, {"QueueResult": "leave", "QueueTime": "20"}, Outcome("timeout")),
        (ENDLESS, {"QueueResult": "leave", "QueueTime": "9000"}, Outcome("key #")),
        (DIAL, {"DialCallStatus": "completed"}, Outcome("answered")),
        (DIAL, {"DialCallStatus": "answered"}, Outcome("answered")),
        (DIAL, {"DialCallStatus": "busy"}, Outcome("busy")),
        (DIAL, {"DialCallStatus": "no-answer"}, Outcome("no_answer")),
        (DIAL, {"DialCallStatus": "canceled"}, Outcome("no_answer")),
        (DIAL, {"DialCallStatus": "failed"}, Outcome("failed")),
        (DIAL, {"DialCallStatus": "new-word"}, Outcome("failed")),
        (DIAL, {}, Outcome("failed")),
        (DIAL, {"DialCallStatus": "completed", "CallStatus": "completed"}, Outcome("answered")),
        (DIAL, {"DialCallStatus": "no-answer", "CallStatus": "completed"}, HungUp()),
        (RECORD, {"RecordingUrl": "https://x", "RecordingDuration": "7"}, Outcome("recorded")),
        (RECORD, {"RecordingUrl": "https://x"}, Outcome("recorded")),
        (RECORD, {"RecordingUrl": "https://x", "RecordingDuration": "7", "Digits": "hangup"}, Outcome("recorded")),
        (RECORD, {"RecordingUrl": "https://x", "RecordingDuration": "0"}, Outcome("empty")),
        (RECORD, {"RecordingUrl": "https://x", "RecordingDuration": "0", "Digits": "hangup"}, HungUp()),
        (RECORD, {}, Outcome("empty")),
        (RECORD, {"CallStatus": "completed"}, HungUp()),
        (None, {}, None),
        (None, {"CallStatus": "completed"}, HungUp()),
    ],
)
def test_what_a_request_means(awaited: Any, form: dict[str, str], event: Any) -> None:
    assert event_of(awaited, form) == event


def test_the_key_that_left_the_queue_is_believed_when_it_is_known() -> None:
    assert event_of(TWO_KEYS, {"QueueResult": "leave", "QueueTime": "20"}, left_by="5") == Outcome("key 5")
    assert event_of(TWO_KEYS, {"QueueResult": "leave", "QueueTime": "20"}, left_by="9") == Outcome("timeout")


@pytest.mark.parametrize(
    ("form", "ani", "dnis"),
    [
        ({"From": "+14155550123", "To": "+18005550100"}, "+14155550123", "+18005550100"),
        ({"Caller": "+14155550123", "Called": "18005550100"}, "+14155550123", "18005550100"),
        ({"From": "anonymous", "To": "sip:line@example.com"}, "", "sip:line@example.com"),
        ({"From": "client:bob"}, "client:bob", ""),
        ({"From": "</Say>", "To": "+1\x00"}, "", ""),
        ({"From": "9" * 9_999}, "", ""),
        ({}, "", ""),
    ],
)
def test_who_calls(form: dict[str, str], ani: str, dnis: str) -> None:
    start = start_event(form)
    assert (start.ani, start.dnis) == (ani, dnis)


def test_a_call_goes_its_way() -> None:
    phone = client()
    greeting = post(phone, "/voice")
    assert node(greeting) == "main"
    assert json.loads(greeting.headers["X-IVR-State"])["passed"] == [["open", "open"]]
    assert greeting.content_type == "text/xml; charset=utf-8"
    assert greeting.headers["Content-Length"] == str(len(greeting.data))
    asked = post(phone, next_url(greeting), Digits="2")
    assert node(asked) == "account"
    told = post(phone, next_url(asked), Digits="4111111111111111")
    assert "Thank you, a number ending in 1 1." in told.text  # a sensitive value is never read out
    assert json.loads(told.headers["X-IVR-State"])["ended"] == "contained"
    assert told.text.endswith("<Hangup /></Response>")


def test_a_first_request_by_get_is_answered_too() -> None:
    phone = client()
    assert node(phone.get("/voice", query_string=CALL)) == "main"


@pytest.mark.parametrize(("now", "where"), [(OPEN, "main"), (CLOSED, "message")])
def test_opening_hours_go_by_the_clock_of_the_service(now: dt.datetime, where: str) -> None:
    assert node(post(client(clock=lambda: now), "/voice")) == where


def test_a_waiting_caller_hears_place_and_time() -> None:
    phone = client()
    queued = at(phone, "1")
    assert node(queued) == "agent"
    wait = re.search(r'waitUrl="([^"]+)"', queued.text)[1]  # type: ignore[index]
    heard = post(phone, wait, QueuePosition="2", QueueTime="5", AvgQueueTime="130")
    check(heard.data)
    # 130 s are announced as 3 minutes: whole minutes, rounded up
    assert re.findall(r"<Say[^>]*>([^<]+)", heard.text) == [
        "You are number 2 in line.",
        "The expected wait is 3 minutes.",
        "Thank you for waiting.",
    ]
    assert 'timeout="30"' in heard.text


def test_the_last_announcement_leaves_time_only_until_the_longest_wait() -> None:
    phone = client()
    wait = re.search(r'waitUrl="([^"]+)"', at(phone, "1").text)[1]  # type: ignore[index]
    # 580 of 600 s are gone; "Thank you for waiting." takes 4 words / 2.5 = 1.6 s: 18.4 s are left, 19 in whole seconds
    assert 'timeout="19"' in post(phone, wait, QueueTime="580").text
    assert "<Leave />" in post(phone, wait, QueueTime="600").text


@pytest.mark.parametrize(("key", "where"), [("#", "message"), ("5", "bye")])
def test_a_key_leaves_the_queue(key: str, where: str) -> None:
    phone = client()
    queued = at(phone, "1")
    wait = re.search(r'waitUrl="([^"]+)"', queued.text)[1]  # type: ignore[index]
    assert "<Leave />" in post(phone, wait, Digits=key).text
    left = post(phone, next_url(queued), QueueResult="leave", QueueTime="8")
    assert json.loads(left.headers["X-IVR-State"])["passed"][0] == ["agent", f"key {key}"]
    assert where in (left.headers["X-IVR-Node"], json.loads(left.headers["X-IVR-State"])["passed"][-1][0])


def test_a_key_that_leads_nowhere_is_announced_over() -> None:
    phone = client()
    wait = re.search(r'waitUrl="([^"]+)"', at(phone, "1").text)[1]  # type: ignore[index]
    assert "<Leave />" not in post(phone, wait, Digits="9").text


def test_a_waiting_document_asked_for_at_the_wrong_time_lets_the_caller_go() -> None:
    phone = client()
    url = next_url(post(phone, "/voice")).replace("/voice", "/wait")
    assert "<Leave />" in post(phone, url).text


def test_the_status_callback_is_taken_in_any_form() -> None:
    phone = client()
    for form in ({"CallStatus": "completed"}, {}, {"CallStatus": "ringing", "SequenceNumber": "x"}, {"CallSid": ""}):
        response = post(phone, "/status", form)
        assert (response.status_code, response.data) == (204, b"")


def test_a_sensitive_entry_is_marked_for_the_phone() -> None:
    assert json.loads(at(client(), "2").headers["X-IVR-State"])["sensitive"] is True


def test_recordings_named_in_the_flow_are_played_and_no_other_file_is_served(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "hello you.mp3").write_bytes(b"sound")
    (tmp_path / "secret.txt").write_text("secret")
    flow = load_text("""{ivr: 1, name: Line, start: hi, nodes: {
      hi: {type: play, say: {text: Hello., audio: prompts/hello you.mp3}, next: far},
      far: {type: play, say: {text: Far., audio: "https://cdn.example/far.mp3"}, next: up},
      up: {type: play, say: {text: Up., audio: ../secret.txt}, next: bye},
      bye: {type: hangup}}}""").flow
    phone = client(flow=flow, flow_folder=tmp_path / "prompts" / "..")
    said = post(phone, "/voice")
    check(said.data)
    assert re.findall("<Play>([^<]+)", said.text)[:2] == [
        "/audio/prompts/hello%20you.mp3",
        "https://cdn.example/far.mp3",
    ]
    with phone.get("/audio/prompts/hello%20you.mp3") as recording:
        assert recording.data == b"sound"
    for path in ("/audio/../secret.txt", "/audio/%2e%2e/secret.txt", "/audio/secret.txt", "/audio/prompts/none.mp3"):
        assert phone.get(path).status_code == 404
    assert "<Say" in post(client(flow=flow), "/voice").text  # without a folder its text is spoken


# --- Versions of the flow -------------------------------------------------------------------------------

NEW = Flow.model_validate(FLOW.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {"name": "New line"})


def test_a_call_ends_on_the_version_it_began_on() -> None:
    begun = next_url(post(client(), "/voice"))
    assert node(post(client(flow=NEW, earlier=(FLOW,)), begun, Digits="2")) == "account"


def test_a_call_whose_version_is_gone_begins_again_instead_of_ending() -> None:
    begun = next_url(post(client(), "/voice"))
    again = post(client(flow=NEW), begun, Digits="2")
    assert node(again) == "main"
    assert node(post(client(flow=NEW), next_url(again), Digits="2")) == "account"


# --- Who may call ---------------------------------------------------------------------------------------


def test_signed_requests_are_answered_and_others_refused(signed: FlaskClient) -> None:
    assert post_signed(signed, "/voice", CALL).status_code == 200
    assert post(signed, "/voice").status_code == 403
    for header in ("", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="):
        assert signed.post("/voice", data=CALL, headers={SIGNATURE_HEADER: header}).status_code == 403


@pytest.mark.parametrize("path", ["/voice", "/wait", "/status"])
def test_every_webhook_checks(signed: FlaskClient, path: str) -> None:
    assert signed.post(path, data=CALL).status_code == 403
    assert signed.get(path, query_string=CALL).status_code == 403


def test_forwarded_headers_are_never_believed(signed: FlaskClient) -> None:
    given = Signature(TOKEN, "https://evil.example").sign("/voice", "", list(CALL.items()))
    headers = {
        SIGNATURE_HEADER: given,
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example;proto=https",
    }
    assert signed.post("/voice", data=CALL, headers=headers).status_code == 403
    # and a right signature is accepted behind any proxy
    assert post_signed(signed, "/voice", CALL, Host="10.0.0.7:8000").status_code == 200


def test_a_signed_get_is_answered(signed: FlaskClient) -> None:
    query = "CallSid=CA1&From=%2B14155550123"
    given = SIGNER.sign("/voice", query, [])
    assert signed.get(f"/voice?{query}", headers={SIGNATURE_HEADER: given}).status_code == 200
    assert signed.get(f"/voice?{query}&To=1", headers={SIGNATURE_HEADER: given}).status_code == 403


def test_digits_re_cut_into_a_name_are_refused_although_the_sum_is_right(signed: FlaskClient) -> None:
    begun = next_url(post_signed(signed, "/voice", CALL))
    form = {**CALL, "Digits": "12"}
    path, _, query = begun.partition("?")
    given = {SIGNATURE_HEADER: SIGNER.sign(path, query, list(form.items()))}
    assert signed.post(begun, data={**CALL, "Digits1": "2"}, headers=given).status_code == 403
    assert signed.post(begun, data=form, headers=given).status_code == 200


FULL = {
    **CALL,
    "AccountSid": "AC" + "7" * 32,
    "ApiVersion": "2010-04-01",
    "CallStatus": "ringing",
    "ParentCallSid": "CA" + "2" * 32,
}
"""A call with a parent, as when another call created it: 'AccountSid…ApiVersion2010-04-01CallSidCA…'."""
SID = FULL["CallSid"]
REST = f"ApiVersion2010-04-01CallSid{SID}CallStatusringingFrom+14155550123Parent"


@pytest.mark.parametrize(
    "cut",
    [
        {"CallSid": f"{SID}CallStatusringing", "CallStatus": None},  # the end swallows the next name
        {
            "CallSid": None,
            "ApiVersion": None,
            "CallStatus": None,
            "From": None,
            "ParentCallSid": None,
            "To": None,
            "AccountSid": f"{FULL['AccountSid']}{REST}CallSid{FULL['ParentCallSid']}To+18005550100",
        },  # not a call at all
        {
            "ApiVersion": None,
            "CallStatus": None,
            "From": None,
            "ParentCallSid": None,
            "AccountSid": f"{FULL['AccountSid']}{REST}",
            "CallSid": FULL["ParentCallSid"],
        },  # another call's number in place of this one's
    ],
)
def test_parameters_re_cut_into_another_call_are_refused_although_the_sum_is_right(
    signed: FlaskClient, cut: dict[str, str | None]
) -> None:
    given = {SIGNATURE_HEADER: SIGNER.sign("/voice", "", list(FULL.items()))}
    form = {name: value for name, value in (FULL | cut).items() if value is not None}
    assert signed.post("/voice", data=FULL, headers=given).status_code == 200
    assert signed.post("/voice", data=form, headers=given).status_code == 403


def test_repeated_values_are_refused(signed: FlaskClient) -> None:
    begun = next_url(post_signed(signed, "/voice", CALL))
    path, _, query = begun.partition("?")
    given = {SIGNATURE_HEADER: SIGNER.sign(path, query, [*CALL.items(), ("Digits", "1")])}
    body = "&".join(f"{k}={v.replace('+', '%2B')}" for k, v in CALL.items())
    kind = "application/x-www-form-urlencoded"
    assert signed.post(begun, data=f"{body}&Digits=1", headers=given, content_type=kind).status_code == 200
    assert signed.post(begun, data=f"{body}&Digits=1&Digits=1", headers=given, content_type=kind).status_code == 403
    assert signed.post(begun, data=f"{body}&Digits=1&Digits=2", headers=given, content_type=kind).status_code == 403


def test_a_body_moved_into_the_path_or_query_is_refused(signed: FlaskClient) -> None:
    given = {SIGNATURE_HEADER: SIGNER.sign("/voice", "", list(CALL.items()))}
    moved = "".join(f"{name}{CALL[name]}" for name in sorted(CALL))
    assert signed.post(f"/voice{moved}", headers=given).status_code == 404
    begun = next_url(post_signed(signed, "/voice", CALL))
    path, _, query = begun.partition("?")
    form = {**CALL, "Digits": "1"}
    given = {SIGNATURE_HEADER: SIGNER.sign(path, query, list(form.items()))}
    moved = "".join(f"{name}{form[name]}" for name in sorted(form)).replace("+", "%2B")
    # the sum over the moved text differs by the escaped plus; without it the query still does not hold a cursor of
    # this call
    assert signed.post(f"{begun}{moved}", headers=given).status_code == 403


def test_a_body_moved_into_the_cursor_is_no_cursor(signed: FlaskClient) -> None:
    form = {"CallSid": CALL["CallSid"], "Digits": "1"}
    begun = next_url(post_signed(signed, "/voice", {"CallSid": CALL["CallSid"]}))
    path, _, query = begun.partition("?")
    given = {SIGNATURE_HEADER: SIGNER.sign(path, query, list(form.items()))}
    # "…c=CURSOR" + "CallSidCA1…Digits1" signs like the request with an empty body; there is no call in it
    answer = signed.post(f"{begun}CallSid{CALL['CallSid']}Digits1", headers=given)
    assert answer.status_code == 200
    assert "<Hangup />" in answer.text
    assert "press" not in answer.text


@pytest.mark.parametrize("query", ["?x=1", "?c=a&c=b", "?c=a&CallSid=CA1"])
def test_unknown_query_parameters_are_refused(signed: FlaskClient, query: str) -> None:
    assert post_signed(signed, f"/voice{query}", CALL).status_code == 403


def test_a_stolen_cursor_is_worthless(signed: FlaskClient) -> None:
    begun = next_url(post_signed(signed, "/voice", CALL))
    thief = {**CALL, "CallSid": "CA" + "2" * 32, "Digits": "1"}
    answer = post_signed(signed, begun, thief)
    check(answer.data)
    assert "cannot continue" in answer.text
    unsigned = client()
    mine = next_url(post(unsigned, "/voice"))
    assert post(unsigned, mine, CallSid="CA" + "2" * 32).status_code == 403


@pytest.mark.parametrize("cursor", ["x", "A" * 60, "../../etc/passwd", "%00", "A" * 7_000, "é"])
def test_a_damaged_cursor_of_a_signed_call_is_an_apology(signed: FlaskClient, cursor: str) -> None:
    for path in ("/voice", "/wait"):
        answer = post_signed(signed, f"{path}?c={quote(cursor)}", CALL)
        assert answer.status_code == 200
        check(answer.data)
        assert "cannot continue this call" in answer.text
        assert post(client(), f"{path}?c={quote(cursor)}").status_code == 403


def test_a_page_of_another_site_cannot_place_calls_here() -> None:
    phone = client()
    for host in ("evil.example", "127.evil.example", "localhost.evil.example:5000", "192.168.1.5:5000"):
        assert phone.post("/voice", data=CALL, headers={"Host": host}).status_code == 403
    for host in ("localhost:5000", "127.0.0.1:5000", "[::1]:5000"):
        assert phone.post("/voice", data=CALL, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://localhost:5001"),
        ("X-Forwarded-For", "203.0.113.9"),
        ("Forwarded", "for=203.0.113.9"),
        (SIGNATURE_HEADER, "signed"),
    ],
)
def test_pages_of_other_sites_and_what_a_proxy_brings_place_no_unsigned_calls(header: str, value: str) -> None:
    phone = client()
    mine = {"Host": "localhost:5000", "Origin": "http://localhost:5000", "Sec-Fetch-Site": "same-origin"}
    for ask in (phone.post, phone.get):
        assert ask("/voice", data=CALL, headers=mine).status_code == 200
        assert ask("/voice", data=CALL, headers=mine | {header: value}).status_code == 403


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "no auth token"),
        ({"auth_token": " "}, "no auth token"),
        ({"auth_token": TOKEN}, "no public URL"),
        ({"auth_token": TOKEN, "public_url": "ivr.example.com"}, "is not the base address"),
        ({"auth_token": TOKEN, "public_url": "ftp://ivr.example.com"}, "is not the base address"),
        ({"auth_token": TOKEN, "public_url": "https://ivr.example.com/#rc=2"}, "is not the base address"),
        ({"auth_token": TOKEN, "public_url": "https://ivr.example.com/voice?x=1"}, "is not the base address"),
        ({"auth_token": TOKEN, "public_url": "https://user:pw@ivr.example.com"}, "is not the base address"),
        ({"auth_token": TOKEN, "public_url": "https://ivr.example.com:port"}, "cannot be read"),
        ({"auth_token": TOKEN, "public_url": "https://ivr.example.com:"}, "is not the base address"),
        ({"auth_token": TOKEN, "public_url": "https://ivr.example.com:/line"}, "is not the base address"),
        ({"auth_token": TOKEN, "public_url": 'https://a"b.example'}, "is not the base address"),
        ({"auth_token": TOKEN, "public_url": PUBLIC, "cursor_keys": ("short",)}, "a cursor key has 5 characters"),
        ({"auth_token": TOKEN + "\udcff", "public_url": PUBLIC}, "the auth token has bytes that are not UTF-8"),
        (
            {"auth_token": TOKEN, "public_url": PUBLIC, "cursor_keys": (SECRET, SECRET + "\udcfe")},
            "the cursor key has bytes that are not UTF-8",
        ),
        ({"development": True, "caller_keys": (SECRET + "\udc80",)}, "the caller key has bytes that are not UTF-8"),
    ],
)
def test_it_does_not_start_where_calls_could_be_forged(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Config(flow=FLOW, **settings)


def test_secrets_do_not_show_in_settings() -> None:
    assert TOKEN not in repr(Config(flow=FLOW, **IN_PUBLIC))
    assert SECRET not in repr(Config(flow=FLOW, **IN_PUBLIC))


def test_in_production_there_is_no_browser_phone_and_no_node_in_a_header(signed: FlaskClient) -> None:
    for path in ("/", "/phone", "/look.css", "/static/phone.js"):
        assert signed.get(path).status_code == 404
    answer = post_signed(signed, "/voice", CALL)
    assert not [name for name, _ in answer.headers if name.startswith("X-IVR")]
    assert signed.get("/healthz").data == b"ok\n"


def test_the_browser_phone_can_be_left_out() -> None:
    assert client(browser=False).get("/phone").status_code == 404


def test_the_page_of_the_browser_phone_loads_nothing_from_elsewhere() -> None:
    phone = client()
    assert phone.get("/").headers["Location"] == "/phone"
    page = phone.get("/phone")
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    files = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert files
    for name in files:
        assert name.startswith("/")
        with phone.get(name) as file:
            assert file.status_code == 200
    assert "<script>" not in page.text
    assert "style=" not in page.text


def test_a_flow_name_is_text_on_the_page() -> None:
    evil = FLOW.model_copy(update={"name": '</h1><script>alert("x")</script>'})
    assert "<script>alert" not in client(flow=evil).get("/phone").text


# --- Nonsense -------------------------------------------------------------------------------------------

NONSENSE: dict[str, dict[str, str]] = {
    "nothing": {"CallSid": ""},
    "a call that is none": {"CallSid": "../../etc/passwd"},
    "markup for a call": {"CallSid": "<Hangup/>"},
    "a very long call": {"CallSid": "C" * 9_999},
    "a million digits": {"Digits": "9" * 1_000_000},
    "Arabic digits": {"Digits": "١٢٣"},
    "full-width digits": {"Digits": "\uff11\uff12\uff13"},
    "NUL": {"Digits": "1\x002", "From": "\x00", "SpeechResult": "\x00"},
    "markup": {"Digits": "</Gather><Dial>900</Dial>", "From": '"><Say>', "SpeechResult": "<Say>x</Say>"},
    "control characters": {"SpeechResult": "\x01\x02\x1b[31m", "CallerName": "\r\nX-Header: 1"},
    "emoji": {"SpeechResult": "🎉" * 500, "Digits": "🎉"},
    "a path": {"From": "../../../etc/passwd", "RecordingUrl": "file:///etc/passwd"},
    "numbers that are none": {
        "QueueTime": "-1",
        "QueuePosition": "1e9",
        "AvgQueueTime": "NaN",
        "RecordingDuration": "∞",
        "Confidence": "x",
    },
    "huge numbers": {"QueueTime": "9" * 400, "QueuePosition": "9" * 400, "AvgQueueTime": "9" * 400},
    "a thousand parameters": {
        f"P{chr(97 + i // 26 % 26)}{chr(97 + i % 26)}{'x' * (i // 676)}": "y" for i in range(1_000)
    },
    "words for results": {
        "QueueResult": "'; DROP TABLE calls; --",
        "DialCallStatus": "{{7*7}}",
        "CallStatus": "${jndi:ldap://x}",
    },
}
PLACES = {"first": (), "menu": (), "collect": ("2",), "queue": ("1",), "dial": ("3",)}


@pytest.mark.parametrize("what", NONSENSE)
@pytest.mark.parametrize("place", [*PLACES, "wait", "record", "status"])
def test_nonsense_is_answered(what: str, place: str) -> None:
    phone = client()
    if place == "first":
        url = "/voice"
    elif place == "status":
        url = "/status"
    elif place == "wait":
        url = re.search(r'waitUrl="([^"]+)"', at(phone, "1").text)[1]  # type: ignore[index]
    elif place == "record":
        url = next_url(post(phone, next_url(at(phone, "1")), QueueResult="queue-full"))
    else:
        url = next_url(at(phone, *PLACES[place]))
    response = post(phone, url, NONSENSE[what])
    assert response.status_code in ((204,) if place == "status" else (200, 403))
    if response.status_code == 200:
        check(response.data)
        assert "<Dial>900" not in response.text


def test_a_million_digits_are_no_card_number() -> None:
    phone = client()
    assert node(post(phone, next_url(at(phone, "2")), Digits="9" * 1_000_000)) == "account"


@pytest.mark.parametrize("path", ["/voice", "/wait", "/status"])
def test_a_body_of_ten_megabytes_is_refused(signed: FlaskClient, path: str) -> None:
    body = b"Digits=" + b"9" * 10_000_000
    kind = "application/x-www-form-urlencoded"
    assert signed.post(path, data=body, content_type=kind).status_code == 413
    assert client().post(path, data=body, content_type=kind).status_code == 413
    assert len(body) > MAX_BODY


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "multipart/form-data; boundary=x",
        "text/plain",
        "",
        "application/x-www-form-urlencoded; charset=x",
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe\x00",
        b"--x\r\nContent-Disposition: form-data; name=CallSid\r\n\r\nCA1\r\n",
        b"%",
        b"%FF=%C0%80",
        b"&&&===;;",
    ],
)
def test_a_body_that_is_no_form_is_answered(kind: str, body: bytes) -> None:
    response = client().post("/voice", data=body, content_type=kind)
    assert response.status_code == 200
    check(response.data)


@pytest.mark.parametrize(
    "path",
    [
        "/voice/",
        "/voice/../etc/passwd",
        "/VOICE",
        "/voice%00",
        "/audio/../pyproject.toml",
        "/audio/%2e%2e/pyproject.toml",
        "/audio/x.mp3",
        "/audio//etc/passwd",
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/flows/northwind",
        "/admin",
    ],
)
def test_unknown_paths_are_not_found(path: str) -> None:
    assert client().get(path).status_code == 404


def test_other_methods_are_not_allowed() -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        assert client().open("/voice", method=method, data=CALL).status_code == 405


def test_a_fault_of_our_own_is_an_apology_and_its_words_stay_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(Config(flow=FLOW, development=True, clock=lambda: OPEN))

    def broken(_inbound: object) -> None:
        raise RuntimeError("4111111111111111")

    app.extensions["ivr"]["line"].voice = broken
    answer = app.test_client().post("/voice", data=CALL)
    assert answer.status_code == 200
    check(answer.data)
    assert "cannot continue" in answer.text
    assert "RuntimeError" in caplog.text
    assert "4111" not in caplog.text


def test_an_event_that_does_not_belong_says_the_same_again() -> None:
    phone = client()
    queued = at(phone, "1")
    dialled = at(phone, "3")
    # A Gather's answer where an Enqueue waits: no QueueResult, so the queue is taken as closed, never as an error.
    assert node(post(phone, next_url(queued), Digits="1")) == "message"
    assert node(post(phone, next_url(dialled), Digits="1")) == "message"


def test_what_does_not_fit_into_an_address_ends_in_an_apology() -> None:
    chance = random.Random(3)
    values = tuple((f"v{i}", "".join(chance.choice("0123456789abcdef") for _ in range(640))) for i in range(40))
    full = Cursor(Session(node="main", language="en-US", values=values, seq=1), FLOW.digest)
    development = Seal(("development, on this machine only",))
    assert len(development.close(full, CALL["CallSid"])) > LONGEST
    versions = FlowVersions(FLOW, (), (), lambda _: (), None)
    turn = Turn(CALL["CallSid"], FLOW, versions.entering(FLOW), OPEN, full)
    addresses = Addresses("", versions, serves_recordings=False)
    answer = reply(turn, development, SecretVault(development, None), addresses, show_state=True)
    check(answer.body)
    assert b"cannot continue" in answer.body


# --- What must stay unreadable -----------------------------------------------------------------------------------


def test_what_a_caller_enters_reaches_no_log_and_no_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    phone = client()
    asked = at(phone, "2")
    told = post(phone, next_url(asked), Digits="4111111111111111")
    wrong = post(phone, next_url(asked), Digits="4222222222222")
    post(phone, next_url(wrong), SpeechResult="my card is 4333333333333")
    for canary in ("4111111111111111", "4222222222222", "4333333333333", "4155550123"):
        assert canary not in caplog.text
        assert canary not in str(told.headers)
        assert canary not in next_url(wrong)
    assert "account=collected" in caplog.text
