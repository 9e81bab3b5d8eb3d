"""Settings from the environment, which ``ivr serve``, gunicorn and ``ivr data`` read alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webhooks.caller_numbers import KEEPING, CallerNumbers
from webhooks.config import cursor_keys, listed, secrets_of
from webhooks.problems import problem
from webhooks.retention import keep_days

__all__ = ["numbers_from", "shared"]


def shared(environ: Mapping[str, str]) -> dict[str, Any]:
    """What `webhooks.config.Config` takes from the environment, however the service is started.

    Raises
    ------
    UsageProblem

    Examples
    --------
    >>> shared({"IVR_LOOKUP_HOSTS": "crm.internal:8080"})["lookup_hosts"]
    ('crm.internal:8080',)
    """
    return {
        "cursor_keys": cursor_keys(environ.get("IVR_CURSOR_KEY", "")), "caller_keys": cursor_keys(environ.get("IVR_CALLER_KEY", "")),
        "callers": environ.get("IVR_CALLERS") or KEEPING[0], "keep": keep_days(environ.get("IVR_KEEP_DAYS", "")),
        "account_sid": environ.get("TWILIO_ACCOUNT_SID", ""), "messages_from": environ.get("IVR_MESSAGES_FROM", ""),
        "lookup_hosts": listed(environ.get("IVR_LOOKUP_HOSTS", "")), "countries": listed(environ.get("IVR_COUNTRIES", "")),
    }  # fmt: skip


def numbers_from(environ: Mapping[str, str]) -> CallerNumbers:
    """What is kept of callers' numbers by a service with this environment.

    Raises
    ------
    UsageProblem
        When there is no secret to find a number by.

    Examples
    --------
    >>> numbers_from({"TWILIO_AUTH_TOKEN": "12345"}).keeping
    'hashed'
    """
    token = environ.get("TWILIO_AUTH_TOKEN", "").strip()
    keys = cursor_keys(environ.get("IVR_CALLER_KEY", "")) or cursor_keys(environ.get("IVR_CURSOR_KEY", ""))
    if not keys and not token:
        raise problem("without the secret of the service no caller can be found",
                      "set what the service has: IVR_CALLER_KEY, IVR_CURSOR_KEY or TWILIO_AUTH_TOKEN")  # fmt: skip
    return CallerNumbers(secrets_of(keys, token), environ.get("IVR_CALLERS") or KEEPING[0])
