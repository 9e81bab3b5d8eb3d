"""The carrier's requests: parameters, signature, retries, redirects, and bad answers."""

from __future__ import annotations

import pytest
from twilio.request_validator import RequestValidator

from tests.support.twiml_app import BASE, NOON, SID, TOKEN, App, call, heard, noticed, twiml, when
from webhooks.carrier.call import Call
from webhooks.carrier.drivers.driver import play
from webhooks.carrier.protocol import Failed, Limits, Number, Reply, Response
from webhooks.carrier.requests.fetch import APPLICATION_ERROR
from webhooks.carrier.requests.overrides import overrides

HI = "<Say>Hi.</Say>"
ERROR = [(0.0, APPLICATION_ERROR)]


def test_the_first_request() -> None:
    app = App({"/voice": HI})
    call(app)
    assert app.asked[0][1] == {
        "CallSid": "CA0123456789abcdef0123456789abcdef",
        "AccountSid": "AC" + "0" * 32,
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
        "From": "+14155550123",
        "Caller": "+14155550123",
        "To": "+18005550100",
        "Called": "+18005550100",
        "CallStatus": "ringing",
    }
    assert app.requests[0].limits == Limits(5.0, 15.0, 15.0)
    assert app.requests[0].headers["Content-Type"] == "application/x-www-form-urlencoded; charset=utf-8"


def test_every_request_is_signed_as_twilios_own_validator_wants_it() -> None:
    app = App(
        {
            "/voice": "<Gather action='/got?c=%41&amp;d' numDigits='1'/>",
            "/got": "<Redirect method='GET'>/last?x=y</Redirect>",
            "/last": HI,
            "/status": "",
        }
    )
    call(app, (1, "5"), url=f"{BASE}/voice?a=b#rc=2&rp=all", status_url=f"{BASE}/status")
    assert [r.url.partition("?")[0].removeprefix(BASE) for r in app.requests] == ["/voice", "/got", "/last", "/status"]
    for request in app.requests:
        assert "#" not in request.url
        assert RequestValidator(TOKEN).validate(request.url, dict(request.form), request.headers["X-Twilio-Signature"])


def test_without_a_token_nothing_is_signed() -> None:
    app = App({"/voice": HI})
    play(Call(Number(f"{BASE}/voice"), sid=SID, began=NOON), app)
    assert "X-Twilio-Signature" not in app.requests[0].headers
    assert "From" not in app.asked[0][1]  # withheld: the parameter is missing


def test_the_token_is_in_no_text_about_a_number() -> None:
    assert "secret" not in repr(Number(f"{BASE}/voice", auth_token="secret"))


# --- Tries -----------------------------------------------------------------------------------------------------------

CT, RT, S404, S500 = Failed("connect", 5.0), Failed("read", 2.0), Response(404, {}, b""), Response(500, {}, b"", 1.0)


@pytest.mark.parametrize(
    ("fragment", "answers", "tries"),
    [
        ("", [CT, HI], 2),  # TCP: two tries of 5 s
        ("", [CT, CT, HI], 2),
        ("", [RT, HI], 1),  # by default only connecting is retried
        ("", [S500, HI], 1),
        ("#rc=0", [CT, HI], 1),
        ("#rc=3&rp=rt", [RT, RT, HI], 3),
        ("#rc=3&rp=rt", [CT, HI], 1),
        ("#rc=5&rp=4xx", [S404, S404, S404, HI], 4),
        ("#rc=5&rp=5xx", [S404, HI], 1),
        ("#rc=2&rp=all", [S500, CT, HI], 3),
        ("#rc=5&rp=all&tt=11000", [CT, CT, CT, HI], 3),  # 5 + 5 leaves one second: the third try is the last
        ("#rc=9", [CT] * 9, 6),  # five retries at most
    ],
)
def test_what_is_tried_again(fragment: str, answers: list[Reply | str], tries: int) -> None:
    app = App({"/voice": list(answers)})
    call(app, url=f"{BASE}/voice{fragment}")
    # 15 s in all: after 5 + 5 + 5 there is no fourth try.
    assert len(app.requests) == (3 if fragment == "#rc=9" else tries)


