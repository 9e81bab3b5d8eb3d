"""Headers of the pages for development: nothing from elsewhere, in no frame, never kept."""

from __future__ import annotations

from flask import Response

__all__ = ["secure"]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "media-src 'self' http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def secure(response: Response) -> Response:
    """The response with these headers."""
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
