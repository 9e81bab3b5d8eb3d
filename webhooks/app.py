"""The web application: routes, who may use them, and answers that a caller never hears as an application error."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from urllib.parse import parse_qsl

from flask import Flask, Response, abort, request, send_from_directory
from werkzeug.exceptions import HTTPException

from webhooks.admission import waited_s
from webhooks.browser import browser_phone, is_local
from webhooks.config import Config
from webhooks.cursor import CursorError
from webhooks.journal import Journal
from webhooks.signature import SIGNATURE_HEADER, Signature
from webhooks.store import Store
from webhooks.store_privacy import purge
from webhooks.voice import Inbound, Line, Reply

__all__ = ["MAX_BODY", "create_app"]

MAX_BODY = 2_000_000
"""Bytes of a request; Twilio's have a few thousand."""

_log = logging.getLogger("ivr.calls")
_HOOKS = ("/voice", "/wait", "/status")


def create_app(config: Config) -> Flask:
    """A service for one line.

    Parameters
    ----------
    config : Config

    Returns
    -------
    Flask
        A WSGI application. ``app.extensions["ivr"]`` holds its `Line`, `Store` and `Journal` (the latter two None
        when no records are kept).

    Examples
    --------
    >>> from flows.load import load_text
    >>> flow = load_text("{ivr: 1, name: Line, start: bye, nodes: {bye: {type: hangup, say: Goodbye.}}}").flow
    >>> client = create_app(Config(flow=flow, development=True)).test_client()
    >>> client.post("/voice", data={"CallSid": "CA1"}).get_data(as_text=True)[38:]
    '<Response><Say language="en-US">Goodbye.</Say><Hangup /></Response>'
    """
    store = Store(config.database) if config.database else None
    journal = Journal(store.write, chore=lambda: purge(store, config.keep, time.time_ns() // 1_000)) if store else None
    line = Line(config, store, journal)
    signature = Signature(config.auth_token, config.base) if config.checks_signature else None

    app = Flask("webhooks", static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, MAX_FORM_MEMORY_SIZE=MAX_BODY)
    app.url_map.merge_slashes = False  # an address that Twilio did not sign is unknown, not redirected
    app.extensions["ivr"] = {"line": line, "store": store, "journal": journal}

    @app.before_request
    def _this_machine_only() -> None:
        # Without a signature, a page of another site must not be able to place calls (DNS rebinding).
        if config.development and not is_local(request.host):
            _refuse("the service runs for this machine only")

    def inbound() -> Inbound:
        """The request, once it is known to come from the carrier."""
        waited = waited_s(request.environ)
        full = line.admission.full(waited)
        pairs = _parameters() if request.method == "POST" else []
        query = parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True)
        if signature:
            reason = signature.refusal(
                request.path, request.environ.get("QUERY_STRING", ""), pairs, request.headers.get(SIGNATURE_HEADER)
            )
            if reason:
                _refuse(reason)
        names = [name for name, _ in query]
        if len(names) != len(set(names)) or (request.method == "POST" and set(names) - {"c"}):
            _refuse("query parameters that the service does not have")
        form = dict(reversed(pairs if request.method == "POST" else query))
        return Inbound(form, dict(query).get("c", ""), waited, full)

    def answered(reply: Reply) -> Response:
        response = Response(reply.body, content_type="text/xml; charset=utf-8")
        response.headers["Cache-Control"] = "no-store"
        if config.development:
            response.headers["X-IVR-Node"] = json.dumps(reply.state.get("node", ""))[1:-1]
            response.headers["X-IVR-State"] = json.dumps(reply.state)
        return response

    def unsealed(error: CursorError) -> Response:
        # Signed by Twilio, so the call is real: our own cursor was damaged or its key replaced. Unsigned: forged.
        if not signature:
            _refuse(str(error))
        _log.warning("%s", error)
        return answered(line.apology())

    @app.route("/voice", methods=["GET", "POST"])
    def voice() -> Response:
        try:
            return answered(line.voice(inbound()))
        except CursorError as error:
            return unsealed(error)

    @app.route("/wait", methods=["GET", "POST"])
    def wait() -> Response:
        try:
            return answered(line.wait(inbound()))
        except CursorError as error:
            return unsealed(error)

    @app.route("/status", methods=["GET", "POST"])
    def status() -> tuple[str, int]:
        line.status(inbound())
        return "", 204

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    @app.get("/audio/<path:name>")
    def audio(name: str) -> Response:
        if name not in line.recordings or config.flow_folder is None:
            abort(404)
        return send_from_directory(config.flow_folder.resolve(), name)

    @app.errorhandler(Exception)
    def never_an_application_error(error: Exception) -> Response | HTTPException:
        deliberate = isinstance(error, HTTPException) and error.code in (403, 404, 405, 413, 301, 302, 304, 308)
        if deliberate or request.path not in _HOOKS:
            if isinstance(error, HTTPException):
                return error
        # The message may hold what a caller typed, so only the place is logged.
        place = " < ".join(f"{f.name}:{f.lineno}" for f in reversed(traceback.extract_tb(sys.exc_info()[2])[-6:]))
        _log.error("%s in %s: %s", type(error).__name__, request.path, place)
        if request.path == "/status":
            return Response(status=204)
        return answered(line.apology()) if request.path in _HOOKS else Response("error\n", 500)

    if config.development and config.browser:
        app.register_blueprint(browser_phone(config, app.wsgi_app))
    return app


def _parameters() -> list[tuple[str, str]]:
    """The POST parameters in order, repetitions included; Twilio sends no other kind of form, and this one is quickly read."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return []
    return parse_qsl(request.get_data(cache=False).decode("latin-1"), keep_blank_values=True, errors="replace")


def _refuse(reason: str) -> None:
    _log.warning("refused: %s", reason)
    abort(Response(f"refused: {reason}\n", 403, content_type="text/plain; charset=utf-8"))
