"""Explains a wrong signature to an operator: for which address was the request signed?

Only a request signed with the account's own token, for an address that the request itself names, can be distinguished
from a forgery. It is still refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from webhooks.twilio.signature import Signature

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["call_sid_of", "explain_wrong_signature"]

_HOST = re.compile(r"[A-Za-z0-9.\[\]:-]{1,253}")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]{1,64}){0,4}")
_CALL_SID = re.compile(r"CA[0-9a-fA-F]{32}")
_HOSTS = ("HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_X_ORIGINAL_HOST")


def call_sid_of(pairs: Sequence[tuple[str, str]]) -> str:
    """The CallSid of an unverified request; empty when it is missing or malformed.

    Examples
    --------
    >>> call_sid_of([("CallSid", "CA" + 32 * "0")]), call_sid_of([("CallSid", "x\\n")])
    ('CA00000000000000000000000000000000', '')
    """
    return next((value for name, value in pairs if name == "CallSid" and _CALL_SID.fullmatch(value)), "")


def explain_wrong_signature(
    signature: Signature, environ: WSGIEnvironment, pairs: Sequence[tuple[str, str]], given: str
) -> str:
    """What the operator should do about a wrong signature, for the log.

    Parameters
    ----------
    signature : Signature
        The check that refused it.
    environ : WSGI environment
        Of the refused request; its forwarded headers are read here and nowhere else.
    pairs : sequence of (name, value)
        POST parameters.
    given : str
        Value of the signature header.
    """
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    for base in _bases(environ, signature.public_url):
        for written in (path, f"{path}/"):
            if signature.fits(base, f"{written}?{query}" if query else written, pairs, given):
                if base == signature.public_url:
                    return f"Twilio signed {base}{written}; in its console write {base}{path}"
                return (
                    f"Twilio signed {base}{written}; set the public URL (IVR_PUBLIC_URL) to {base}, or call"
                    f" {signature.public_url}{path}"
                )
    return f"expected {signature.public_url}{path}; the public URL or the auth token is not the one in Twilio's console"


def _bases(environ: WSGIEnvironment, public_url: str) -> Iterator[str]:
    """Base addresses that Twilio may have for the service, with the configured one first."""
    ours = urlsplit(public_url)
    prefix = environ.get("HTTP_X_FORWARDED_PREFIX", "").rstrip("/")
    paths = dict.fromkeys((ours.path, "", prefix if _PREFIX.fullmatch(prefix) else ""))
    hosts = dict.fromkeys((ours.netloc, *(environ.get(name, "").split(",")[0].strip() for name in _HOSTS)))
    for host in (host for host in hosts if _HOST.fullmatch(host)):
        for path in paths:
            yield from (f"{scheme}://{host}{path}" for scheme in ("https", "http"))
