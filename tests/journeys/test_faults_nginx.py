"""The service behind a real nginx, set up as the guide says: what the proxy keeps away, and what it must not add."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.support.live_service import GUIDE, PATIENCE_S, Gunicorn, Phone, free_port, live, sid
from tests.support.three_menus import HEARD, LINE
from tests.support.twiml_grammar import check
from tests.support.web_carrier import TOKEN
from webhooks.security.sealed_cursor import LONGEST
from webhooks.twilio.signature import SIGNATURE_HEADER, signed

CALL = {"CallSid": sid(7), "From": "+14155550123", "To": "+18005550100"}


class Front:
    """A service, and the nginx in front of it."""

    def __init__(self, gunicorn: Gunicorn, port: int) -> None:
        self.gunicorn, self.port, self.base = gunicorn, port, f"http://127.0.0.1:{port}"

    def send(self, path: str, form: dict[str, str], *, right: bool = True, more: str = "") -> tuple[int, bytes]:
        """A POST through nginx; status and body."""
        body = urlencode(form)
        given = signed(TOKEN if right else "another token", self.base + path, tuple(form.items()))
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as connection:
            connection.sendall(
                (
                    f"POST {path} HTTP/1.1\r\nHost: ivr.example.com\r\nConnection: close\r\nContent-Type:"
                    f" application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n{SIGNATURE_HEADER}:"
                    f" {given}\r\n{more}\r\n{body}"
                ).encode()
            )
            answer = b""
            while part := connection.recv(65_536):
                answer += part
        head, _, text = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), text


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory, nginx: str) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    port, behind = free_port(), free_port()
    block = re.search(r"```nginx\n(.*?)```", GUIDE, re.DOTALL)[1]  # type: ignore[index]
    # Only TLS is left out: these tests are not about certificates.
    block = block.replace("listen 443 ssl", f"listen 127.0.0.1:{port}").replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}\ndaemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\nhttp {{\naccess_log"
        f" off;\n{places}{block}}}\n"
    )
    proxy = subprocess.Popen([nginx, "-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"])
    try:
        with live(folder, LINE, public_url=f"http://127.0.0.1:{port}", port=behind) as gunicorn:
            made = Front(gunicorn, port)
            deadline = time.monotonic() + PATIENCE_S
            while time.monotonic() < deadline:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.02)
            yield made
    finally:
        proxy.terminate()
        proxy.wait(PATIENCE_S)


def whole_call(front: Front, number: int) -> list[str]:
    phone = Phone(front.base, sid(number))
    for key in "123":
        phone.press(key)
    return phone.hang_up()


def test_a_call_through_nginx_while_workers_are_killed(front: Front) -> None:
    for number in range(1, 4):
        phone = Phone(front.base, sid(number))
        for key in "123":
            front.gunicorn.kill_a_worker()
            phone.press(key)
        assert phone.hang_up() == HEARD


def test_slow_clients_keep_nobody_from_being_answered(front: Front) -> None:
    """A hundred connections that stall within a request, in the headers or the body: nginx holds them, and no thread
    waits for them.
    """
    head = (
        b"POST /voice HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length:"
        b" 1000\r\n"
    )
    slow = [socket.create_connection(("127.0.0.1", front.port), timeout=PATIENCE_S) for _ in range(100)]
    try:
        for number, connection in enumerate(slow):
            connection.sendall(head if number % 2 else head + b"\r\nCallSid=CA1&")
        for connection in slow[1::2]:
            connection.sendall(b"X-Slow: 1\r\n")
        assert whole_call(front, 10) == HEARD
    finally:
        for connection in slow:
            connection.close()


def test_forged_headers_of_proxies_change_nothing(front: Front) -> None:
    forged = (
        "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 127.0.0.1\r\nForwarded:"
        " host=evil.example\r\nX-Original-URL: /status\r\n"
    )
    assert front.send("/voice", CALL, right=False, more=forged)[0] == 403
    status, body = front.send("/voice", CALL, more=forged)
    assert status == 200
    check(body)
    assert b"evil.example" not in body


def test_what_is_too_large_ends_at_nginx(front: Front) -> None:
    """nginx has the same limit as the service, so the answer is the same, and the request never reaches the
    service.
    """
    huge = f"POST /voice HTTP/1.1\r\nHost: x\r\nContent-Length: {10_000_000}\r\nConnection: close\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", front.port), timeout=PATIENCE_S) as connection:
        connection.sendall(huge)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 413 ")


def test_the_longest_address_passes(front: Front) -> None:
    """The longest cursor that the service ever sends. It is invalid, so the answer is our apology, not a proxy's
    error.
    """
    status, body = front.send(f"/voice?c={'a' * LONGEST}", CALL)
    assert status == 200
    check(body)
    assert b"<Hangup" in body


def test_other_paths_do_not_become_ours_on_the_way(front: Front) -> None:
    for path in ("/voice/", "/voice/..%2fstatus", "/audio/%2e%2e/%2e%2e/etc/passwd", "//voice"):
        assert front.send(path, CALL)[0] in (400, 403, 404)
