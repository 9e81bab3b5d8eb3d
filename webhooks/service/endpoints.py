"""The endpoints that Twilio calls (``/voice``, ``/wait``, ``/called``, ``/status``), a WSGI application in front of the
pages.

They bypass Flask, which serves the pages, because each caller waits for them. A request is checked here before it
reaches the line, and every answer is valid TwiML or a deliberate refusal: callers never hear an application error.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from werkzeug.exceptions import ClientDisconnected, Forbidden, HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import get_input_stream

from webhooks.dispatch.leg_endpoints import Answer
from webhooks.security.origin import is_local, of_another_site
from webhooks.security.sealed_cursor import CursorError
from webhooks.store import UNREACHABLE
from webhooks.store.failure_reason import failure_reason
from webhooks.turn.admission import waited_s
from webhooks.turn.line import Line, WrongTimeError
from webhooks.turn.request import CallRequest, Reply
from webhooks.twilio.form import parameters
from webhooks.twilio.signature import WRONG, Signature, cut_anew
from webhooks.twilio.wrong_signature import call_sid_of, explain_wrong_signature

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["MAX_BODY", "Endpoints", "log_fault", "refused"]

MAX_BODY = 2_000_000
"""Largest request in bytes; Twilio sends a few thousand."""
_MOST_PARAMETERS = 1_100
"""Most parameters of a form; Twilio sends some thirty."""
_SHORT = 6
"""A length with at most this many digits is below `MAX_BODY` and needs no further check."""
_log = logging.getLogger("ivr.calls")
_METHODS = ("GET", "HEAD", "POST")
_FORM = "application/x-www-form-urlencoded"
_SIGNATURE = "HTTP_X_TWILIO_SIGNATURE"
_AT = "HTTP_X_IVR_AT"
"""When a call begins, in the words of its script; only a service in development heeds it."""
_PROXIED = frozenset({_SIGNATURE, "HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED"})
"""Headers of requests that come through a proxy, from outside."""


@dataclass(frozen=True)
class _Answer:
    """A response; `headers` are without the length."""

    status: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class Endpoints:
    """Answers the carrier's requests, and passes all others on.

    Parameters
    ----------
    line : Line
    signature : Signature or None
        None in development, where nothing is signed.
    pages : WSGI application
        The application for all other requests.
    more : mapping of str to Answer
        What answers for the legs of agents, by path.
    """

    def __init__(
        self,
        line: Line,
        signature: Signature | None,
        pages: WSGIApplication,
        more: Mapping[str, Answer] = MappingProxyType({}),
    ) -> None:
        self._line, self._signature, self._pages = line, signature, pages
        self._endpoints: dict[str, Callable[[CallRequest], _Answer]] = {
            "/voice": self._voice,
            "/wait": self._wait,
            "/called": partial(self._called, line.called),
            "/called/key": partial(self._called, line.called_key),
            "/status": self._status,
            **{path: partial(self._leg, answer) for path, answer in more.items()},
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        endpoint = self._endpoints.get(path)
        if endpoint is None:
            if path.rstrip("/") in self._endpoints:
                _log.warning(
                    "refused: %r is not an address of the service; in Twilio's console write %s", path, path.rstrip("/")
                )
            return self._pages(environ, start_response)
        try:
            if environ["REQUEST_METHOD"] not in _METHODS:
                raise MethodNotAllowed(_METHODS)
            answer = endpoint(self._checked(environ, path))
        except Exception as error:
            if isinstance(error, HTTPException) and error.code in (403, 405, 413):
                return error.get_response(environ)(environ, start_response)
            log_fault(error, path)
            answer = _Answer("204 NO CONTENT") if path.endswith("/status") else self._said(self._line.apology())
        length = () if answer.status[0:3] == "204" else (("Content-Length", str(len(answer.body))),)
        start_response(answer.status, [*answer.headers, *length])
        return (answer.body,) if environ["REQUEST_METHOD"] != "HEAD" else ()

    def _checked(self, environ: WSGIEnvironment, path: str) -> CallRequest:
        """The request; raises when it does not come from the carrier."""
        if not self._signature and (reason := _from_elsewhere(environ)):
            raise refused(reason)
        waited = waited_s(environ)
        full = self._line.admission.full(waited)
        posted = environ["REQUEST_METHOD"] == "POST"
        body, given = _body(environ) if posted else b"", environ.get(_SIGNATURE)
        pairs = _form(body) if given or not self._signature else []  # unsigned ones are refused unread
        asked = environ.get("QUERY_STRING", "")
        if self._signature and (reason := self._signature.refusal(path, asked, pairs, given) or cut_anew(pairs)):
            more = explain_wrong_signature(self._signature, environ, pairs, given or "") if reason == WRONG else ""
            raise refused(reason, call_sid_of(pairs), more)
        query = parameters(asked)
        known = dict(query)
        if len(known) != len(query) or (posted and known.keys() - {"c"}):
            raise refused("unknown query parameters")
        at = "" if self._signature else environ.get(_AT, "")
        return CallRequest(dict(reversed(pairs)) if posted else known, known.get("c", ""), waited, full, at)

    def _voice(self, request: CallRequest) -> _Answer:
        try:
            return self._said(self._line.voice(request))
        except CursorError as error:
            return self._unsealed(error)
        except WrongTimeError as error:
            raise refused(str(error)) from None

    def _wait(self, request: CallRequest) -> _Answer:
        try:
            return self._said(self._line.wait(request))
        except CursorError as error:
            return self._unsealed(error)

    def _called(self, answer: Callable[[CallRequest], Reply], request: CallRequest) -> _Answer:
        try:
            return self._said(answer(request))
        except CursorError as error:
            raise refused(str(error)) from None

    def _status(self, request: CallRequest) -> _Answer:
        try:
            self._line.status(request)
        except UNREACHABLE as error:
            _log.warning("/status: the floor is out of reach (%s)", failure_reason(error))
            return _Answer("503 SERVICE UNAVAILABLE")
        return _Answer("204 NO CONTENT")

    def _leg(self, answer: Answer, request: CallRequest) -> _Answer:
        try:
            body = answer(request.form, request.cursor)
        except CursorError as error:
            raise refused(str(error)) from None
        except UNREACHABLE:
            return _Answer("503 SERVICE UNAVAILABLE")
        return self._said(Reply(body, {})) if body else _Answer("204 NO CONTENT")

    def _said(self, reply: Reply) -> _Answer:
        headers = (("Content-Type", "text/xml; charset=utf-8"), ("Cache-Control", "no-store"))
        if self._signature:
            return _Answer("200 OK", reply.body, headers)
        node = json.dumps(reply.state.get("node", ""))[1:-1]
        return _Answer("200 OK", reply.body, (*headers, ("X-IVR-Node", node), ("X-IVR-State", json.dumps(reply.state))))

    def _unsealed(self, error: CursorError) -> _Answer:
        # If Twilio signed it, the call is real, and the cursor was damaged or its key replaced. If not, it is forged.
        if not self._signature:
            raise refused(str(error))
        _log.warning("%s", error)
        return self._said(self._line.apology())


def _from_elsewhere(environ: WSGIEnvironment) -> str:
    """Why an unsigned request may come from another machine or a page of another site; empty when it cannot.

    Such a page must not place calls, and through a proxy anyone could.
    """
    asked = Request(environ)
    if not is_local(asked.host):  # another name may lead here too (DNS rebinding)
        return "the service runs for this machine only"
    if _PROXIED.intersection(environ):
        return "the service runs for this machine only; for calls from outside set TWILIO_AUTH_TOKEN and --public-url"
    if of_another_site(asked):
        return "a page of another site may not place calls"
    return ""


def refused(reason: str, call_sid: str = "", more: str = "") -> HTTPException:
    """The exception that refuses a request; it is logged.

    Parameters
    ----------
    reason : str
        Also told to the client.
    call_sid, more : str
        For the log only: the call, and anything else the operator should know.
    """
    _log.warning("refused: %s", "; ".join(part for part in (reason, call_sid, more) if part))
    return Forbidden(response=Response(f"refused: {reason}\n", 403, content_type="text/plain; charset=utf-8"))


def log_fault(error: Exception, path: str) -> None:
    """Log where an unexpected error happened, without its message, which may contain what a caller typed."""
    place = " < ".join(f"{f.name}:{f.lineno}" for f in reversed(traceback.extract_tb(sys.exc_info()[2])[-6:]))
    _log.error("%s in %s: %s", type(error).__name__, path, place)


def _body(environ: WSGIEnvironment) -> bytes:
    """The form as sent; empty for any other kind of body, which Twilio never sends."""
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != _FORM:
        return b""
    length = environ.get("CONTENT_LENGTH") or ""
    if len(length) <= _SHORT and length.isascii() and length.isdigit():
        body: bytes = environ["wsgi.input"].read(int(length))
        if len(body) < int(length):
            raise ClientDisconnected
    else:
        body = get_input_stream(environ, max_content_length=MAX_BODY).read()
    return body


def _form(body: bytes) -> list[tuple[str, str]]:
    """The POST parameters; splitting a million empty ones would take half a second, so too many are refused."""
    if body.count(b"&") >= _MOST_PARAMETERS:
        raise RequestEntityTooLarge
    return parameters(body.decode("latin-1"))
