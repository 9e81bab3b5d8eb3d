"""Routes of the browser phone: a development page for this machine, and the calls it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from flows.display.theme import css
from ivr.phone.call_time import zone_of
from ivr.phone.closed_now import closed_now
from webhooks.browser_phone.calls import IDLE_S, MAX_CALLS, Calls
from webhooks.browser_phone.posted import answered, posted, refused
from webhooks.browser_phone.reports import numbers_in, read_report
from webhooks.browser_phone.security import secure
from webhooks.carrier.exchange import Exchange
from webhooks.carrier.requests.wsgi import Wsgi
from webhooks.settings.config import Config
from webhooks.settings.rehearsals import Rehearsals

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

__all__ = ["browser_phone"]


def browser_phone(
    config: Config, application: WSGIApplication, rehearsals: Rehearsals, exchange: Exchange | None = None
) -> Blueprint:
    """Routes of the browser phone.

    Parameters
    ----------
    config : Config
    application : WSGI application
        The service itself, which calls reach as they would from outside.
    rehearsals : Rehearsals
        Decisions that pages make for their calls.
    exchange : Exchange, optional
        Where others are on the line too.

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
    transport = exchange.transport if exchange else Wsgi(application)
    _add_call_routes(phone, Calls(transport, config, rehearsals, exchange=exchange))

    @phone.get("/")
    def home() -> BaseResponse:
        return redirect(url_for("phone.page"))

    @phone.get("/phone")
    def page() -> str:
        now = config.clock()
        return render_template(
            "phone.html",
            flow=config.flow,
            zone=str(zone_of(config.flow)),
            now_ms=round(now.timestamp() * 1_000),
            closed=closed_now(config.flow, now),
            exchange=exchange is not None,
        )

    @phone.get("/look.css")
    def look() -> Response:
        return Response(css(), content_type="text/css; charset=utf-8")

    @phone.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    phone.after_request(secure)
    return phone


def _add_call_routes(phone: Blueprint, calls: Calls) -> None:
    """Add the addresses at which a page begins a call and reports on it."""

    @phone.post("/phone/calls")
    def begin() -> Response:
        numbers = numbers_in(posted())
        if isinstance(numbers, str):
            return refused(400, numbers)
        try:
            began = calls.begin(request.host_url.rstrip("/"), *numbers)
        except ValueError as error:
            return refused(400, f"at: {error}")
        if began is None:
            return refused(503, f"{MAX_CALLS} calls are on the line; hang up one of them.")
        return answered(began, 201)

    @phone.post("/phone/calls/<sid>")
    def happened(sid: str) -> Response:
        report = read_report(posted())
        if isinstance(report, str):
            return refused(400, report)
        answer = calls.take(sid, report)
        if answer is None:
            return refused(
                404,
                "The line no longer knows this call: the service was restarted, or this page was silent for"
                f" {IDLE_S / 60:g} minutes.",
            )
        return answered(answer, 200)
