"""A carrier for tests: signs requests as Twilio does, sends each one twice, and demands the same bytes back.

It speaks WSGI directly, which is several times faster than a test client, and reads what it gets as XML.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from twiml_grammar import check

from flows.protocol import Action, Book, Dial, Enqueue, Event, Fetch, HungUp, Keys, Listen, Outcome, Record, Send, Silence, Speech
from webhooks.signature import Signature

PUBLIC = "https://ivr.example.com"
TOKEN = "a token of the tests"
SECRET = "a cursor secret of the tests"


class Carrier:
    """Places requests at an application.

    Parameters
    ----------
    app : WSGI application
    signature : Signature or None
        None to send unsigned requests.
    """

    def __init__(self, app: Callable[..., Any], signature: Signature | None) -> None:
        self.app = app
        self.signature = signature

    def send(self, url: str, form: Mapping[str, str]) -> tuple[int, bytes]:
        """One POST; status and body."""
        path, _, query = url.removeprefix(PUBLIC).partition("?")
        body = urlencode(form).encode()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "HTTP_HOST": "localhost", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.multithread": False,
            "wsgi.multiprocess": False, "wsgi.run_once": False, "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
        }  # fmt: skip
        if self.signature:
            environ["HTTP_X_TWILIO_SIGNATURE"] = self.signature.sign(path, query, list(form.items()))
        status: list[int] = []
        answer = self.app(environ, lambda line, headers, exc=None: status.append(int(line[:3])))
        return status[0], b"".join(answer)

    def twice(self, url: str, form: Mapping[str, str]) -> bytes:
        """The same POST two times, as when a retry crosses its answer; the body both gave."""
        first, again = self.send(url, form), self.send(url, form)
        assert first == again
        assert first[0] in (200, 204), first
        if first[0] == 200:
            check(first[1])
        return first[1]


class WebCall:
    """One call through webhooks, driven by events."""

    def __init__(self, carrier: Carrier, call_sid: str, *, ani: str = "+14155550123", dnis: str = "+18005550100") -> None:
        self.carrier = carrier
        self.form = {"CallSid": call_sid, "AccountSid": "AC1", "From": ani, "To": dnis, "Direction": "inbound"}
        self.document = b""

    def dial(self) -> None:
        """The first request."""
        self.document = self.carrier.twice("/voice", {**self.form, "CallStatus": "ringing"})

    def attribute(self, verb: str, name: str) -> str:
        """An attribute of the only such verb in the document."""
        found = ElementTree.fromstring(self.document).find(verb)
        assert found is not None, self.document
        return found.attrib[name]

    def send(self, waits: Action, event: Event) -> None:
        """What the caller or the other side does, as the carrier tells it."""
        if isinstance(event, HungUp) and isinstance(waits, Listen):
            assert self._post("/status", CallStatus="completed", CallDuration="9", SequenceNumber="0") == b""
            return
        match waits:
            case Listen():
                self.document = self._post(self.attribute("Gather", "action"), **_input(event))
            case Enqueue():
                self._leave_queue(waits, event)
            case Dial():
                words = {"answered": "completed", "busy": "busy", "no_answer": "no-answer", "failed": "failed"}
                said = {"DialCallStatus": words[event.label]} if isinstance(event, Outcome) else _hung_up(DialCallStatus="no-answer")
                self.document = self._post(self.attribute("Dial", "action"), **said)
            case Record():
                self.document = self._record(event)
            case Fetch() | Send() | Book():
                pass  # no carrier waits for a service
            case _:
                raise AssertionError(f"no carrier waits for {waits}")

    def _record(self, event: Event) -> bytes:
        url = self.attribute("Record", "action")
        if isinstance(event, HungUp):
            return self._post(url, Digits="hangup", **_hung_up())
        if event == Outcome("recorded"):
            return self._post(url, RecordingUrl="https://api.twilio.com/RE1", RecordingDuration="12", Digits="#")
        return self._post(ElementTree.fromstring(self.document).findtext("Redirect") or "")

    def _leave_queue(self, waits: Enqueue, event: Event) -> None:
        action, wait_url = self.attribute("Enqueue", "action"), self.attribute("Enqueue", "waitUrl")
        if isinstance(event, HungUp):
            self.document = self._post(action, QueueResult="hangup", QueueTime="3", **_hung_up())
            return
        assert isinstance(event, Outcome)
        waited_s = "3"
        if event.label.startswith("key "):
            heard = self._post(wait_url, QueuePosition="1", QueueTime="0", AvgQueueTime="60")
            url = ElementTree.fromstring(heard).find("Gather").attrib["action"]  # type: ignore[union-attr]
            assert b"<Leave />" in self._post(url, Digits=event.label[4:], QueueTime="3")
        elif event.label == "timeout":
            waited_s = str(math.ceil(waits.max_wait_s or 3600))
            if waits.max_wait_s is not None:
                assert b"<Leave />" in self._post(wait_url, QueueTime=waited_s)
        words = {"answered": "bridged", "full": "queue-full", "closed": "error"}
        self.document = self._post(action, QueueResult=words.get(event.label, "leave"), QueueTime=waited_s)

    def _post(self, url: str, **form: str) -> bytes:
        return self.carrier.twice(url, {**self.form, "CallStatus": "in-progress", **form})


def _hung_up(**form: str) -> dict[str, str]:
    return {**form, "CallStatus": "completed"}


def _input(event: Event) -> dict[str, str]:
    match event:
        case Keys():
            return {"Digits": event.keys}
        case Speech():
            return {"SpeechResult": event.text, "Confidence": "0.93"}
        case Silence():
            return {"Digits": ""}
        case _:
            raise AssertionError(f"{event} is no input")