def test_the_last_try_gets_what_is_left_of_the_total_time() -> None:
    app = App({"/voice": [CT, CT, HI]})
    call(app, url=f"{BASE}/voice#rc=5&tt=12000")
    assert [r.limits for r in app.requests] == [Limits(5, 12, 12), Limits(5, 7, 7), Limits(2, 2, 2)]


def test_a_retry_carries_the_same_token_and_the_same_digits_and_the_next_request_another() -> None:
    app = App(
        {"/voice": ["<Gather action='/got' numDigits='1'/>"], "/got": [CT, "<Redirect>/end</Redirect>"], "/end": HI}
    )
    call(app, (1, "4"))
    assert app.told("Digits") == [("/voice", "-"), ("/got", "4"), ("/got", "4"), ("/end", "-")]
    tokens = [r.headers["I-Twilio-Idempotency-Token"] for r in app.requests]
    assert tokens[1] == tokens[2]
    assert len(set(tokens)) == 3


def test_the_clock_goes_on_while_the_caller_waits_for_an_answer() -> None:
    app = App(
        {"/voice": [CT, Response(200, {"content-type": "text/xml"}, b"<Response><Say>Hi.</Say></Response>", 1.5)]}
    )
    assert heard(call(app)) == [(6.5, "Hi.")]


def test_overrides_that_are_none_are_passed_over() -> None:
    url, settings = overrides("https://a.example/v#ct=1&rt=99999&rc=x&rp=never&e=ashburn&")
    assert (url, settings.connect_s, settings.read_s, settings.retries, settings.policy) == (
        "https://a.example/v",
        0.1,
        15.0,
        1,
        {"ct"},
    )


# --- The fallback ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (CT, "11205"),
        (RT, "11205"),
        (Failed("name"), "11210"),
        (Failed("tls"), "11220"),
        (Failed("protocol"), "11206"),
        (S404, "11200"),
        (S500, "11200"),
        (Response(302, {}, b""), "11216"),
        (Response(302, {"location": "/voice"}, b""), "11215"),
        (Response(200, {"content-type": "text/xml"}, b"<Response>"), "12100"),
        (Response(200, {"content-type": "application/json"}, b"{}"), "12300"),
        (Response(200, {"content-type": "text/xml"}, b"x" * 65_537), "11750"),
    ],
)
def test_every_kind_of_failure_goes_to_the_fallback_and_without_one_to_the_application_error(
    answer: Reply, code: str
) -> None:
    app = App({"/voice": answer})
    made = call(app)
    assert [c for c, _ in noticed(made)] == [code]
    assert [text for _, text in heard(made)] == [APPLICATION_ERROR]
    assert (made.status, made.ended_by) == ("failed", "error")
    app = App({"/voice": answer, "/fallback": HI})
    made = call(app, fallback_url=f"{BASE}/fallback")
    assert app.told("ErrorCode", "ErrorUrl", "CallStatus")[-1] == ("/fallback", code, f"{BASE}/voice", "ringing")
    assert [text for _, text in heard(made)] == ["Hi."]


def test_the_fallback_replays_the_digits_and_is_tried_once() -> None:
    app = App({"/voice": "<Gather action='/got' numDigits='1'/>", "/got": S500, "/fallback": S404})
    made = call(app, (1, "4"), fallback_url=f"{BASE}/fallback")
    assert app.told("Digits") == [("/voice", "-"), ("/got", "4"), ("/fallback", "4")]
    assert [c for c, _ in noticed(made)] == ["11200", "11200"]
    assert (made.status, made.ended_by, heard(made)[-1][1]) == ("completed", "error", APPLICATION_ERROR)


