"""A TwiML application as anyone might write it: addresses and their answers. It is not our service, so that the
carrier is tested alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from webhooks.carrier.call import Call
from webhooks.carrier.call_log import Asked, Heard, Noticed
from webhooks.carrier.drivers.driver import play
from webhooks.carrier.protocol import Failed, Happened, Key, LineEvent, Number, Reply, Request, Response

BASE = "https://app.example.com"
SID = "CA" + "0123456789abcdef" * 2
TOKEN = "12345"
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
Answer = str | Reply | Callable[[dict[str, str]], "str | Reply"]


@dataclass
class App:
    """Answers by path; a list gives its items in turn, then the last one forever."""

    answers: Mapping[str, Answer | list[Answer]]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Reply:
        parts = urlsplit(request.url)
        form = dict(request.form) or dict(parse_qsl(parts.query, keep_blank_values=True))
        self.asked.append((parts.path, form))
        self.requests.append(request)
        answer = self.answers.get(parts.path, Response(404, {}, b""))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        answer = answer(form) if callable(answer) else answer
        return twiml(answer) if isinstance(answer, str) else answer

    def close(self) -> None:
        """There is nothing to release."""

    def told(self, *names: str) -> list[tuple[str, ...]]:
        """The path of every request, and these parameters; ``-`` where not sent."""
        return [(path, *(form.get(name, "-") for name in names)) for path, form in self.asked]


def twiml(verbs: str) -> Response:
    """Verbs as an answer."""
    text = f'<?xml version="1.0" encoding="UTF-8"?><Response>{verbs}</Response>'
    return Response(200, {"content-type": "text/xml; charset=utf-8"}, text.encode())


def call(
    app: App,
    *did: tuple[float, LineEvent | str],
    url: str = f"{BASE}/voice",
    ani: str = "+14155550123",
    **number: object,
) -> Call:
    """A whole call; a string is a key press."""
    happened = [Happened(at_s, Key(event) if isinstance(event, str) else event) for at_s, event in did]
    made = Call(Number(url, auth_token=TOKEN, **number), sid=SID, began=NOON, ani=ani, dnis="+18005550100")  # type: ignore[arg-type]
    return play(made, app, happened)


def heard(made: Call) -> list[tuple[float, str]]:
    """When each prompt began, and its words."""
    return [(round(e.at_s, 3), e.text) for e in made.log if isinstance(e, Heard) and e.verb != "Pause"]


def noticed(made: Call) -> list[tuple[str, str]]:
    """Codes and messages of the problems."""
    return [(e.problem.code, e.problem.message) for e in made.log if isinstance(e, Noticed)]


def when(made: Call) -> list[tuple[float, str]]:
    """When each address was requested."""
    return [(round(e.at_s, 3), urlsplit(e.request.url).path) for e in made.log if isinstance(e, Asked)]


__all__ = ["BASE", "NOON", "SID", "TOKEN", "App", "Failed", "call", "heard", "noticed", "twiml", "when"]
