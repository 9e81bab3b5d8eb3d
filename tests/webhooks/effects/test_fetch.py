"""Lookups over real sockets: what an answer means, what is refused, and that no server can hold up a call."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from flows.model.load import load_text
from flows.nodes.base import Here
from flows.protocol.actions import Condition, Fetch, Outcome
from flows.protocol.http_answer import MAX_ANSWER, percent, read_answer
from webhooks.effects.http_lookup import fetch, is_public

FOUND = (Condition("found", ("2xx",)), Condition("not_found", ("404", "410")))
LABELS = ("found", "not_found", "failure", "timeout")


def asked(url: str, **more: object) -> Fetch:
    fields = {
        "name": "case",
        "method": "GET",
        "url": url,
        "headers": (),
        "body": "",
        "timeout_s": 2.0,
        "conditions": FOUND,
        "into": (("fee", "case.fee"),),
        "labels": LABELS,
    }
    return Fetch(**(fields | more))  # type: ignore[arg-type]


def _request(connection: socket.socket) -> bytes:
    """One request, its body included."""
    text = connection.recv(65_536)
    while b"\r\n\r\n" not in text:
        text += connection.recv(65_536)
    head, _, body = text.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[bytes]]]:
    """A server on loopback that reads one request and lets `answer` reply; gives its address and the request."""
    requests: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                try:
                    requests.append(_request(connection))
                    answer(connection)
                except OSError:
                    continue

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}", requests
    finally:
        listening.close()


def says(text: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(text)


OK = (
    b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"case": {"fee": 12.50, "paid":'
    b" false}}"
)


# --- What an answer means -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"case": {"fee": 12.50}}', Outcome("found", {"fee": "12.50"})),  # as written, not 12.5
        (201, b'{"case": {"fee": 7}}', Outcome("found", {"fee": "7"})),
        (200, b'{"case": {"fee": true}}', Outcome("found", {"fee": "true"})),
        (200, b'{"case": {"fee": null}}', Outcome("failure")),  # a caller must not hear a gap
        (200, b'{"case": {"fee": {"a": 1}}}', Outcome("failure")),
        (200, b'{"case": []}', Outcome("failure")),
        (200, b"", Outcome("failure")),
        (200, b"\xff\xfe", Outcome("failure")),
        (200, b"[" * 100_000, Outcome("failure")),
        (200, b'{"case": {"fee": "' + b"x" * MAX_ANSWER + b'"}}', Outcome("failure")),
        (404, b"<html>", Outcome("not_found")),
        (410, b"", Outcome("not_found")),
        (302, b"", Outcome("failure")),
        (500, b'{"case": {"fee": 1}}', Outcome("failure")),
    ],
)
def test_an_answer_is_an_outcome(status: int, body: bytes, outcome: Outcome) -> None:
    assert read_answer(asked("https://example.com"), status, body) == outcome


@pytest.mark.parametrize(
    ("body", "label"),
    [
        (b'{"state": "Closed", "items": [{"n": 1}]}', "shut"),
        (b'{"state": "ARCHIVED"}', "shut"),
        (b'{"state": "open", "items": [{"n": 1}]}', "some"),
        (b'{"state": "open", "items": []}', "none"),
        (b"{}", "none"),
    ],
)
def test_a_field_decides_and_the_first_that_fits_is_taken(body: bytes, label: str) -> None:
    conditions = (
        Condition("shut", ("2xx",), "state", ("closed", "archived")),
        Condition("some", ("2xx",), "items.0.n"),
        Condition("none", ("200",)),
    )
    assert read_answer(asked("https://example.com", conditions=conditions, into=()), 200, body).label == label


def test_whatever_a_caller_entered_stays_in_its_place() -> None:
    text = """
    {ivr: 1, name: L, start: a, nodes: {a: {type: lookup, url: "https://example.com/c/{case}?x={case}", method: POST,
     headers: {X-Case: "{case}"}, body: {case: "{case}"}, on: {found: b}, failure: b}, b: {type: hangup}}}
    """
    flow = load_text(text).flow
    evil = 'a/../b?c#d&e=é"}\r\nX-Evil: 1\u2028'
    [action] = flow.nodes["a"].enter(Here(flow, "a", "en-US", values={"case": evil}))
    assert isinstance(action, Fetch)
    coded = "a%2F..%2Fb%3Fc%23d%26e%3D%C3%A9%22%7D%0D%0AX-Evil%3A%201%E2%80%A8"
    assert action.url == f"https://example.com/c/{coded}?x={coded}"
    assert percent(evil) == coded
    assert action.headers == (("X-Case", 'a/../b?c#d&e=é"}X-Evil: 1'),)
    assert action.body == '{"case": "a/../b?c#d&e=é\\"}\\r\\nX-Evil: 1\u2028"}'


# --- Over sockets -------------------------------------------------------------------------------------------


def test_it_asks_and_is_answered() -> None:
    with server(says(OK)) as (address, requests):
        made = asked(
            f"http://{address}/cases/7?by=x",
            method="POST",
            body='{"a": "é"}',
            headers=(("Authorization", "Bearer $IVR_SECRET_CITY"), ("X-Name", "Åse")),
        )
        assert fetch(made, seconds=2, allowed=[address], environ={"IVR_SECRET_CITY": "s3cret"}) == Outcome(
            "found", {"fee": "12.50"}
        )
    head, _, body = requests[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /cases/7?by=x HTTP/1.1"
    assert {b"Authorization: Bearer s3cret", b"Content-Type: application/json", "X-Name: Åse".encode()} <= set(lines)
    assert body == '{"a": "é"}'.encode()


@pytest.mark.parametrize(
    ("method", "headers", "line"),
    [
        ("POST", (), b'Idempotency-Key: "7f"'),
        ("POST", (("idempotency-key", "mine"),), b"idempotency-key: mine"),
        ("GET", (), None),
        ("PUT", (), None),
    ],
)
def test_a_post_says_by_which_key_it_is_known_again(
    method: str, headers: tuple[tuple[str, str], ...], line: bytes | None
) -> None:
    with server(says(OK)) as (address, requests):
        fetch(asked(f"http://{address}/", method=method, headers=headers), seconds=2, key="7f", allowed=[address])
    assert [one for one in requests[0].split(b"\r\n") if one.lower().startswith(b"idempotency-key")] == (
        [line] if line else []
    )


@pytest.mark.parametrize(
    ("more", "repeatable"),
    [("", True), ("method: PUT", True), ("method: POST", False), ("method: POST, repeatable: true", True)],
)
def test_what_may_be_asked_again(more: str, repeatable: bool) -> None:
    """GET and PUT as they are (RFC 9110, 9.2.2), a POST when the flow says so."""
    flow = load_text(f"""
    ivr: 1
    name: L
    start: a
    nodes:
      a: {{type: lookup, url: "https://example.com", {f"{more}," if more else ""} on: {{found: b}}, failure: b}}
      b: {{type: hangup}}
    """).flow
    [action] = flow.nodes["a"].enter(Here(flow, "a", "en-US"))
    assert isinstance(action, Fetch)
    assert action.repeatable is repeatable


def test_other_variables_of_the_environment_stay_where_they_are() -> None:
    with server(says(OK)) as (address, requests):
        made = asked(f"http://{address}/", headers=(("X-A", "$TWILIO_AUTH_TOKEN $HOME"),))
        fetch(made, seconds=2, allowed=[address], environ={"TWILIO_AUTH_TOKEN": "canary"})
    assert b"canary" not in requests[0]
    assert b"X-A: $TWILIO_AUTH_TOKEN $HOME" in requests[0]


def test_a_secret_that_is_not_set_asks_nobody() -> None:
    with server(says(OK)) as (address, requests):
        made = asked(f"http://{address}/", headers=(("X-A", "$IVR_SECRET_NONE"),))
        assert fetch(made, seconds=2, allowed=[address], environ={}).label == "failure"
    assert requests == []


def drips(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(300):
        connection.sendall(b"X-Slow: 1\r\n")
        time.sleep(0.05)


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{")
    while True:
        connection.sendall(b" " * 8192)


def silent(connection: socket.socket) -> None:
    time.sleep(3)


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        (drips, "timeout"),
        (silent, "timeout"),
        (endless, "failure"),
        (says(b""), "failure"),
        (says(b"nonsense\r\n\r\n"), "failure"),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n{}"), "failure"),
        (says(b"HTTP/1.1 200 OK\r\n" + b"A" * 70_000), "failure"),
        (says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "failure"),
    ],
    ids=["drips", "silent", "endless", "empty", "nonsense", "short", "header", "chunk"],
)
def test_no_other_side_can_hold_a_call(answer: Callable[[socket.socket], None], label: str) -> None:
    with server(answer) as (address, _):
        began = time.monotonic()
        assert fetch(asked(f"http://{address}/"), seconds=0.5, allowed=[address]).label == label
        assert time.monotonic() - began < 1.5


def test_a_redirect_is_not_followed() -> None:
    with server(says(OK)) as (inner, asked_inside):
        redirect = f"HTTP/1.1 302 Found\r\nLocation: http://{inner}/secret\r\nContent-Length: 0\r\n\r\n".encode()
        with server(says(redirect)) as (address, _):
            assert fetch(asked(f"http://{address}/"), seconds=2, allowed=[address]).label == "failure"
        assert asked_inside == []


def test_nobody_listening_is_a_failure() -> None:
    free = socket.create_server(("127.0.0.1", 0))
    address = f"127.0.0.1:{free.getsockname()[1]}"
    free.close()
    assert fetch(asked(f"http://{address}/"), seconds=2, allowed=[address]).label == "failure"
    assert fetch(asked("http://no-such-host.invalid/"), seconds=2).label == "failure"


# --- What must not be reached -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2001:db8::1",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "0"])
def test_this_machine_is_not_reached_however_it_is_written(host: str) -> None:
    with server(says(OK)) as (address, requests):
        port = address.partition(":")[2]
        assert fetch(asked(f"http://{host}:{port}/"), seconds=2).label == "failure"
    assert requests == []


def test_an_allowed_host_is_allowed_on_its_port_alone() -> None:
    with server(says(OK)) as (address, _):
        assert fetch(asked(f"http://{address}/"), seconds=2, allowed=["127.0.0.1"]).label == "found"
        assert fetch(asked(f"http://{address}/"), seconds=2, allowed=["127.0.0.1:1"]).label == "failure"


def test_a_name_that_changes_its_address_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Public when checked, private from then on: the connection goes to the address that was checked."""
    reached: list[object] = []
    answers = [[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80))]]
    private = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: answers.pop() if answers else private)

    def connect(self: socket.socket, address: object) -> None:
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert fetch(asked("http://rebind.example.com/"), seconds=2).label == "failure"
    assert reached == [("93.184.216.34", 80)]
    assert fetch(asked("http://rebind.example.com/"), seconds=2).label == "failure"
    assert len(reached) == 1  # now the name is private, and nothing is reached at all


