"""What pages of this service post, and what they are answered."""

from __future__ import annotations

import json

from flask import Response, abort, request

from webhooks.security.origin import of_another_site

__all__ = ["MAX_REPORT", "answered", "posted", "refused"]

MAX_REPORT = 10_000
"""Largest report in bytes."""


def posted() -> object:
    """The JSON that a page of this service has posted; any other request is refused."""
    # A page of another site can send neither this origin nor, without a preflight request, this content type.
    if "Origin" not in request.headers or of_another_site(request):
        abort(refused(403, "only the page of this service may make calls"))
    if request.mimetype != "application/json":
        abort(refused(415, "post application/json"))
    if request.content_length is None or request.content_length > MAX_REPORT:
        abort(refused(413, f"a report may have at most {MAX_REPORT:,} bytes"))
    try:
        return json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        abort(refused(400, "the report is not JSON"))


def answered(data: object, status: int = 200) -> Response:
    """JSON for a page."""
    return Response(json.dumps(data, ensure_ascii=False), status, content_type="application/json; charset=utf-8")


def refused(status: int, message: str) -> Response:
    """Why a request is not carried out."""
    return answered({"error": message}, status)
