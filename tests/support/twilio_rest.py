"""A carrier with Twilio's REST API: every request is checked against Twilio's own OpenAPI description.

`FakeTwilio` is the carrier; `Served` offers it on loopback, and `Line` reaches it in process. Each request takes the
next of `faults`; when they are used up, everything works.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema
import requests
from twilio.http.response import Response

from tests.support.paths import ROOT
from webhooks.dispatch.rest_http import DeadlineHttp

ACCOUNT, TOKEN = "AC" + "a" * 32, "token-of-the-account"
QUEUE, CALLER = "QU" + "b" * 32, "CA" + "c" * 32
API = "https://api.twilio.com"
PATHS: Mapping[str, Any] = json.loads((ROOT / "tests/data/twilio/openapi_slice.json").read_text("utf-8"))["paths"]
_PATTERNS = [
    (re.compile("^" + re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)) + "$"), ops)
    for path, ops in PATHS.items()
]

Form = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Done:
    """A request that was carried out."""

    operation: str
    path: Mapping[str, str]
    form: Mapping[str, str]


@dataclass
class FakeTwilio:
    """Calls, and what was done with them.

    ``faults``: what happens to the next requests. ``ok``; ``429``: too many, come again in 2 s; ``500``, ``503``: not
    done; ``500 done``: done all the same; ``lost``: done, and the answer is lost; ``dropped``: not done, and no answer;
    ``refused``: no connection; ``garbage``: done, answered with a page.
    ``unlisted``: how many times a list of calls leaves the newest out.
    """

    faults: list[str] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    calls: dict[str, dict[str, str]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    unlisted: int = 0
    now_s: float = 1_000_000.0

    def answer(self, method: str, path: str, query: Form, form: Form, auth: str | None) -> tuple[int, dict[str, Any]]:
        """Check a request and carry it out."""
        found = operation(method, path)
        if found is None:
            return self._objection(f"{method} {path}: no such resource")
        described, places = found
        expected = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if auth != expected:
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}
        for objection in objections(described, places, query, form):
            return self._objection(f"{described['operationId']}: {objection}")
        once = {name: " ".join(value for other, value in form if other == name) for name, _ in form}
        return self._carry_out(described["operationId"], places, once, dict(query))

    def _objection(self, said: str) -> tuple[int, dict[str, Any]]:
        self.wrong.append(said)
        return 400, {"code": 21200, "message": said, "status": 400}

    def _carry_out(
        self, name: str, places: Mapping[str, str], form: dict[str, str], query: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        sid = places.get("CallSid") or places.get("Sid", "")
        if name == "ListCall":
            listed = [call for call in reversed(self.calls.values()) if call["to"] == query.get("To", call["to"])]
            hidden, self.unlisted = (1 if self.unlisted else 0), max(0, self.unlisted - 1)
            return 200, {"calls": listed[hidden:], "next_page_uri": None, "page": 0, "page_size": 50}
        if name == "FetchCall" and sid in self.calls:
            return 200, self.calls[sid]
        if name in ("FetchCall", "UpdateCall", "UpdateMember") and sid in self.gone:
            return 404, {"code": 20404, "message": "not found", "status": 404}
        self.done.append(Done(name, places, form))
        if name == "CreateCall":
            sid = f"CA{len(self.calls) + 1:032x}"
            at = formatdate(self.now_s, usegmt=True).replace("GMT", "+0000")
            self.calls[sid] = {"sid": sid, "to": form["To"], "status": "ringing", "date_created": at}
            return 201, self.calls[sid]
        if name == "CreateMessage":
            return 201, {"sid": f"SM{len(self.done):032x}"}
        return 200, {"sid": sid, "call_sid": sid}


def operation(method: str, path: str) -> tuple[Mapping[str, Any], Mapping[str, str]] | None:
    """The description of an operation, and what the path names."""
    for pattern, ops in _PATTERNS:
        if (named := pattern.match(path)) and method.lower() in ops:
            return ops[method.lower()], {name: unquote(text) for name, text in named.groupdict().items()}
    return None


def objections(described: Mapping[str, Any], places: Mapping[str, str], query: Form, form: Form) -> list[str]:
    """What Twilio's description says against a request."""
    stated = {(one["in"], one["name"]): one for one in described["parameters"]}
    given = [("path", *pair) for pair in places.items()] + [("query", *pair) for pair in query]
    found = [f"unknown parameter {name}" for where, name, _ in given if (where, name) not in stated]
    for where, name, text in given:
        if (where, name) in stated:
            found += _faults(stated[where, name]["schema"], text, name)
    body = next(iter(described.get("requestBody", {}).values()), {"properties": {}})
    known = body["properties"]
    found += [f"unknown field {name}" for name, _ in form if name not in known]
    found += [f"{name} is missing" for name in body.get("required", ()) if name not in dict(form)]
    for name, text in form:
        if name in known:
            found += _faults(known[name], text, name)
    return found


