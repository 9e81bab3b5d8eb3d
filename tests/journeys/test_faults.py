"""What a live service must survive: real faults in a real gunicorn, while a caller of the virtual carrier is on the
line.
"""

from __future__ import annotations

import signal
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.support.live_service import Gunicorn, Phone, backend, live, sid, told
from tests.support.three_menus import HEARD, LINE
from tests.support.twiml_grammar import check
from tests.support.web_carrier import TOKEN
from webhooks.carrier.call_log import Asked
from webhooks.carrier.protocol import Response
from webhooks.twilio.signature import SIGNATURE_HEADER, signed

NEW_LINE = LINE.replace("the second menu", "the new menu").replace("the third menu", "what is new")
HEARD_NEW = ["For the new menu, press 1.", "For what is new, press 2.", "For the end, press 3.", "Goodbye."]
WAY = [(0, "first", "1"), (1, "second", "2"), (2, "third", "3"), (3, "bye", "hangup")]


def base(server: Gunicorn) -> str:
    return f"http://127.0.0.1:{server.port}"


def steps(database: Path, number: int, *, after: int = -1) -> list[tuple[int, str, str | None]]:
    """The rows of a call after a given one, as soon as they are complete: each worker writes its own."""
    deadline = time.monotonic() + 15
    rows: list[tuple[int, str, str | None]] = []
    while time.monotonic() < deadline and rows != WAY[after + 1 :]:
        time.sleep(0.05)
        if database.exists():
            with (
                suppress(sqlite3.OperationalError),
                closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection,
            ):
                rows = connection.execute(
                    "SELECT seq, node, outcome FROM steps WHERE call_sid = ? AND seq > ? ORDER BY seq",
                    (sid(number), after),
                ).fetchall()
    return rows


# --- Processes --------------------------------------------------------------------------------------------------------


def test_everything_is_killed_and_started_again_in_the_middle_of_a_call(tmp_path: Path) -> None:
    with live(tmp_path, LINE) as server:
        phone, port = Phone(base(server), sid(1)), server.port
        phone.press("1")
        time.sleep(0.5)  # records of what the caller heard are written within 0.1 s
        server.kill_all()
    with live(tmp_path, LINE, port=port):
        phone.press("2")
        phone.press("3")
        assert phone.hang_up() == HEARD
        assert steps(tmp_path / "calls.db", 1) == WAY


def test_a_worker_is_killed_before_every_request(tmp_path: Path) -> None:
    with live(tmp_path, LINE) as server:
        base(server)
        for number in range(1, 6):
            server.kill_a_worker()
            phone = Phone(base(server), sid(number))
            for key in "123":
                server.kill_a_worker()
                phone.press(key)
            assert phone.hang_up() == HEARD


