"""What the carrier asks: ``/voice``, ``/wait`` and ``/status``, as a WSGI application of its own before that of the
pages.

A call is made of these requests, and nothing that a web framework does for a page is done for them: no routes, no
session, no hooks of its own. Who may ask is decided here, and every answer is one that a caller never hears as an
application error.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.exceptions import ClientDisconnected, Forbidden, HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import get_input_stream

from webhooks.security.origin import is_local, of_another_site
from webhooks.security.sealed_cursor import CursorError
from webhooks.turn.admission import waited_s
from webhooks.turn.line import Line
from webhooks.turn.request import CallRequest, Reply
from webhooks.twilio.form import parameters
from webhooks.twilio.signature import WRONG, Signature, cut_anew
from webhooks.twilio.wrong_signature import call_sid_of, explain_wrong_signature

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["MAX_BODY", "Endpoints", "log_fault", "refused"]

MAX_BODY = 2_000_000
"""Bytes of a request; Twilio's have a few thousand."""
_MOST_PARAMETERS = 1_100
"""Of a form: a thousand beside the call's own. Twilio sends some thirty."""
_SHORT = 6
"""A length of so many digits is below that, and is read without another look."""
_log = logging.getLogger("ivr.calls")
_METHODS = ("GET", "HEAD", "POST")
_FORM = "application/x-www-form-urlencoded"
_SIGNATURE = "HTTP_X_TWILIO_SIGNATURE"
_PROXIED = frozenset({_SIGNATURE, "HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED"})
"""What only a request from outside carries."""


@dataclass(frozen=True)
class _Answer:
    """What is sent; `headers` without the length."""

    status: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class Endpoints:
    """Answers the carrier's requests, and hands every other one on.

    Parameters
    ----------
    line : Line
    signature : Signature or None
        None on this machine only, where nothing is signed.
    pages : WSGI application
        Whatever else is served.
    """

    def __init__(self, line: Line, signature: Signature | None, pages: WSGIApplication) -> None:
        self._line, self._signature, self._pages = line, signature, pages
        self._hooks = {"/voice": self._voice, "/wait": self._wait, "/status": self._status}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        hook = self._hooks.get(path)
        if hook is None:
            if path.rstrip("/") in self._hooks:
                _log.warning(
                    "refused: %r is not an address of the service; in Twilio's console write %s", path, path.rstrip("/")
                )
            return self._pages(environ, start_response)
        try:
            if environ["REQUEST_METHOD"] not in _METHODS:
                raise MethodNotAllowed(_METHODS)
            answer = hook(self._inbound(environ, path))
        except Exception as error:
            if isinstance(error, HTTPException) and error.code in (403, 405, 413):
                return error.get_response(environ)(environ, start_response)
            log_fault(error, path)
            answer = _Answer("204 NO CONTENT") if path == "/status" else self._said(self._line.apology())
        length = () if answer.status[0:3] == "204" else (("Content-Length", str(len(answer.body))),)
        start_response(answer.status, [*answer.headers, *length])
        return (answer.body,) if environ["REQUEST_METHOD"] != "HEAD" else ()

    def _inbound(self, environ: WSGIEnvironment, path: str) -> CallRequest:
        """The request, once it is known to come from the carrier."""
        if not self._signature and (reason := _from_elsewhere(environ)):
            raise refused(reason)
        waited = waited_s(environ)
        full = self._line.admission.full(waited)
        posted = environ["REQUEST_METHOD"] == "POST"
        body, given = _body(environ) if posted else b"", environ.get(_SIGNATURE)
        pairs = _form(body) if given or not self._signature else []  # what nobody signed is refused whatever it says
        asked = environ.get("QUERY_STRING", "")
        if self._signature and (reason := self._signature.refusal(path, asked, pairs, given) or cut_anew(pairs)):
            more = explain_wrong_signature(self._signature, environ, pairs, given) if reason == WRONG else ""
            raise refused(reason, call_sid_of(pairs), more)
        query = parameters(asked)
        known = dict(query)
        if len(known) != len(query) or (posted and known.keys() - {"c"}):
            raise refused("query parameters that the service does not have")
        return CallRequest(dict(reversed(pairs)) if posted else known, known.get("c", ""), waited, full)

    def _voice(self, inbound: CallRequest) -> _Answer:
        try:
            return self._said(self._line.voice(inbound))
        except CursorError as error:
            return self._unsealed(error)

    def _wait(self, inbound: CallRequest) -> _Answer:
        try:
            return self._said(self._line.wait(inbound))
        except CursorError as error:
            return self._unsealed(error)

    def _status(self, inbound: CallRequest) -> _Answer:
        self._line.status(inbound)
        return _Answer("204 NO CONTENT")

    def _said(self, reply: Reply) -> _Answer:
        headers = (("Content-Type", "text/xml; charset=utf-8"), ("Cache-Control", "no-store"))
        if self._signature:
            return _Answer("200 OK", reply.body, headers)
        node = json.dumps(reply.state.get("node", ""))[1:-1]
        return _Answer("200 OK", reply.body, (*headers, ("X-IVR-Node", node), ("X-IVR-State", json.dumps(reply.state))))

    def _unsealed(self, error: CursorError) -> _Answer:
        # Signed by Twilio, so the call is real: our own cursor was damaged or its key replaced. Unsigned: forged.
        if not self._signature:
            raise refused(str(error))
        _log.warning("%s", error)
        return self._said(self._line.apology())


def _from_elsewhere(environ: WSGIEnvironment) -> str:
    """Why a request that nobody has signed may come from another machine, or from a page of another site; empty when it
    cannot.

    Where nothing is signed, such a page must not be able to place calls, and a proxy brings in the whole world.
    """
    asked = Request(environ)
    if not is_local(asked.host):  # another name may lead here, too (DNS rebinding)
        return "the service runs for this machine only"
    if _PROXIED.intersection(environ):
        return "the service runs for this machine only; for calls from outside set TWILIO_AUTH_TOKEN and --public-url"
    if of_another_site(asked):
        return "calls are not placed by pages of other sites"
    return ""


def refused(reason: str, call_sid: str = "", more: str = "") -> HTTPException:
    """What to raise for somebody who may not ask; the log says of which call, and what else the operator should
    know.
    """
    _log.warning("refused: %s", "; ".join(part for part in (reason, call_sid, more) if part))
    return Forbidden(response=Response(f"refused: {reason}\n", 403, content_type="text/plain; charset=utf-8"))


def log_fault(error: Exception, path: str) -> None:
    """Say where something of our own went wrong. The message may hold what a caller typed, so only the place is
    logged.
    """
    place = " < ".join(f"{f.name}:{f.lineno}" for f in reversed(traceback.extract_tb(sys.exc_info()[2])[-6:]))
    _log.error("%s in %s: %s", type(error).__name__, path, place)


def _body(environ: WSGIEnvironment) -> bytes:
    """The form as sent; Twilio sends no other kind of body."""
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != _FORM:
        return b""
    length = environ.get("CONTENT_LENGTH") or ""
    if len(length) <= _SHORT and length.isascii() and length.isdigit():
        body = environ["wsgi.input"].read(int(length))
        if len(body) < int(length):
            raise ClientDisconnected
    else:
        body = get_input_stream(environ, max_content_length=MAX_BODY).read()
    return body


def _form(body: bytes) -> list[tuple[str, str]]:
    """The POST parameters; taking apart a million empty ones would cost half a second."""
    if body.count(b"&") >= _MOST_PARAMETERS:
        raise RequestEntityTooLarge
    return parameters(body.decode("latin-1"))
