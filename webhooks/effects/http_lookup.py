"""HTTP lookups that cannot reach private addresses.

The host's name is resolved once, every address that is not public is refused, and the connection goes to the address
that was checked, so that a name cannot change its address in between (DNS rebinding). A redirect counts as an answer
and is not followed. The deadline covers the whole lookup, however slowly the answer arrives; at most 64 kB are read.
Source: OWASP, Server-Side Request Forgery Prevention Cheat Sheet.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from flows.protocol.actions import Fetch, Outcome
from flows.protocol.http_answer import FAILURE, MAX_ANSWER, TIMEOUT, read_answer

__all__ = ["fetch", "is_public"]

_log = logging.getLogger("ivr.lookups")
_SECRET = re.compile(r"\$(IVR_SECRET_[A-Z0-9_]+)")
_NAT64 = ipaddress.ip_network("64:ff9b::/32")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, whatever its notation.

    Examples
    --------
    >>> is_public("93.184.216.34"), is_public("127.0.0.1"), is_public("169.254.169.254"), is_public("::ffff:10.0.0.1")
    (True, False, False, False)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in _NAT64):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def fetch(
    asked: Fetch,
    *,
    seconds: float,
    key: str = "",
    allowed: Collection[str] = (),
    environ: Mapping[str, str] | None = None,
    tell_why: Callable[[str], None] | None = None,
) -> Outcome:
    """The outcome of a lookup; never raises.

    Parameters
    ----------
    asked : Fetch
    seconds : float
        Seconds left.
    key : str
        Sent with a POST as ``Idempotency-Key``, by which a service recognises repeated requests
        (draft-ietf-httpapi-idempotency-key-header); empty for none. A header of that name in the flow takes precedence.
    allowed : collection of str
        Hosts, as ``HOST`` or ``HOST:PORT``, that may have private addresses.
    environ : mapping of str to str, optional
        Where ``$IVR_SECRET_NAME`` in headers is looked up.
    tell_why : callable, optional
        Receives the reason for a failure, for the person who is testing the line. The log says less: addresses and
        headers may contain a secret, or what a caller typed.

    Returns
    -------
    Outcome
        One of ``asked.labels``.
    """
    granted_s = min(asked.timeout_s, seconds)
    deadline = time.monotonic() + granted_s
    tell = tell_why or (lambda why: None)
    try:
        status, body = _exchange(asked, key, deadline, allowed, environ or {})
    except TimeoutError:
        _log.warning("lookup %s: no answer in time", asked.name)
        tell(f"{_host(asked)}: no answer within {granted_s:.3g} s")
        return Outcome(TIMEOUT)
    except (OSError, http.client.HTTPException, ValueError) as error:
        _log.warning("lookup %s: %s", asked.name, error if isinstance(error, _RefusedError) else type(error).__name__)
        tell(str(error) if isinstance(error, _RefusedError) else f"{_host(asked)}: {_reason(error)}")
        return Outcome(FAILURE)
    outcome = read_answer(asked, status, body)
    if outcome.label == FAILURE:
        tell(f"{_host(asked)}: its answer, status {status}, has no outcome of the node, or lacks a value that it wants")
    _log.info("lookup %s: %d, %s", asked.name, status, outcome.label)
    return outcome


def _host(asked: Fetch) -> str:
    return urlsplit(asked.url).netloc.rpartition("@")[2] or "no host"


def _reason(error: Exception) -> str:
    """What went wrong, in the system's words."""
    said = getattr(error, "verify_message", "") or getattr(error, "strerror", "") or str(error)
    return said[:1].lower() + said[1:] if said else type(error).__name__


class _RefusedError(OSError):
    """An address that a lookup must not reach."""


def _exchange(
    asked: Fetch, key: str, deadline: float, allowed: Collection[str], environ: Mapping[str, str]
) -> tuple[int, bytes]:
    parts = urlsplit(asked.url)
    host = (parts.hostname or "").rstrip(".")
    port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    address = _checked_address(host, port, deadline, open_to_all=host in allowed or f"{host}:{port}" in allowed)
    connection = _Connection(address, host, port, deadline, secure=parts.scheme == "https")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    body = asked.body.encode() if asked.body else None
    headers = {"Accept": "application/json", "User-Agent": "ivr", "Connection": "close"}
    headers |= {"Content-Type": "application/json"} if body else {}
    if key and asked.method == "POST" and not any(name.lower() == "idempotency-key" for name, _ in asked.headers):
        headers["Idempotency-Key"] = f'"{key}"'  # a quoted string of RFC 8941
    headers |= {name: _SECRET.sub(lambda m: _secret(m[1], environ), text) for name, text in asked.headers}
    try:
        connection.request(asked.method, path, body, {name: text.encode() for name, text in headers.items()})
        response = connection.getresponse()
        return response.status, response.read(MAX_ANSWER + 1)
    finally:
        connection.shut()


def _secret(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        raise _RefusedError(f"{name} is not set in the environment")
    return environ[name]


def _checked_address(host: str, port: int, deadline: float, *, open_to_all: bool) -> tuple[Any, ...]:
    """The first address of a host that is allowed: (family, socket address)."""
    found = _resolved(host, port, deadline)
    fit = [(family, address) for family, _, _, _, address in found if open_to_all or is_public(str(address[0]))]
    if not fit:
        raise _RefusedError(f"{host}:{port} is not on the public internet; to allow it, name it in IVR_LOOKUP_HOSTS")
    return fit[0]


def _resolved(host: str, port: int, deadline: float) -> list[Any]:
    """`socket.getaddrinfo`, abandoned at the deadline because it has no time-out of its own."""
    answer: list[Any] = []

    def ask() -> None:
        try:
            answer.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answer.append(error)

    thread = threading.Thread(target=ask, name="ivr-resolve", daemon=True)
    thread.start()
    thread.join(_left(deadline))
    if not answer:
        raise TimeoutError
    if isinstance(answer[0], Exception):
        raise OSError("no such host") from None
    return list(answer[0])


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Connection(http.client.HTTPConnection):
    """Connects to an address that was checked, within a deadline."""

    def __init__(self, address: tuple[Any, ...], host: str, port: int, deadline: float, *, secure: bool) -> None:
        super().__init__(host, port)
        self._address, self._deadline, self._secure = address, deadline, secure
        self.default_port = 443 if secure else 80
        self._plain: socket.socket | None = None

    def connect(self) -> None:
        family, address = self._address
        plain = socket.socket(family, socket.SOCK_STREAM)
        try:
            plain.settimeout(_left(self._deadline))
            plain.connect(address)
            if self._secure:
                plain.settimeout(_left(self._deadline))
                plain = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise
        self._plain = plain
        self.sock = _Timed(plain, self._deadline)

    def shut(self) -> None:
        """Close the connection and its socket."""
        self.close()
        if self._plain:
            self._plain.close()


class _Timed:
    """The part of a socket that `http.client` needs; every wait ends at one deadline."""

    def __init__(self, inner: socket.socket, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def sendall(self, data: bytes) -> None:
        self._inner.settimeout(_left(self._deadline))
        self._inner.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Stream(self._inner, self._deadline))

    def close(self) -> None:
        """Keep the socket open: `http.client` closes it before it reads the rest."""


class _Stream(io.RawIOBase):
    def __init__(self, inner: socket.socket, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._inner.settimeout(_left(self._deadline))
        return self._inner.recv_into(buffer)