def test_a_status_callback_that_fails_disturbs_nothing() -> None:
    made = call(App({"/voice": HI}), status_url=f"{BASE}/nowhere?secret=1")
    assert (made.status, noticed(made)) == ("completed", [("11200", f"{BASE}/nowhere: the answer has status 404")])


def test_an_address_that_is_none() -> None:
    assert noticed(call(App({}), url="ftp://x")) == [("11100", "'ftp://x' is not an address")]
    made = call(App({"/voice": "<Redirect>javascript:alert(1)</Redirect>"}))
    assert [c for c, _ in noticed(made)] == ["11100"]


# --- Redirects -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
def test_http_redirects_are_followed_and_signed_anew(status: int, method: str) -> None:
    app = App({"/voice": Response(status, {"location": "new?x=1"}, b""), "/new": "<Gather numDigits='1'/>"})
    call(app)
    second = app.requests[1]
    assert (second.method, second.url) == (method, f"{BASE}/new?x=1")
    assert ("CallSid" in dict(second.form)) is (method == "POST")
    assert RequestValidator(TOKEN).validate(second.url, dict(second.form), second.headers["X-Twilio-Signature"])


def test_ten_redirects_and_no_more() -> None:
    app = App({"/voice": [Response(307, {"location": "/voice"}, b"")] * 10 + [twiml(HI)]})
    assert heard(call(app)) == [(0, "Hi.")]
    app = App({"/voice": [Response(307, {"location": "/voice"}, b"")] * 11 + [twiml(HI)]})
    assert [c for c, _ in noticed(call(app))] == ["11215"]


# --- Documents -------------------------------------------------------------------------------------------------------


def answer(body: bytes, kind: str = "text/xml") -> App:
    return App({"/voice": Response(200, {"content-type": kind}, body)})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "line 1 of the document: no element found"),
        (
            b"\n<?xml version='1.0'?><Response/>",
            "line 2 of the document: XML or text declaration not at start of entity",
        ),
        (b"<Response>\n<Say>a & b</Say></Response>", "line 2 of the document: not well-formed (invalid token)"),
        (b"<Response><Say>\x01</Say></Response>", "line 1 of the document: not well-formed (invalid token)"),
        (b"<response/>", "line 1 of the document: the root element is <response>, not <Response>"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><Response/>", "line 1 of the document: it declares entities"),
        (b"<Response>" + b"<Say>" * 30, "line 1 of the document: elements are nested more than 20 deep"),
        (b"<?xml version='1.0' encoding='klingon'?><Response/>", "line 1 of the document: unknown encoding: klingon"),
    ],
)
def test_xml_that_cannot_be_read(body: bytes, message: str) -> None:
    assert noticed(call(answer(body))) == [("12100", f"{BASE}/voice: {message}")]


@pytest.mark.parametrize("kind", ["text/xml", "application/xml; charset=utf-8", "text/html"])
def test_types_of_xml(kind: str) -> None:
    assert heard(call(answer(b"<Response><Say>Hi.</Say></Response>", kind))) == [(0, "Hi.")]


def test_text_is_spoken_and_sound_is_played() -> None:
    assert heard(call(answer(b"Hello you.", "text/plain"))) == [(0, "Hello you.")]
    assert heard(call(answer(b"RIFF", "audio/wav"))) == [(0, f"{BASE}/voice")]


def test_no_content_is_an_empty_document() -> None:
    made = call(App({"/voice": Response(204, {}, b"")}))
    assert (made.status, noticed(made)) == ("completed", [])


def test_a_document_of_64_kilobytes_is_taken() -> None:
    body = b"<Response><Say>Hi.</Say>" + b" " * (65_536 - 35) + b"</Response>"
    assert len(body) == 65_536
    assert when(call(answer(body))) == [(0, "/voice")]
    assert noticed(call(answer(body))) == []
    assert [c for c, _ in noticed(call(answer(body + b" ")))] == ["11750"]
