"""Settings from the environment, which ``ivr serve``, gunicorn and ``ivr data`` read alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from webhooks.caller_numbers import KEEPING, CallerNumbers
from webhooks.config import check_keys, cursor_keys, listed, secrets_of
from webhooks.problems import problem
from webhooks.retention import keep_days

__all__ = ["numbers_from", "shared"]

_HOST = re.compile(r"([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.?(?::([1-9][0-9]{0,4}))?")  # of the letters that the address of a lookup may have


def shared(environ: Mapping[str, str]) -> dict[str, Any]:
    """What `webhooks.config.Config` takes from the environment, however the service is started.

    Raises
    ------
    UsageProblem

    Examples
    --------
    >>> shared({"IVR_LOOKUP_HOSTS": "CRM.internal:8080"})["lookup_hosts"]
    ('crm.internal:8080',)
    """
    return {
        "cursor_keys": cursor_keys(environ.get("IVR_CURSOR_KEY", "")), "caller_keys": cursor_keys(environ.get("IVR_CALLER_KEY", "")),
        "callers": environ.get("IVR_CALLERS") or KEEPING[0], "keep": keep_days(environ.get("IVR_KEEP_DAYS", "")),
        "account_sid": environ.get("TWILIO_ACCOUNT_SID", ""), "messages_from": environ.get("IVR_MESSAGES_FROM", ""),
        "lookup_hosts": tuple(_host(part) for part in listed(environ.get("IVR_LOOKUP_HOSTS", ""))), "countries": listed(environ.get("IVR_COUNTRIES", "")),
    }  # fmt: skip


def _host(text: str) -> str:
    """A host as lookups know it: in small letters, without the dot of the root."""
    parts = _HOST.fullmatch(text.lower())
    if not parts or int(parts[2] or 1) > 65_535:
        raise problem(f"IVR_LOOKUP_HOSTS: {text!r} is no host that a lookup can name", "write HOST or HOST:PORT, e.g. crm.internal:8080, without http:// and path")
    return f"{parts[1]}:{parts[2]}" if parts[2] else parts[1]


def numbers_from(environ: Mapping[str, str]) -> CallerNumbers:
    """What is kept of callers' numbers by a service with this environment.

    Raises
    ------
    UsageProblem
        When there is no secret to find a number by, or it is none that a service takes.

    Examples
    --------
    >>> numbers_from({"TWILIO_AUTH_TOKEN": "12345"}).keeping
    'hashed'
    """
    token = environ.get("TWILIO_AUTH_TOKEN", "").strip()
    keys = cursor_keys(environ.get("IVR_CALLER_KEY", "")) or cursor_keys(environ.get("IVR_CURSOR_KEY", ""))
    check_keys("auth token", (token,), least=0)
    check_keys("caller key" if environ.get("IVR_CALLER_KEY") else "cursor key", keys)
    if not keys and not token:
        raise problem("without the secret of the service no caller can be found",
                      "set what the service has: IVR_CALLER_KEY, IVR_CURSOR_KEY or TWILIO_AUTH_TOKEN")  # fmt: skip
    return CallerNumbers(secrets_of(keys, token), environ.get("IVR_CALLERS") or KEEPING[0])
