"""Routes of the browser phone: a development page for this machine, and the calls it makes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from flows.display.theme import css
from ivr.phone.call_time import zone_of
from webhooks.browser_phone.calls import IDLE_S, MAX_CALLS, Calls
from webhooks.browser_phone.reports import numbers_in, read_report
from webhooks.carrier.requests.wsgi import Wsgi
from webhooks.security.origin import of_another_site
from webhooks.settings.config import Config
from webhooks.settings.rehearsals import Rehearsals

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

__all__ = ["browser_phone"]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "media-src 'self' http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_MAX_REPORT = 10_000
"""Largest report in bytes."""


def browser_phone(config: Config, application: WSGIApplication, rehearsals: Rehearsals) -> Blueprint:
    """Routes of the browser phone.

    Parameters
    ----------
    config : Config
    application : WSGI application
        The service itself, which calls reach as they would from outside.
    rehearsals : Rehearsals
        Decisions that pages make for their calls.

    Returns
    -------
    Blueprint
        ``/`` and ``/phone``, their files, and ``/phone/calls``.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> flow = load_text("{ivr: 1, name: Line, start: bye, nodes: {bye: {type: hangup, say: Goodbye.}}}").flow
    >>> browser_phone(Config(flow=flow, development=True), lambda environ, start: [], Rehearsals(lambda: None)).name
    'phone'
    """
    phone = Blueprint("phone", __name__, static_folder="static", static_url_path="/static", template_folder="templates")
    _add_call_routes(phone, Calls(Wsgi(application), config, rehearsals))

    @phone.get("/")
    def home() -> BaseResponse:
        return redirect(url_for("phone.page"))

    @phone.get("/phone")
    def page() -> str:
        now_ms = round(config.clock().timestamp() * 1_000)
        return render_template("phone.html", flow=config.flow, zone=str(zone_of(config.flow)), now_ms=now_ms)

    @phone.get("/look.css")
    def look() -> Response:
        return Response(css(), content_type="text/css; charset=utf-8")

    @phone.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    @phone.after_request
    def secure(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    return phone


def _add_call_routes(phone: Blueprint, calls: Calls) -> None:
    """Add the addresses at which a page begins a call and reports on it."""

    @phone.post("/phone/calls")
    def begin() -> Response:
        numbers = numbers_in(_posted())
        if isinstance(numbers, str):
            return _refused(400, numbers)
        try:
            began = calls.begin(request.host_url.rstrip("/"), *numbers)
        except ValueError as error:
            return _refused(400, f"at: {error}")
        if began is None:
            return _refused(503, f"{MAX_CALLS} calls are on the line; hang up one of them.")
        return _answer(began, 201)

    @phone.post("/phone/calls/<sid>")
    def happened(sid: str) -> Response:
        report = read_report(_posted())
        if isinstance(report, str):
            return _refused(400, report)
        answer = calls.take(sid, report)
        if answer is None:
            return _refused(
                404,
                "The line no longer knows this call: the service was restarted, or this page was silent for"
                f" {IDLE_S / 60:g} minutes.",
            )
        return _answer(answer, 200)


def _posted() -> object:
    """The JSON that a page of this service has posted; any other request is refused."""
    # A page of another site can send neither this origin nor, without a preflight request, this content type.
    if "Origin" not in request.headers or of_another_site(request):
        abort(_refused(403, "only the page of this service may make calls"))
    if request.mimetype != "application/json":
        abort(_refused(415, "post application/json"))
    if request.content_length is None or request.content_length > _MAX_REPORT:
        abort(_refused(413, f"a report may have at most {_MAX_REPORT:,} bytes"))
    try:
        return json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        abort(_refused(400, "the report is not JSON"))


def _answer(data: object, status: int) -> Response:
    return Response(json.dumps(data, ensure_ascii=False), status, content_type="application/json; charset=utf-8")


def _refused(status: int, message: str) -> Response:
    return _answer({"error": message}, status)
