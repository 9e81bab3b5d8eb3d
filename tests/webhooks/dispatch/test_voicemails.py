"""Voicemails: listed, told of once, heard, marked."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa

from flows.model.flow import Flow
from flows.protocol.actions import Record
from tests.support.live_service import free_port
from webhooks.dispatch.notices import post_json, send_mail
from webhooks.dispatch.orders import Orders
from webhooks.dispatch.telephone import Refused, Unknown
from webhooks.dispatch.voicemails import VoicemailWork, voicemail_audio, voicemail_done, voicemails
from webhooks.settings.answering import Answering, MailServer
from webhooks.store import Store
from webhooks.store.floor_tables import ORDERS
from webhooks.store.tables import CALLS, MESSAGES, METADATA
from webhooks.twilio import twiml

FLOW = Flow.model_validate(
    {
        "ivr": "1",
        "name": "Northwind",
        "start": "bye",
        "nodes": {"bye": {"type": "hangup"}},
        "hours": {"office": {"zone": "America/New_York", "mon-fri": "08:00-20:00"}},
    }
)
NINE = 1_796_047_200_000_000
"""Monday, 30 November 2026, 09:00 in New York."""
CALL, URL = "CA" + "1" * 32, "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1"


@dataclass
class Mailbox:
    """What a mail server was handed in, and how it behaves: each word once, then it accepts."""

    words: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    port: int = 0


@contextmanager
def mail_server(box: Mailbox) -> Iterator[Mailbox]:
    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 mx")
            fault = box.words.pop(0) if box.words else ""
            while line := self.rfile.readline():
                word = line.split()[0].upper()
                if word == b"DATA" and fault == "breaks off":
                    return
                if word == b"RCPT" and fault.isdigit():
                    self.say(f"{fault} no")
                elif word == b"DATA":
                    self.say("354 go on")
                    lines = list(iter(self.rfile.readline, b".\r\n"))
                    box.mails.append(b"".join(lines).decode())
                    if fault == "silent":
                        return
                    self.say("250 accepted")
                else:
                    self.say("250 fine")

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield box
        server.shutdown()


class Web(BaseHTTPRequestHandler):
    """Notes what it is told, and gives the sound of a recording."""

    told: ClassVar[list[tuple[str, dict[str, Any]]]] = []
    status: ClassVar[list[int]] = []

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.told.append((self.headers["Idempotency-Key"], data))
        self.send_response(self.status.pop(0) if self.status else 204)
        self.end_headers()

    def do_GET(self) -> None:
        good = self.headers["Authorization"] == "Basic QUMxOnRva2Vu"  # AC1:token
        self.send_response(200 if good else 401)
        self.send_header("Content-Type", "audio/x-wav" if good else "text/plain")
        self.end_headers()
        self.wfile.write(b"RIFF")


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Web) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("voicemails") / "calls.sqlite")


@pytest.fixture
def store(file: str) -> Iterator[Store]:
    made = Store(file)
    yield made
    with made.transaction() as connection:
        for table in METADATA.tables.values():
            connection.execute(sa.delete(table))
    made.close()


def leave(store: Store, seq: int = 7, at_us: int = NINE, url: str = URL) -> None:
    """A caller leaves a message of 34 seconds."""
    row = {"call_sid": CALL, "seq": seq, "box": "support", "url": url, "length_us": 34_000_000, "at_us": at_us}
    with store.transaction() as connection:
        connection.execute(sa.insert(MESSAGES), row)


def work_of(store: Store, settings: Answering | None = None, now_us: int = NINE) -> VoicemailWork:
    return VoicemailWork(store, settings or Answering(), lambda: FLOW, "https://ivr.example.com", lambda: now_us)


def carried_out(store: Store, work: VoicemailWork) -> list[tuple[str, str]]:
    """Turn and carry out; orders with their states."""
    work.turn_now()
    out = Orders(
        store,
        None,  # type: ignore[arg-type]
        None,  # type: ignore[arg-type]
        lambda path, offer: "",
        from_number="",
        number_of=lambda call: "",
        clock_us=lambda: work.clock_us() + 1_000_000_000,
        others=work.notices(),
    )
    out.carry_out(wait=True)
    out.close()
    with store.transaction() as connection:
        return [(row.what, row.state) for row in connection.execute(sa.select(ORDERS).order_by(ORDERS.c.id))]


def test_a_message_is_listed_and_marked(store: Store) -> None:
    leave(store)
    call = {"call_sid": CALL, "arrived_us": NINE, "zero_out": False, "attempt": 1, "last_us": NINE, "seq": 1}
    with store.transaction() as connection:
        connection.execute(sa.insert(CALLS), {**call, "language": "es-US", "caller_shown": "•••••••••123"})
    work_of(store).turn()
    (one,) = voicemails(store)
    assert one == {
        "call_sid": CALL,
        "seq": 7,
        "box": "support",
        "length_us": 34_000_000,
        "at_us": NINE,
        "done_us": None,
        "state": "open",
        "agent": None,
        "note": None,
        "transcript": None,
        "language": "es-US",
        "number": "•••••••••123",
    }
    assert voicemail_done(store, CALL, 7, "ana", now_us=NINE + 5)
    assert [(one["state"], one["agent"], one["done_us"]) for one in voicemails(store)] == [("done", "ana", NINE + 5)]
    assert voicemail_done(store, CALL, 7, "ana", now_us=NINE + 9, done=False)
    assert voicemails(store)[0]["state"] == "open"
    assert not voicemail_done(store, "CA-unknown", 7, "ana", now_us=NINE)


def test_everybody_is_told_once(store: Store, web: str) -> None:
    Web.told.clear()
    with mail_server(Mailbox()) as box:
        server = MailServer("127.0.0.1", box.port)
        to = ("office@example.com", "boss@example.com")
        work = work_of(store, Answering(mail_server=server, notify_to=to, notify_from=to[0], notify_url=f"{web}/hook"))
        leave(store)
        assert carried_out(store, work) == [("mail", "done"), ("webhook", "done")]
        assert carried_out(store, work) == [("mail", "done"), ("webhook", "done")]
    (mail,) = box.mails
    head, _, body = mail.partition("\r\n\r\n")
    assert "To: office@example.com, boss@example.com" in head
    assert "Subject: Northwind: voicemail in support" in head
    assert body.splitlines() == [
        "A caller left a voicemail in the box support.",
        "When: 2026-11-30 09:00 (EST)",
        "Length: 34 s",
        "To hear it: https://ivr.example.com/desk",
    ]
    ((key, told),) = Web.told
    assert len(key) == 34
    assert told == {
        "event": "voicemail",
        "line": "Northwind",
        "call_sid": CALL,
        "seq": 7,
        "box": "support",
        "at_us": NINE,
        "seconds": 34,
        "desk": "https://ivr.example.com/desk",
    }


def test_nobody_is_told_of_what_was_there_before(store: Store, web: str) -> None:
    leave(store, at_us=NINE - 90_000_000_000)
    assert carried_out(store, work_of(store, Answering(notify_url=web))) == []
    assert len(voicemails(store)) == 1


@pytest.mark.parametrize(
    ("word", "raised", "mails"),
    [
        ("550", Refused("no recipient accepted, 550"), 0),
        ("450", Refused("no recipient accepted, 450", again=True), 0),
        ("breaks off", Unknown("the mail server broke off (SMTPServerDisconnected)"), 0),
        ("silent", Unknown("the mail server broke off (SMTPServerDisconnected)"), 1),
    ],
)
def test_a_mail_that_may_have_been_sent_is_not_sent_again(word: str, raised: Refused | Unknown, mails: int) -> None:
    with mail_server(Mailbox([word])) as box, pytest.raises(type(raised)) as failed:
        send_mail(MailServer("127.0.0.1", box.port), "a@example.com", ("b@example.com",), "Subject", "Text")
    assert vars(failed.value) == vars(raised)
    assert len(box.mails) == mails


def test_a_password_is_not_sent_in_the_open() -> None:
    with mail_server(Mailbox()) as box, pytest.raises(Refused, match=r"cannot be used \(SMTPNotSupportedError\)"):
        send_mail(MailServer("127.0.0.1", box.port, "me", "secret"), "a@example.com", ("b@example.com",), "S", "T")
    with pytest.raises(Refused, match=r"cannot be used \(ConnectionRefusedError\)") as refused:
        send_mail(MailServer("127.0.0.1", free_port()), "a@example.com", ("b@example.com",), "S", "T")
    assert refused.value.again


def test_what_a_header_must_not_hold_is_made_plain() -> None:
    with mail_server(Mailbox()) as box:
        server = MailServer("127.0.0.1", box.port)
        send_mail(server, "a@example.com", ("b@example.com",), "Hello\r\nBcc: x@example.com", "T")
    assert "\nBcc:" not in box.mails[0]


@pytest.mark.parametrize(
    ("status", "raised"),
    [
        (429, Refused("status 429", again=True)),
        (500, Unknown("status 500")),
        (301, Refused("status 301")),
        (404, Refused("status 404")),
    ],
)
def test_what_a_service_says_to_a_notice(web: str, status: int, raised: Refused | Unknown) -> None:
    Web.status[:] = [status]
    with pytest.raises(type(raised)) as failed:
        post_json(web, {}, "key")
    assert vars(failed.value) == vars(raised)
    with pytest.raises(Refused, match="not connected"):
        post_json(f"http://127.0.0.1:{free_port()}", {}, "key")


def test_only_the_carriers_recordings_are_fetched(store: Store, web: str) -> None:
    leave(store, 7, url=f"{web}/RE1")
    assert voicemail_audio(store, CALL, 7, ("AC1", "token")) is None
    assert voicemail_audio(store, CALL, 7, ("AC1", "token"), hosts=("127.0.0.1",)) == (b"RIFF", "audio/x-wav")
    assert voicemail_audio(store, CALL, 7, ("AC1", "wrong"), hosts=("127.0.0.1",)) is None
    assert voicemail_audio(store, CALL, 8, ("AC1", "token")) is None


def test_a_transcript_is_kept_with_its_message(store: Store) -> None:
    leave(store, 7)
    leave(store, 9, url=URL + "9")
    answer = work_of(store).endpoints()["/transcript"]
    form = {"CallSid": CALL, "RecordingUrl": URL + "9", "TranscriptionStatus": "completed"}
    assert answer({**form, "TranscriptionText": "Please call me."}, "") == b""
    answer({**form, "RecordingUrl": URL, "TranscriptionStatus": "failed", "TranscriptionText": "x"}, "")
    assert {one["seq"]: one["transcript"] for one in voicemails(store)} == {7: None, 9: "Please call me."}


def test_the_carrier_is_asked_for_a_transcript_where_the_flow_wants_one() -> None:
    def made(transcribe: bool, url: str) -> str:
        record = Record("box", 120.0, "#", ("recorded",), transcribe)
        return twiml.document([record], action_url="/voice", wait_url="/wait", transcript_url=url).decode()

    assert 'transcribe="true" transcribeCallback="/transcript"' in made(True, "/transcript")
    assert "transcribe" not in made(False, "/transcript") + made(True, "")