def test_a_stop_waits_for_those_who_are_being_answered(tmp_path: Path) -> None:
    """SIGTERM during a lookup of 2 s: the caller still gets the answer."""
    reached = threading.Event()

    def slow(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        reached.set()
        time.sleep(2)
        told(handler)

    with (
        backend(slow) as host,
        live(tmp_path, looks_up(host, "5s"), IVR_LOOKUP_HOSTS=host) as server,
        ThreadPoolExecutor(1) as pool,
    ):
        address = base(server)
        ringing = pool.submit(Phone, address, sid(1))
        assert reached.wait(20)
        server.process.send_signal(signal.SIGTERM)
        assert ringing.result().hang_up() == ["Found."]


# --- Versions of the flow ---------------------------------------------------------------------------------------------


def test_a_call_finishes_on_its_version_whatever_becomes_of_file_and_database(tmp_path: Path) -> None:
    with live(tmp_path, LINE) as server:
        old = Phone(base(server), sid(1))
        (tmp_path / "line.yaml").write_text(NEW_LINE, "utf-8")
        server.reload()
        new = Phone(base(server), sid(3))
        for file in tmp_path.glob("calls.db*"):
            file.unlink()
        server.reload()
        (tmp_path / "line.yaml").write_text("ivr: 1\nname: Line\nstart: [", "utf-8")
        server.reload()
        assert "not reloaded: the service goes on with the flow it has" in server.log
        (tmp_path / "line.yaml").unlink()
        server.reload()
        server.kill_a_worker()
        for phone in (old, new):
            for key in "123":
                phone.press(key)
        assert (old.hang_up(), new.hang_up()) == (HEARD, HEARD_NEW)


# --- The database -----------------------------------------------------------------------------------------------------


def test_a_locked_database(tmp_path: Path) -> None:
    with live(tmp_path, LINE) as server:
        Phone(base(server), sid(9)).hang_up()
        lock = sqlite3.connect(tmp_path / "calls.db", isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        phone = Phone(base(server), sid(1))
        for key in "123":
            phone.press(key)
        assert phone.hang_up() == HEARD
        lock.execute("ROLLBACK")
        lock.close()
        assert steps(tmp_path / "calls.db", 1) == WAY


def test_a_deleted_database(tmp_path: Path) -> None:
    with live(tmp_path, LINE) as server:
        phone = Phone(base(server), sid(1))
        phone.press("1")
        time.sleep(0.5)
        for file in tmp_path.glob("calls.db*"):
            file.unlink()
        phone.press("2")
        phone.press("3")
        assert phone.hang_up() == HEARD
        # Records from before are lost with the file; later ones are there.
        assert steps(tmp_path / "calls.db", 1, after=1) == WAY[2:]


def test_a_full_disk(tmp_path: Path) -> None:
    """Files may not grow, which is how SQLite sees a full disk; then there is room again."""
    with live(tmp_path, LINE) as server:
        Phone(base(server), sid(9)).hang_up()
        time.sleep(0.5)
        server.limit_files(4_096)
        phone = Phone(base(server), sid(1))
        for key in "123":
            phone.press(key)
        assert phone.hang_up() == HEARD
        time.sleep(0.5)
        server.wait_for("records: .*; calls go on")
        server.limit_files(-1)
        assert steps(tmp_path / "calls.db", 1) == WAY


# --- Services that calls ask ------------------------------------------------------------------------------------------


def looks_up(host: str, timeout: str, method: str = "GET") -> str:
    return f"""
ivr: 1
name: Line
start: find
nodes:
  find:
    type: lookup
    method: {method}
    url: http://{host}/cases
    timeout: {timeout}
    on: {{found: {{status: 2xx, next: found}}, timeout: late}}
    failure: failed
  found: {{type: hangup, say: Found.}}
  late: {{type: hangup, say: Too late.}}
  failed: {{type: hangup, say: Failed.}}
"""


def test_a_service_that_never_stops_answering(tmp_path: Path) -> None:
    def endless(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b" ")
            time.sleep(0.05)

    with backend(endless) as host, live(tmp_path, looks_up(host, "1s"), IVR_LOOKUP_HOSTS=host) as server:
        assert Phone(base(server), sid(1)).hang_up() == ["Too late."]


def test_a_webhook_sent_sixteen_times_at_once_does_once_what_it_does(tmp_path: Path) -> None:
    done: Counter[str] = Counter()

    def count(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        done["asked"] += 1
        time.sleep(0.3)  # long enough for the others to arrive, at both workers
        told(handler)

    with (
        backend(count) as host,
        live(tmp_path, looks_up(host, "5s", "POST"), IVR_LOOKUP_HOSTS=host) as server,
        ThreadPoolExecutor(16) as pool,
    ):
        form = {"CallSid": sid(1), "From": "+14155550123", "To": "+18005550100"}
        answers = [*pool.map(lambda _: send(server, wire(server, "/voice", form)), range(16))]
        assert {status for status, _ in answers} == {200}
        assert len({body for _, body in answers}) == 1
        assert b"Found." in answers[0][1]
        assert done["asked"] == 1


# --- Hostile input ----------------------------------------------------------------------------------------------------

FORM = "application/x-www-form-urlencoded"
CALL = {"CallSid": sid(7), "AccountSid": "AC1", "From": "+14155550123", "To": "+18005550100"}


def wire(
    server: Gunicorn, path: str, form: dict[str, str], *, signature: str | None = None, kind: str = FORM, more: str = ""
) -> bytes:
    """A request as bytes, signed as by Twilio unless a signature is given."""
    body = urlencode(form).encode()
    given = signed(TOKEN, base(server) + path, tuple(form.items())) if signature is None else signature
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length:"
        f" {len(body)}\r\n{f'{SIGNATURE_HEADER}: {given}' if given else 'X-Nothing: 1'}\r\n{more}\r\n"
    )
    return head.encode() + body


def send(server: Gunicorn, request: bytes) -> tuple[int, bytes]:
    """Status and body; 0 when the connection is closed without an answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        answer = b""
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has answered and does not read the rest
        try:
            while part := connection.recv(65_536):
                answer += part
        except ConnectionError:
            pass
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]) if head.startswith(b"HTTP/") else 0, body


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gunicorn]:
    with live(tmp_path_factory.mktemp("live"), LINE) as running:
        yield running


def healthy(server: Gunicorn) -> bool:
    """Whether the next caller is served as usual."""
    phone = Phone(base(server), sid(8))
    for key in "123":
        phone.press(key)
    return phone.hang_up() == HEARD


@pytest.mark.parametrize("signature", ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "é" * 10, "A" * 8_000])
@pytest.mark.parametrize("path", ["/voice", "/wait", "/status"])
def test_forged_missing_and_malformed_signatures(server: Gunicorn, path: str, signature: str) -> None:
    status, body = send(server, wire(server, path, CALL, signature=signature))
    assert (status, b"<Response>" in body) == (403, False)


def test_another_request_under_a_right_signature(server: Gunicorn) -> None:
    right = signed(TOKEN, f"{base(server)}/voice", tuple(CALL.items()))
    assert send(server, wire(server, "/voice", CALL, signature=right))[0] == 200
    for changed in (
        {**CALL, "From": "+14155550124"},
        {**CALL, "Digits": "1"},
        {k: v for k, v in CALL.items() if k != "From"},
    ):
        assert send(server, wire(server, "/voice", changed, signature=right))[0] == 403
    assert send(server, wire(server, "/wait", CALL, signature=right))[0] == 403
    assert send(server, wire(server, "/voice?x=1", CALL, signature=right))[0] == 403


def test_a_replayed_request_is_answered_alike_and_counted_once(server: Gunicorn) -> None:
    """A replay is the same as a repeated webhook: it gains an attacker nothing."""
    phone = Phone(base(server), sid(70))
    for key in "123":
        phone.press(key)
    phone.hang_up()
    asked = [
        entry
        for entry in phone.call.log
        if isinstance(entry, Asked) and entry.request.url.partition("?")[0].endswith("/voice")
    ]
    assert len(asked) == 4
    for entry in (*asked, *reversed(asked)):
        path = entry.request.url.removeprefix(base(server))
        status, body = send(server, wire(server, path, dict(entry.request.form)))
        assert isinstance(entry.reply, Response)
        assert (status, body) == (200, entry.reply.body)
    time.sleep(0.3)
    assert steps(Path(server.file).parent / "calls.db", 70) == WAY


def test_a_cursor_stolen_from_another_call(server: Gunicorn) -> None:
    phone = Phone(base(server), sid(71))
    phone.press("1")
    url = [entry for entry in phone.call.log if isinstance(entry, Asked)][-1].request.url.removeprefix(base(server))
    phone.hang_up()
    status, body = send(server, wire(server, url, {**CALL, "Digits": "1"}))
    assert status == 200  # Twilio signed it, so somebody is on the line: an apology
    check(body)
    assert b"<Gather" not in body
    assert b"<Hangup" in body


BODIES = {
    "no parameters": {},
    "no call": {k: v for k, v in CALL.items() if k != "CallSid"},
    "a million digits": {**CALL, "Digits": "9" * 1_000_000},
    "digits of another script": {**CALL, "Digits": "١٢٣"},
    "NUL": {**CALL, "Digits": "\x00", "From": "\x00\x01"},
    "markup": {**CALL, "From": "</Say><Dial>+19005550100</Dial>", "SpeechResult": "]]><Hangup/>"},
    "a thousand parameters": {
        **CALL,
        **{f"P{chr(97 + i // 26 % 26)}{chr(97 + i % 26)}{'x' * (i // 676)}": "y" for i in range(1_000)},
    },
}


@pytest.mark.parametrize("what", BODIES)
def test_signed_nonsense_is_answered_with_a_document(server: Gunicorn, what: str) -> None:
    status, body = send(server, wire(server, "/voice", BODIES[what]))
    assert status == 200
    check(body)
    assert b"<Dial>" not in body


def test_wrong_kinds_of_content(server: Gunicorn) -> None:
    """A body that is not a form has no parameters, so a signature over the parameters it seems to have does not
    match.
    """
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/xml", "x", "a/b; charset=utf-7"):
        assert send(server, wire(server, "/voice", CALL, kind=kind))[0] == 403
    assert (
        send(server, wire(server, "/voice", {}, kind="application/json"))[0] == 200
    )  # and without any it is an apology


def test_bodies_that_are_too_large_or_not_what_they_say(server: Gunicorn) -> None:
    huge = (
        b"POST /voice HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: 10000000\r\nConnection: close\r\n\r\n"
        % FORM.encode()
    )
    assert send(server, huge + b"Digits=" + b"9" * 9_999_993)[0] in (
        413,
        0,
    )  # refused because of its headers; the rest is not read
    assert send(server, huge.replace(b"10000000", b"-1"))[0] == 400
    assert send(server, huge.replace(b"10000000", b"50") + b"CallSid=CA1")[0] in (
        400,
        403,
        200,
        0,
    )  # ends before it should
    two = huge.replace(b"Content-Length: 10000000", b"Content-Length: 5\r\nTransfer-Encoding: chunked")
    assert send(server, two + b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")[0] in (400, 403)
    assert healthy(server)


def test_what_is_no_http(server: Gunicorn) -> None:
    line = b"POST /voice?c=" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    many = b"POST /voice HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % i for i in range(2_000)) + b"\r\n"
    for request in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\x00" * 1_000,
        b"GET\r\n\r\n",
        b"\r\n" * 100,
        line,
        many,
        b"POST /voice HTTP/9.9\r\n\r\n",
    ):
        assert send(server, request)[0] in (0, 400, 414, 431, 505)
    assert healthy(server)


def test_two_hundred_at_the_same_instant(server: Gunicorn) -> None:
    """Twenty-five times as many requests as can be answered at once; the others wait and are answered too."""
    gate = threading.Barrier(200)

    def ring(number: int) -> tuple[int, bytes]:
        request = wire(server, "/voice", {**CALL, "CallSid": sid(1_000 + number)})
        gate.wait(30)
        return send(server, request)

    with ThreadPoolExecutor(200) as pool:
        answers = [*pool.map(ring, range(200))]
    assert Counter(status for status, _ in answers) == {200: 200}
    for _, body in answers:
        check(body)
        assert b"For the second menu, press 1." in body
