"""The browser phone: a page that plays the carrier, for development on this machine."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from flows.look import css
from flows.model import Flow
from webhooks.config import is_loopback

__all__ = ["browser_phone", "is_local"]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "media-src 'self' http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def is_local(host: str) -> bool:
    """Whether a Host header names this machine.

    Examples
    --------
    >>> is_local("localhost:5000"), is_local("[::1]:5000"), is_local("ivr.example.com")
    (True, True, False)
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return is_loopback(name)


def browser_phone(flow: Flow) -> Blueprint:
    """Routes of the browser phone for a flow: ``/`` and ``/phone``, and the files they need."""
    phone = Blueprint("phone", __name__, static_folder="static", static_url_path="/static", template_folder="templates")

    @phone.get("/")
    def home() -> BaseResponse:
        return redirect(url_for("phone.page"))

    @phone.get("/phone")
    def page() -> str:
        return render_template("phone.html", flow=flow)

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
