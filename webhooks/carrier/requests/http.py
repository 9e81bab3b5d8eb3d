"""The transport over a real network. The user chooses the address: none is refused, not even in private networks.

Cookies are kept for the length of a call, as Twilio does; ``~/.netrc`` is not read. At most one byte more than the
largest document is read, and never for longer than the request's total time, however slowly it arrives.
"""

from __future__ import annotations

import time
from typing import Literal
from urllib.parse import unquote, urlsplit

import requests
from urllib3.exceptions import HTTPError
from urllib3.exceptions import ReadTimeoutError as RawReadTimeout

from webhooks.carrier.protocol import Failed, Reply, Request, Response
from webhooks.carrier.twiml.document import MAX_DOCUMENT

__all__ = ["Http"]

_CHUNK = 16_384


class Http:
    """Sends the requests of one call; close it when the call is over.

    Parameters
    ----------
    virtual : bool
        Whether the time of answers is left out of the call's clock, so that transcripts are repeatable; time-outs still
        count.
    """

    def __init__(self, *, virtual: bool = False) -> None:
        self._session = requests.Session()
        self._session.auth = _unchanged
        self._virtual = virtual

    def __enter__(self) -> Http:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def send(self, request: Request) -> Reply:
        """The answer, or why there is none."""
        began = time.monotonic()
        try:
            status, headers, body = self._exchange(request, began + request.limits.total_s)
        except (requests.RequestException, HTTPError, TimeoutError, OSError, ValueError) as error:
            # The message may hold the address, and so the state of a call.
            return Failed(_kind(error), round(time.monotonic() - began, 0 if self._virtual else 3))
        return Response(status, headers, body, 0.0 if self._virtual else time.monotonic() - began)

    def _exchange(self, request: Request, deadline: float) -> tuple[int, dict[str, str], bytes]:
        url, login = _login(request.url)
        with self._session.request(
            request.method,
            url,
            data=list(request.form) if request.method == "POST" else None,
            headers=dict(request.headers),
            timeout=(request.limits.connect_s, request.limits.read_s),
            allow_redirects=False,
            stream=True,
            auth=login,
        ) as response:
            body = b""
            while len(body) <= MAX_DOCUMENT and (chunk := response.raw.read1(_CHUNK, decode_content=True)):
                body += chunk
                if time.monotonic() > deadline:
                    raise TimeoutError
            return (
                response.status_code,
                {name.lower(): text for name, text in response.headers.items()},
                body[: MAX_DOCUMENT + 1],
            )


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _login(url: str) -> tuple[str, tuple[str, str] | None]:
    """The address without user and password, and the two separately: Twilio uses them for HTTP Basic
    authentication.
    """
    parts = urlsplit(url)
    if not parts.username:
        return url, None
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return bare, (unquote(parts.username), unquote(parts.password or ""))


def _kind(error: Exception) -> Literal["name", "connect", "read", "tls", "protocol"]:
    """How far a request got, by the exception that ended it."""
    text = repr(error)
    if isinstance(error, requests.exceptions.SSLError):
        return "tls"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "connect"
    if isinstance(error, requests.exceptions.ReadTimeout | RawReadTimeout | TimeoutError):
        return "read"
    if "NameResolutionError" in text:
        return "name"
    if isinstance(error, requests.exceptions.ConnectionError) and "NewConnectionError" in text:
        return "connect"
    return "protocol"