def test_a_name_server_that_does_not_answer_holds_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: time.sleep(3))
    began = time.monotonic()
    assert fetch(asked("http://slow.example.com/"), seconds=0.3).label == "timeout"
    assert time.monotonic() - began < 1


def test_no_log_holds_what_a_caller_entered_or_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with server(says(OK)) as (address, _):
        made = asked(f"http://{address}/cases/4111111111111111", headers=(("X", "$IVR_SECRET_X"),))
        fetch(made, seconds=2, allowed=[address], environ={"IVR_SECRET_X": "canary"})
        fetch(made, seconds=2)
        fetch(asked("http://4111111111111111.invalid/"), seconds=2)
    assert "lookup case: 200, found" in caplog.text
    assert "canary" not in caplog.text
    assert "/cases" not in caplog.text


@pytest.mark.parametrize(
    ("url", "accepted"),
    [
        ("https://api.example.com/cases/{case}", True),
        ("http://localhost:8080", True),
        ("https://{host}/x", False),
        ("https://api.example.com{x}", False),
        ("ftp://example.com/x", False),
        ("https://user:pw@example.com/", False),
        ("https://example.com/a b", False),
        ("file:///etc/passwd", False),
        ("https://example.com/{a:money}", False),
        ("https:///x", False),
    ],
)
def test_addresses_a_flow_may_name(url: str, accepted: bool) -> None:
    from flows.source.finding import FlowError

    text = f'{{ivr: 1, name: L, start: a, nodes: {{a: {{type: lookup, url: "{url}", on: {{found: a}}, failure: a}}}}}}'
    if accepted:
        load_text(text)
    else:
        with pytest.raises(FlowError, match="is not a valid address"):
            load_text(text)
