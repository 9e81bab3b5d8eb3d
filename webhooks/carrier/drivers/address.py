"""The number behind an address, from the command line and the environment."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from webhooks.carrier.protocol import Number

__all__ = ["TOKEN", "is_address", "number_of"]

TOKEN = "TWILIO_AUTH_TOKEN"


def is_address(text: str) -> bool:
    """Whether a text is a complete http or https address.

    Examples
    --------
    >>> is_address("https://ivr.example.com/voice#rc=2"), is_address("ivr.example.com"), is_address("http://x:99999")
    (True, False, False)
    """
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def number_of(
    url: str,
    environ: Mapping[str, str],
    *,
    method: str = "POST",
    fallback: str = "",
    status_url: str = "",
    whisper: str = "",
) -> Number:
    """The number that an address answers, with the account from the environment.

    Parameters
    ----------
    url : str
    environ : mapping of str to str
        ``TWILIO_AUTH_TOKEN`` signs requests, ``TWILIO_ACCOUNT_SID`` names the account.
    method, fallback, status_url, whisper : str
    """
    account = environ.get("TWILIO_ACCOUNT_SID", "").strip() or Number("").account_sid
    return Number(
        url,
        method,
        fallback,
        status_url=status_url,
        whisper_url=whisper,
        auth_token=environ.get(TOKEN, "").strip(),
        account_sid=account,
    )
