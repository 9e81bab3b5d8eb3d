"""The carrier's endpoints as WSGI: headers, bodies that end too soon, and requests passed on."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.web_carrier import IN_PUBLIC
from tests.support.webhook_client import FLOW, OPEN, client, post
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.twilio.form import parameters

HOOKS = ("/voice", "/wait", "/status")


@pytest.fixture
def local() -> FlaskClient:
    return client()


@pytest.mark.parametrize("path", HOOKS)
def test_what_may_be_asked_is_said(local: FlaskClient, path: str) -> None:
    answer = local.put(path)
    assert (answer.status_code, sorted(answer.headers["Allow"].split(", "))) == (405, ["GET", "HEAD", "POST"])


def test_a_head_has_the_length_of_what_a_get_says_and_no_body(local: FlaskClient) -> None:
    got, head = (local.open("/voice?CallSid=CA1", method=method) for method in ("GET", "HEAD"))
    assert (got.status_code, head.status_code, head.data) == (200, 200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.data))
    assert got.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert got.headers["Cache-Control"] == "no-store"


def test_a_status_has_no_body_and_no_length(local: FlaskClient) -> None:
    answer = post(local, "/status", {"CallStatus": "completed"})
    assert (answer.status_code, answer.data, "Content-Length" in answer.headers) == (204, b"", False)


def asked(app: Flask, body: io.BytesIO, length: str, **more: str) -> tuple[str, bytes]:
    """Status and body for a form of a given length, with `more` in its headers."""
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/voice",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        "wsgi.input": body,
        "CONTENT_LENGTH": length,
        "CONTENT_TYPE": "Application/X-WWW-Form-Urlencoded; charset=utf-8",
        **more,
    }
    status: list[str] = []
    said = b"".join(app(environ, lambda line, headers: status.append(line)))  # type: ignore[arg-type]
    return status[0], said


@pytest.mark.parametrize("length", ["5", "0005", "", "-5", "5x", "\u0665"])
def test_a_body_is_read_by_its_length_and_never_beyond(length: str) -> None:
    """The five bytes of ``a=1&b`` are followed by those of another request; an invalid length reads nothing."""
    app = create_app(Config(flow=FLOW, development=True, clock=lambda: OPEN))
    seen: list[dict[str, str]] = []
    line = app.extensions["ivr"]["line"]
    line.voice = lambda inbound: seen.append(dict(inbound.form)) or line.apology()
    body = io.BytesIO(b"a=1&bPOST /voice")
    assert asked(app, body, length)[0] == "200 OK"
    assert (seen, body.tell()) == (([{"a": "1", "b": ""}], 5) if length in ("5", "0005") else ([{}], 0))


def test_a_length_beyond_all_measure_is_refused_unread() -> None:
    body = io.BytesIO(b"a=1")
    assert asked(create_app(Config(flow=FLOW, development=True)), body, "9" * 40)[0].startswith("413 ")
    assert body.tell() == 0


def test_a_body_that_ends_too_soon_is_no_event(caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(Config(flow=FLOW, development=True, clock=lambda: OPEN))
    status, said = asked(app, io.BytesIO(b"CallSid=CA1&Digits=1"), "60")
    assert (status, b"cannot continue" in said) == ("200 OK", True)
    assert "ClientDisconnected in /voice" in caplog.text


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of the texts parsed into parameters."""
    lengths: list[int] = []

    def counting(text: str) -> list[tuple[str, str]]:
        lengths.append(len(text))
        return parameters(text)

    monkeypatch.setattr("webhooks.service.endpoints.parameters", counting)
    return lengths


SIGNED = Config(flow=FLOW, **IN_PUBLIC)
JUNK = b"a&" * 1_000_000  # 2,000,000 bytes: as many as a body may have


def test_what_nobody_signed_is_read_and_not_taken_apart(parsed: list[int]) -> None:
    body = io.BytesIO(JUNK)
    assert asked(create_app(SIGNED), body, str(len(JUNK))) == (
        "403 FORBIDDEN",
        b"refused: no X-Twilio-Signature header\n",
    )
    assert (parsed, body.tell()) == ([], len(JUNK))  # the connection is where the next request begins


@pytest.mark.parametrize(
    ("number", "status"),
    [(1_100, "403 FORBIDDEN"), (1_101, "413 REQUEST ENTITY TOO LARGE"), (1_000_000, "413 REQUEST ENTITY TOO LARGE")],
)
def test_more_parameters_than_anybody_sends_are_refused_as_a_body_too_large_is(
    number: int, status: str, parsed: list[int]
) -> None:
    junk = b"&".join([b"a"] * number)
    body = io.BytesIO(junk)
    assert asked(create_app(SIGNED), body, str(len(junk)), HTTP_X_TWILIO_SIGNATURE="x")[0] == status
    assert (parsed, body.tell()) == ([len(junk)] if number == 1_100 else [], len(junk))
    assert asked(create_app(Config(flow=FLOW, development=True)), io.BytesIO(junk), str(len(junk)))[
        0
    ] == status.replace("403 FORBIDDEN", "200 OK")


@pytest.mark.parametrize("path", ["/healthz", "/voice/", "/audio/x.mp3", "/phone", "/"])
def test_every_other_address_is_handed_on(local: FlaskClient, path: str) -> None:
    assert local.get(path).status_code == {"/healthz": 200, "/phone": 200, "/": 302}.get(path, 404)
