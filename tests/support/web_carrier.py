"""The virtual carrier for tests of our own service: each request is sent twice, and must give the same bytes and TwiML
that Twilio accepts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urldefrag
from xml.etree import ElementTree

from flows.protocol.actions import (
    Action,
    Book,
    Dial,
    Enqueue,
    Event,
    Fetch,
    HungUp,
    Keys,
    Listen,
    Outcome,
    Pay,
    Record,
    Send,
    Silence,
    Speech,
)
from tests.support.twiml_grammar import check
from webhooks.carrier import Call, Number, Wsgi
from webhooks.carrier.drivers.apply_event import apply_event
from webhooks.carrier.drivers.handset import Handset
from webhooks.carrier.protocol import HangUp, Limits, OtherParty, Reply, Request, Response, Talk
from webhooks.twilio.signature import SIGNATURE_HEADER, Signature, signed

PUBLIC = "https://ivr.example.com"
LOCAL = "http://localhost"
TOKEN = "a token of the tests"
SECRET = "a cursor secret of the tests"
IN_PUBLIC = {"public_url": PUBLIC, "auth_token": TOKEN, "cursor_keys": (SECRET,)}
"""Settings of a public service, which answers only signed requests."""
WAITED_S = 3.0
"""How long callers wait in a queue until an agent answers or they give up."""
MESSAGE_S = 12.0


class Carrier:
    """Sends requests to an application.

    Parameters
    ----------
    app : WSGI application
    signature : Signature or None
        None to send unsigned requests, to this machine.
    """

    def __init__(self, app: Callable[..., Any], signature: Signature | None) -> None:
        self.wsgi = Wsgi(app)
        self.token = TOKEN if signature else ""
        self.base = PUBLIC if signature else LOCAL

    def send(self, url: str, form: Mapping[str, str]) -> tuple[int, bytes]:
        """One POST; status and body."""
        url = urldefrag(url if "://" in url else self.base + url).url
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self.token:
            headers[SIGNATURE_HEADER] = signed(self.token, url, tuple(form.items()))
        reply = self.wsgi.send(Request("POST", url, tuple(form.items()), headers, Limits(5, 15, 15)))
        assert isinstance(reply, Response)
        return reply.status, reply.body

    def twice(self, url: str, form: Mapping[str, str]) -> bytes:
        """The same POST twice, as when a retry crosses its answer; returns the body both gave."""
        first, again = self.send(url, form), self.send(url, form)
        assert first == again
        return _checked(*first)


class Twice:
    """A transport that sends everything twice."""

    def __init__(self, wsgi: Wsgi) -> None:
        self.wsgi = wsgi
        self.document = b""

    def send(self, request: Request) -> Reply:
        first, again = self.wsgi.send(request), self.wsgi.send(request)
        assert isinstance(first, Response)
        assert first == again
        checked = _checked(first.status, first.body, may_end="/called" in request.url)
        self.document = self.document if "/called" in request.url else checked or self.document
        return first

    def close(self) -> None:
        """There is nothing to release."""


def _checked(status: int, body: bytes, *, may_end: bool = False) -> bytes:
    assert status in (200, 204), (status, body)
    if status == 200:
        check(body, may_end=may_end)
    return body


class WebCall:
    """One call through webhooks, driven by events."""

    def __init__(
        self, carrier: Carrier, call_sid: str, *, ani: str = "+14155550123", dnis: str = "+18005550100"
    ) -> None:
        number = Number(
            f"{carrier.base}/voice", status_url=f"{carrier.base}/status", auth_token=carrier.token, account_sid="AC1"
        )
        self.form = {"CallSid": call_sid, "AccountSid": "AC1", "From": ani, "To": dnis, "Direction": "inbound"}
        self.transport = Twice(carrier.wsgi)
        call = Call(number, sid=call_sid, began=dt.datetime(2026, 11, 23, tzinfo=dt.UTC), ani=ani, dnis=dnis)
        self.handset = Handset(call, self.transport, stops_at=lambda waits: waits.kind == "joining")
        self.document = b""

    def dial(self) -> None:
        """The first request."""
        self.handset.dial()
        self.document = self.transport.document

    def attribute(self, verb: str, name: str) -> str:
        """An attribute of the only such verb in the document."""
        found = ElementTree.fromstring(self.document).find(verb)
        assert found is not None, self.document
        return found.attrib[name]

    def send(self, waits: Action, event: Event) -> None:
        """What the caller or the other side does."""
        match waits:
            case Listen():
                self._input(event)
            case Enqueue():
                self._wait(waits, event)
            case Dial():
                apply_event(self.handset, event)
            case Record():
                if event == Outcome("recorded"):
                    self.handset.later(0, Talk(MESSAGE_S))
                self.handset.hang_up() if isinstance(event, HungUp) else self.handset.wait()
            case Pay():
                assert apply_event(self.handset, event)
            case Fetch() | Send() | Book():
                pass  # a carrier does not wait for services
            case _:
                raise AssertionError(f"no carrier waits for {waits}")
        self.document = self.transport.document

    def _input(self, event: Event) -> None:
        match event:
            case Keys():
                self.handset.press(event.keys)
            case Speech():
                self.handset.say(event.text, event.confidence)
            case Silence():
                self.handset.wait()
            case HungUp():
                self.handset.hang_up()
            case _:
                raise AssertionError(f"{event} is no input")

    def _wait(self, waits: Enqueue, event: Event) -> None:
        label = event.label if isinstance(event, Outcome) else ""
        if not label:
            self.handset.later(WAITED_S, HangUp())
        elif label == "answered":
            self.handset.later(WAITED_S, OtherParty("answer"))
        elif label in ("full", "closed"):
            self.handset.other({"full": "full", "closed": "error"}[label])
        elif label.startswith("key "):
            self.handset.wait()  # the first wait document is requested and spoken
            self.handset.press(label[4:])
        else:
            while self.handset.waits and self.handset.waits.kind == "joining":
                self.handset.wait()
            self.handset.outlast()
