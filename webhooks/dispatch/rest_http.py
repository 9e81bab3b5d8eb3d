"""The twilio client's way to the network, which tells what was certainly not done from what may have been.

A request that never left is refused. One whose answer was lost, or came back as an error of the server, may have been
carried out: that is unknown, and it depends on the request whether it may be sent again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import requests
from twilio.http.response import Response
from urllib3.exceptions import HTTPError

from webhooks.dispatch.telephone import Gone, Refused, Unknown

__all__ = ["CarefulHttp", "DeadlineHttp", "never_left", "retry_after_s"]

_CHUNK = 16_384
_LARGEST = 4_000_000
_LONGEST_PAUSE_S = 300.0
_OVER = {20404, 21220}
"""Twilio's errors for a resource that does not exist (any more), and for a call that is not in progress."""


class DeadlineHttp:
    """Sends requests; the answer has to be complete in time, however slowly it arrives.

    Parameters
    ----------
    timeout_s : float
        Seconds for connecting, and for the whole answer.
    """

    def __init__(self, timeout_s: float) -> None:
        self.timeout = timeout_s
        self._session = requests.Session()

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, str] | None = None,
        data: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Send one request; raises what `requests` raises."""
        limit_s = timeout or self.timeout
        deadline = time.monotonic() + limit_s
        with self._session.request(
            method,
            uri,
            params=params,
            data=data,
            headers=headers,
            auth=auth,
            timeout=limit_s,
            allow_redirects=allow_redirects,
            stream=True,
        ) as answer:
            body = b""
            while chunk := answer.raw.read1(_CHUNK, decode_content=True):
                body += chunk
                if time.monotonic() > deadline or len(body) > _LARGEST:
                    raise requests.exceptions.ReadTimeout
            return Response(answer.status_code, body.decode("utf-8", "replace"), dict(answer.headers))


class CarefulHttp:
    """Hands requests on, and raises `Refused`, `Gone` or `Unknown` for whatever is not a good answer.

    Parameters
    ----------
    inner : twilio.http.HttpClient, or what answers like one
        Sends them.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def request(self, method: str, uri: str, *args: Any, **named: Any) -> Response:
        """Send one request."""
        try:
            response = self._inner.request(method, uri, *args, **named)
        except (Refused, Unknown):
            raise
        except (requests.RequestException, HTTPError, OSError) as error:
            # The message may hold numbers and addresses.
            if never_left(error):
                raise Refused(f"not connected ({type(error).__name__})", again=True) from None
            raise Unknown(f"no answer ({type(error).__name__})") from None
        if response.status_code >= 300:
            raise _fault(method, response)
        if method != "DELETE" and not _is_object(response.text):
            raise Unknown(f"an answer that cannot be read, status {response.status_code}")
        return response


def _fault(method: str, response: Response) -> Refused | Unknown:
    status, code = response.status_code, _code(response.text)
    said = f"status {status}" + (f", error {code}" if code else "")
    if status == 429:
        return Refused(said, again=True, after_s=retry_after_s(response.headers or {}))
    if status >= 500:
        return Unknown(said) if method == "POST" else Refused(said, again=True)
    if code in _OVER or status == 404:
        return Gone(said)
    return Refused(said)


def _code(text: str) -> int | None:
    try:
        found = json.loads(text)["code"]
    except (ValueError, TypeError, KeyError):
        return None
    return found if isinstance(found, int) else None


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def never_left(error: Exception) -> bool:
    """Whether no connection was made, so that nothing was sent."""
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError):
        return True
    known = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ConnectionRefusedError")
    return isinstance(error, OSError) and any(name in repr(error) for name in known)


def retry_after_s(headers: Mapping[str, str]) -> float:
    """Seconds for which a server wants no more requests (RFC 9110, section 10.2.3); 0 if it does not say.

    A date is not read: the answer then comes after the usual pause.

    Examples
    --------
    >>> retry_after_s({"Retry-After": "7"}), retry_after_s({"retry-after": "86400"}), retry_after_s({})
    (7.0, 300.0, 0.0)
    """
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return min(float(text), _LONGEST_PAUSE_S) if text.isascii() and text.isdigit() else 0.0
