"""Where a request comes from: this machine, or a page of another site."""

from __future__ import annotations

import ipaddress

from werkzeug.wrappers import Request

__all__ = ["is_local", "is_loopback", "of_another_site"]


def is_loopback(host: str) -> bool:
    """Whether a host name or address can be reached from this machine only.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("0.0.0.0"), is_loopback("127.example.com")
    (True, False, False)
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_local(host: str) -> bool:
    """Whether a Host header names this machine.

    Examples
    --------
    >>> is_local("localhost:5000"), is_local("[::1]:5000"), is_local("ivr.example.com")
    (True, True, False)
    """
    return is_loopback(host.rsplit(":", 1)[0] if not host.endswith("]") else host)


def of_another_site(request: Request) -> bool:
    """Whether a browser says that a page of another site sent the request.

    False for an address typed by a person, and for clients other than browsers.

    Examples
    --------
    >>> from werkzeug.test import EnvironBuilder
    >>> of_another_site(EnvironBuilder(headers={"Origin": "https://evil.example"}).get_request())
    True
    """
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "none")
    return origin not in (None, request.host_url.rstrip("/")) or site not in ("none", "same-origin")
