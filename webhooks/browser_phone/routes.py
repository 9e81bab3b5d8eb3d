"""The browser phone: a page for development on this machine, and the calls it makes through the virtual carrier."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from flows.display.theme import css
from ivr.phone.call_time import zone_of
from webhooks.browser_phone.calls import IDLE_S, MAX_CALLS, Calls
from webhooks.browser_phone.reports import numbers_in, read_report
from webhooks.carrier.requests.wsgi import Wsgi
from webhooks.security.origin import of_another_site
from webhooks.settings.config import Config
from webhooks.settings.rehearsals import Rehearsals

__all__ = ["browser_phone"]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "media-src 'self' http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_MAX_REPORT = 10_000
"""Bytes of what a page tells."""


def browser_phone(config: Config, application: Callable[..., Any], rehearsals: Rehearsals) -> Blueprint:
    """Routes of the browser phone.

    Parameters
    ----------
    config : Config
    application : WSGI application
        The service itself: calls reach it as they would from outside.
    rehearsals : Rehearsals
        What pages decide for their calls.

    Returns
    -------
    Blueprint
        ``/`` and ``/phone``, the files they need, and ``/phone/calls``.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> flow = load_text("{ivr: 1, name: Line, start: bye, nodes: {bye: {type: hangup, say: Goodbye.}}}").flow
    >>> browser_phone(Config(flow=flow, development=True), lambda environ, start: [], Rehearsals(lambda: None)).name
    'phone'
    """
    phone = Blueprint("phone", __name__, static_folder="static", static_url_path="/static", template_folder="templates")
    calls = Calls(Wsgi(application), config, rehearsals)

    @phone.get("/")
    def home() -> BaseResponse:
        return redirect(url_for("phone.page"))

    @phone.get("/phone")
    def page() -> str:
        now_ms = round(config.clock().timestamp() * 1_000)
        return render_template("phone.html", flow=config.flow, zone=str(zone_of(config.flow)), now_ms=now_ms)

    @phone.post("/phone/calls")
    def begin() -> Response:
        data = _told()
        if isinstance(data, Response):
            return data
        told = numbers_in(data)
        if isinstance(told, str):
            return _refused(400, told)
        try:
            began = calls.begin(request.host_url.rstrip("/"), *told)
        except ValueError as error:
            return _refused(400, f"at: {error}")
        return (
            _answer(began, 201) if began else _refused(503, f"{MAX_CALLS} calls are on the line; hang one of them up.")
        )

    @phone.post("/phone/calls/<sid>")
    def happened(sid: str) -> Response:
        data = _told()
        if isinstance(data, Response):
            return data
        report = read_report(data)
        if isinstance(report, str):
            return _refused(400, report)
        answer = calls.take(sid, report)
        gone = (
            "The line no longer knows this call: the service was restarted, or this page was silent for"
            f" {IDLE_S / 60:g} minutes."
        )
        return _refused(404, gone) if answer is None else _answer(answer, 200)

    @phone.get("/look.css")
    def look() -> Response:
        return Response(css(), content_type="text/css; charset=utf-8")

    @phone.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    @phone.after_request
    def careful(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    return phone


def _told() -> object:
    """What the page tells; a `Response` when the request is not from a page of ours, or is no JSON."""
    # A page of another site can send neither this origin nor, without being asked first, this type.
    if "Origin" not in request.headers or of_another_site(request):
        return _refused(403, "calls are made by the page of this service only")
    if request.mimetype != "application/json":
        return _refused(415, "a report is application/json")
    if request.content_length is None or request.content_length > _MAX_REPORT:
        return _refused(413, f"a report has at most {_MAX_REPORT:,} bytes")
    try:
        return json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        return _refused(400, "a report is JSON; this is none")


def _answer(data: object, status: int) -> Response:
    return Response(json.dumps(data, ensure_ascii=False), status, content_type="application/json; charset=utf-8")


def _refused(status: int, message: str) -> Response:
    return _answer({"error": message}, status)
