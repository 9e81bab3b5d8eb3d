"""Callers of the measured service: signed requests, each over its own connection, any number at a time."""

from __future__ import annotations

import random
import re
import selectors
import socket
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from html import unescape
from time import perf_counter
from urllib.parse import urlencode

from bench.webhook_server import PUBLIC, TOKEN
from webhooks.twilio.signature import SIGNATURE_HEADER, Signature

__all__ = ["Conversation", "Heard", "converse", "scripted", "wandering"]

Conversation = Generator[bytes, bytes, None]
"""Yields requests and takes their answers."""
_SIGNER = Signature(TOKEN, PUBLIC)
_NEXT = re.compile(rb'action="([^"#]+)')
_KEYS = ("", "2", "7", "", "*", "3", "1")
_READS_NOT_YET = (BlockingIOError, InterruptedError)


@dataclass
class Heard:
    """The result of some conversations: seconds of each request, and in all."""

    seconds: list[float] = field(default_factory=list)
    whole_s: float = 0.0


def scripted(number: int, *, bare: bool = False) -> Conversation:
    """A call of northwind through eight turns; `bare` requests the bare route as often, with the same kind of
    request.
    """
    url = "/bare" if bare else "/voice"
    for key in ("-", *_KEYS):
        answer = yield _request(url, {**_form(number), **({} if key == "-" else {"Digits": key})})
        found = _NEXT.search(answer)
        if found:
            url = unescape(found[1].decode()).removeprefix(PUBLIC)
        elif not bare:
            return


def wandering(number: int) -> Conversation:
    """A call that presses anything, waits in queues, is answered, leaves messages, and ends."""
    chance, url, form = random.Random(number), "/voice", _form(number)
    answer = yield _request(url, form)
    for _ in range(12):
        found = _NEXT.search(answer)
        if not found:
            break
        url, more = unescape(found[1].decode()).removeprefix(PUBLIC), {}
        if b"<Enqueue" in answer:
            yield _request(
                url.replace("/voice", "/wait", 1),
                {**form, "QueuePosition": "2", "QueueTime": "30", "AvgQueueTime": "90"},
            )
            more = {"QueueResult": "bridged", "QueueTime": "42"}
        elif b"<Dial" in answer:
            more = {"DialCallStatus": chance.choice(("completed", "busy"))}
        elif b"<Record" in answer:
            more = {"RecordingUrl": f"https://api.twilio.com/{number}", "RecordingDuration": "12"}
        elif key := chance.choice(("", "*", *"12345678", str(chance.randrange(10**9)))):
            more = {"Digits": key}
        answer = yield _request(url, form | more)
    yield _request("/status", form | {"CallStatus": "completed"})


def _form(number: int) -> dict[str, str]:
    """What Twilio sends with every request of a call in the United States."""
    caller, called = f"+1415{number % 10_000_000:07d}", "+18005550100"
    return {
        "AccountSid": f"AC{7:032x}",
        "ApiVersion": "2010-04-01",
        "CallSid": f"CA{number:032x}",
        "CallStatus": "in-progress",
        "Called": called,
        "CalledCity": "",
        "CalledCountry": "US",
        "CalledState": "",
        "CalledZip": "",
        "Caller": caller,
        "CallerCity": "SAN FRANCISCO",
        "CallerCountry": "US",
        "CallerState": "CA",
        "CallerZip": "94105",
        "Direction": "inbound",
        "From": caller,
        "FromCity": "SAN FRANCISCO",
        "FromCountry": "US",
        "FromState": "CA",
        "FromZip": "94105",
        "To": called,
        "ToCity": "",
        "ToCountry": "US",
        "ToState": "",
        "ToZip": "",
    }


def _request(url: str, form: dict[str, str]) -> bytes:
    path, _, query = url.partition("?")
    body = urlencode(form)
    return (
        f"POST {url} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length:"
        f" {len(body)}\r\n{SIGNATURE_HEADER}: {_SIGNER.sign(path, query, list(form.items()))}\r\n\r\n{body}"
    ).encode()


class _Line:
    """One conversation after another, each request on its own connection."""

    def __init__(
        self, port: int, conversations: Iterator[Conversation], selector: selectors.BaseSelector, heard: Heard
    ) -> None:
        self._address, self._conversations, self._selector, self._heard = (
            ("127.0.0.1", port),
            conversations,
            selector,
            heard,
        )
        self._talk: Conversation | None = None

    def next_call(self) -> bool:
        """Begin the next conversation; False when there is none."""
        self._talk = next(self._conversations, None)
        if self._talk is None:
            return False
        self._ask(next(self._talk))
        return True

    def _ask(self, request: bytes) -> None:
        self._began, self._answer = perf_counter(), b""
        self._socket = socket.create_connection(self._address)
        self._socket.sendall(request)
        self._socket.setblocking(False)
        self._selector.register(self._socket, selectors.EVENT_READ, self)

    def more(self) -> bool:
        """Continue reading; False when there is nothing more to do."""
        try:
            while part := self._socket.recv(65_536):
                self._answer += part
        except _READS_NOT_YET:
            return True
        self._heard.seconds.append(perf_counter() - self._began)
        self._selector.unregister(self._socket)
        self._socket.close()
        if not self._answer.startswith(b"HTTP/1.1 20"):
            raise RuntimeError(self._answer[:300])
        assert self._talk is not None
        try:
            self._ask(self._talk.send(self._answer))
        except StopIteration:
            return self.next_call()
        return True


def converse(
    port: int, conversations: Iterator[Conversation], *, at_once: int, after_each: Callable[[int], object] = int
) -> Heard:
    """Carry out conversations, several at once.

    Parameters
    ----------
    port : int
    conversations : iterator of Conversation
    at_once : int
    after_each : callable
        Called after each request with the number so far.
    """
    heard = Heard()
    began = perf_counter()
    with selectors.DefaultSelector() as selector:
        talking = sum(_Line(port, conversations, selector, heard).next_call() for _ in range(at_once))
        while talking:
            for key, _ in selector.select():
                before = len(heard.seconds)
                talking -= not key.data.more()
                if len(heard.seconds) > before:
                    after_each(len(heard.seconds))
    heard.whole_s = perf_counter() - began
    return heard
