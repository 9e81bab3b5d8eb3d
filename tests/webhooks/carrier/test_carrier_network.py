"""The carrier on a real network: sockets that are slow, endless, silent, rude, or speak TLS badly."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from webhooks.carrier.protocol import Failed, Limits, Reply, Request, Response
from webhooks.carrier.requests.http import Http

LIMITS = Limits(1.0, 0.5, 1.0)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
Behaviour = Callable[[socket.socket], None]


class Server:
    """A listening socket that treats every connection alike."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.heard: list[bytes] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}/voice"
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.settimeout(5)
                    self.heard.append(_whole(connection))
                    self.behaviour(connection)
                except OSError:
                    continue

    def close(self) -> None:
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join()


def _whole(connection: socket.socket) -> bytes:
    """A request with its body."""
    data = connection.recv(65_536)
    length = re.search(rb"Content-Length: (\d+)", data)
    while length and len(data.partition(b"\r\n\r\n")[2]) < int(length[1]):
        data += connection.recv(65_536)
    return data


@pytest.fixture
def serve() -> Iterator[Callable[[Behaviour], Server]]:
    servers: list[Server] = []

    def begin(behaviour: Behaviour) -> Server:
        servers.append(Server(behaviour))
        return servers[-1]

    yield begin
    for server in servers:
        server.close()


def post(
    url: str, limits: Limits = LIMITS, form: tuple[tuple[str, str], ...] = (("CallSid", "CA1"), ("Body", "ä &"))
) -> Reply:
    with Http(virtual=True) as http:
        return http.send(
            Request(
                "POST",
                url,
                form,
                {"X-Twilio-Signature": "s", "Content-Type": "application/x-www-form-urlencoded"},
                limits,
            )
        )


def drip(connection: socket.socket) -> None:
    connection.sendall(OK + b"\r\n")
    for _ in range(100):
        connection.sendall(b" ")
        time.sleep(0.05)


def flood(connection: socket.socket) -> None:
    connection.sendall(OK + b"\r\n")
    for _ in range(1_000):
        connection.sendall(b"x" * 65_536)


def test_an_answer(serve: Callable[[Behaviour], Server]) -> None:
    server = serve(lambda c: c.sendall(OK + b"Content-Length: 11\r\n\r\n<Response/>"))
    assert post(server.url) == Response(200, {"content-type": "text/xml", "content-length": "11"}, b"<Response/>")
    assert server.heard[0].startswith(b"POST /voice HTTP/1.1\r\n")
    assert server.heard[0].endswith(b"CallSid=CA1&Body=%C3%A4+%26")
    assert b"X-Twilio-Signature: s\r\n" in server.heard[0]


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (lambda c: time.sleep(1.0), "read"),
        (drip, "read"),
        (lambda c: c.sendall(b"SSH-2.0-x\r\n\r\n"), "protocol"),
        (lambda c: None, "protocol"),
    ],
    ids=["silent", "dripping", "no HTTP", "closed"],
)
def test_what_is_no_answer(behaviour: Behaviour, kind: str, serve: Callable[[Behaviour], Server]) -> None:
    began = time.monotonic()
    reply = post(serve(behaviour).url)
    assert isinstance(reply, Failed)
    assert reply.kind == kind
    assert time.monotonic() - began < 3


def test_an_endless_answer_is_read_no_further_than_a_document_goes(serve: Callable[[Behaviour], Server]) -> None:
    reply = post(serve(flood).url)
    assert isinstance(reply, Response)
    assert len(reply.body) == 65_537


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    reply = post(f"http://127.0.0.1:{port}/")
    assert isinstance(reply, Failed)
    assert reply.kind == "connect"


def test_a_name_that_does_not_exist() -> None:
    reply = post("http://no-such-host.invalid/")
    assert isinstance(reply, Failed)
    assert reply.kind == "name"


def test_a_certificate_that_nobody_knows(tmp_path: Path) -> None:
    import datetime as dt

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    certificate = made.not_valid_before(now).not_valid_after(now + dt.timedelta(days=1)).sign(key, hashes.SHA256())
    file = tmp_path / "both.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve_tls() -> None:
        connection, _ = listening.accept()
        with connection:
            try:
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                return

    thread = threading.Thread(target=serve_tls)
    thread.start()
    reply = post(f"https://127.0.0.1:{listening.getsockname()[1]}/")
    thread.join()
    listening.close()
    assert isinstance(reply, Failed)
    assert reply.kind == "tls"


def test_cookies_live_as_long_as_the_call(serve: Callable[[Behaviour], Server]) -> None:
    server = serve(
        lambda c: c.sendall(OK + b"Set-Cookie: session=abc\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    )
    with Http() as http:
        for _ in range(2):
            http.send(Request("POST", server.url, (), {}, LIMITS))
    assert b"Cookie:" not in server.heard[0]
    assert b"Cookie: session=abc\r\n" in server.heard[1]


def test_a_user_in_the_address_is_sent_as_basic_authentication(serve: Callable[[Behaviour], Server]) -> None:
    server = serve(lambda c: c.sendall(OK + b"Content-Length: 0\r\nConnection: close\r\n\r\n"))
    post(server.url.replace("http://", "http://ann:p%40ss@"))
    assert b"Authorization: Basic YW5uOnBAc3M=\r\n" in server.heard[0]  # base64 of ann:p@ss


def test_nothing_is_taken_from_netrc(
    serve: Callable[[Behaviour], Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ann password secret\n", "utf-8")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    server = serve(lambda c: c.sendall(OK + b"Content-Length: 0\r\nConnection: close\r\n\r\n"))
    post(server.url)
    assert b"Authorization" not in server.heard[0]