def _faults(schema: Mapping[str, Any], text: str, name: str) -> list[str]:
    """What is wrong with a value, which a form always gives as text."""
    kind = schema.get("type")
    if kind == "array":
        return _faults(schema["items"], text, name)
    value: object = text
    if kind == "integer" and re.fullmatch(r"-?[0-9]+", text):
        value = int(text)
    if kind == "boolean" and text in ("true", "false"):
        value = text == "true"
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(value))
    if schema.get("format") == "uri" and not re.match(r"https?://[^\s/]+/", text):
        return [f"{name} is not an address: {text!r}"]
    if schema.get("format") == "http-method" and text not in ("GET", "POST", "HEAD", "PATCH", "PUT", "DELETE"):
        return [f"{name} is not a method: {text!r}"]
    return [f"{name}: {error.message}" for error in errors]


def _pairs(data: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    listed = [(name, value if isinstance(value, list) else [value]) for name, value in (data or {}).items()]
    return [(name, str(one)) for name, values in listed for one in values]


class Line:
    """The carrier reached in process, with the exceptions that a network raises."""

    def __init__(self, carrier: FakeTwilio) -> None:
        self.carrier = carrier

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request."""
        fault = self.carrier.faults.pop(0) if self.carrier.faults else "ok"
        if fault == "refused":
            raise requests.exceptions.ConnectTimeout
        if fault == "dropped":
            raise requests.exceptions.ReadTimeout
        if fault in REFUSALS:
            return Response(*REFUSALS[fault])
        token = base64.b64encode(":".join(auth or ("", "")).encode()).decode()
        path = urlsplit(uri).path
        status, said = self.carrier.answer(method, path, _pairs(params), _pairs(data), f"Basic {token}")
        if fault == "lost":
            raise requests.exceptions.ConnectionError("Connection aborted.")
        if fault == "500 done":
            return Response(500, "{}")
        return Response(status, "<html>" if fault == "garbage" else json.dumps(said), {})


REFUSALS: Mapping[str, tuple[int, str, dict[str, str]]] = {
    "429": (429, json.dumps({"code": 20429, "message": "Too Many Requests", "status": 429}), {"Retry-After": "2"}),
    "500": (500, "Internal Server Error", {}),
    "503": (503, json.dumps({"code": 20503, "message": "Service Unavailable", "status": 503}), {}),
}


class ToLoopback(DeadlineHttp):
    """The way to the network, which leads to this machine instead of Twilio."""

    def __init__(self, port: int, timeout_s: float) -> None:
        super().__init__(timeout_s)
        self._base = f"http://127.0.0.1:{port}"

    def request(self, method: str, uri: str, *args: Any, **named: Any) -> Response:
        assert uri.startswith(API + "/"), uri
        return super().request(method, self._base + uri.removeprefix(API), *args, **named)


class Served:
    """The carrier on a port of loopback. Faults more: ``slow``: answers in good time, but not at once; ``drip``: done,
    and the answer never ends.
    """

    def __init__(self, carrier: FakeTwilio, *, slow_s: float, drip_s: float) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def do_POST(self) -> None:
                self._exchange("POST")

            def do_GET(self) -> None:
                self._exchange("GET")

            def _exchange(self, method: str) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                fault = carrier.faults.pop(0) if carrier.faults else "ok"
                if fault == "dropped":
                    self.close_connection = True
                    return
                if fault in REFUSALS:
                    self._say(*REFUSALS[fault])
                    return
                parts = urlsplit(self.path)
                query, form = parse_qsl(parts.query), parse_qsl(body, keep_blank_values=True)
                status, said = carrier.answer(method, parts.path, query, form, self.headers["Authorization"])
                if fault == "lost":
                    self.close_connection = True
                    return
                if fault == "slow":
                    time.sleep(slow_s)
                self._say(status, json.dumps(said), {}, drip=fault == "drip")

            def _say(self, status: int, text: str, headers: Mapping[str, str], *, drip: bool = False) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text.encode()) + (1_000 if drip else 0)))
                self.end_headers()
                self.wfile.write(text.encode())
                self.wfile.flush()
                until = time.monotonic() + drip_s
                while drip and time.monotonic() < until:
                    time.sleep(drip_s / 20)
                    self.wfile.write(b" ")
                    self.wfile.flush()
                self.close_connection |= drip

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Served:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
