"""A transport to a WSGI application in this process: no network, and answers take no time."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlencode, urlsplit

from webhooks.carrier.protocol import Reply, Request, Response
from webhooks.carrier.twiml.document import MAX_DOCUMENT

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment

__all__ = ["Wsgi"]


class Wsgi:
    """Calls a WSGI application as a server does.

    Parameters
    ----------
    app : WSGI application

    Examples
    --------
    >>> def app(environ, start_response):
    ...     start_response("200 OK", [("Content-Type", "text/xml")])
    ...     return [b"<Response/>"]
    >>> from webhooks.carrier.protocol import Limits
    >>> Wsgi(app).send(Request("POST", "http://localhost/voice", (), {}, Limits(5, 15, 15)))
    Response(status=200, headers={'content-type': 'text/xml'}, body=b'<Response/>', seconds=0.0)
    """

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def send(self, request: Request) -> Reply:
        """The application's answer."""
        where, body = urlsplit(request.url), urlencode(request.form).encode()
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(where.path).decode("latin-1"),
            "QUERY_STRING": where.query,
            "SERVER_NAME": where.hostname or "localhost",
            "HTTP_HOST": where.netloc,
            "SERVER_PORT": str(where.port or (443 if where.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": where.scheme,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **_variables(request.headers),
        }
        began: list[tuple[int, Mapping[str, str]]] = []

        written: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: object = None, /
        ) -> Callable[[bytes], None]:
            began.append((int(status[:3]), {name.lower(): value for name, value in headers}))
            return written.append

        parts = self.app(environ, start_response)
        try:
            answered = b"".join([*written, *parts])
        finally:
            getattr(parts, "close", bool)()
        status, headers = began[-1]
        return Response(status, headers, answered[: MAX_DOCUMENT + 1])

    def close(self) -> None:
        """Nothing is kept."""


def _variables(headers: Mapping[str, str]) -> dict[str, str]:
    names = ((name.upper().replace("-", "_"), value) for name, value in headers.items())
    return {name if name == "CONTENT_TYPE" else f"HTTP_{name}": value for name, value in names}
