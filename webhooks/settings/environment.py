"""Settings from environment variables, read alike by ``ivr serve``, gunicorn and ``ivr data``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flows.source.finding import UsageError
from flows.values.caller_numbers import is_dialled, plain_number
from webhooks.security.caller_numbers import KEEPING, CallerNumbers
from webhooks.settings.answering import TOLD, answering, check_account
from webhooks.settings.config import check_keys, cursor_keys, secrets_of
from webhooks.settings.lists import listed
from webhooks.settings.problems import Together, problem
from webhooks.settings.retention import keep_days

__all__ = ["auth_tokens", "numbers_from", "readable", "shared"]

_SHORT_CODE = re.compile(r"[0-9]{5,6}")
_HOST = re.compile(r"([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.?(?::([1-9][0-9]{0,4}))?")


def shared(environ: Mapping[str, str]) -> dict[str, Any]:
    """The fields of `webhooks.settings.config.Config` that come from the environment, however the service is started.

    Raises
    ------
    UsageError

    Examples
    --------
    >>> shared({"IVR_LOOKUP_HOSTS": "CRM.internal:8080"})["lookup_hosts"]
    ('crm.internal:8080',)
    """
    together = Together()
    found = readable(environ, together)
    together.refuse()
    return found


def readable(environ: Mapping[str, str], together: Together) -> dict[str, Any]:
    """Those of the `shared` settings that can be read.

    Parameters
    ----------
    environ : mapping of str to str
    together : Together
        Gets what is wrong with the others.
    """
    readers: dict[str, Callable[[], Any]] = {
        "cursor_keys": lambda: cursor_keys(environ.get("IVR_CURSOR_KEY", "")),
        "caller_keys": lambda: cursor_keys(environ.get("IVR_CALLER_KEY", "")),
        "callers": lambda: environ.get("IVR_CALLERS") or KEEPING[0],
        "keep": lambda: _days(environ.get("IVR_KEEP_DAYS", "")),
        "account_sid": lambda: check_account(environ.get("TWILIO_ACCOUNT_SID", "")),
        "answering": lambda: answering(environ, together),
        "desk": lambda: _switch(environ, "IVR_DESK"),
        "agents_file": lambda: Path(environ["IVR_AGENTS"]) if environ.get("IVR_AGENTS") else None,
        "messages_from": lambda: _sender(environ.get("IVR_MESSAGES_FROM", "")),
        "lookup_hosts": lambda: tuple(_host(part) for part in listed(environ.get("IVR_LOOKUP_HOSTS", ""))),
        "countries": lambda: listed(environ.get("IVR_COUNTRIES", "")),
        "allow_errors": lambda: _switch(environ, "IVR_ALLOW_ERRORS"),
    }
    found: dict[str, Any] = {"account_sid": TOLD}
    for name, read in readers.items():
        with together.checking():
            found[name] = read()
    return found


def _days(text: str) -> Mapping[str, int | None]:
    try:
        return keep_days(text)
    except UsageError as error:
        raise problem(f"IVR_KEEP_DAYS: {error.findings[0].message}", error.findings[0].hint) from None


def _switch(environ: Mapping[str, str], name: str) -> bool:
    """Whether a yes-or-no setting is on."""
    text = environ.get(name, "").strip().lower()
    if text not in ("", "0", "1", "no", "yes", "false", "true"):
        raise problem(f"{name}={text!r} is neither yes nor no", f"write {name}=1, or leave it out")
    return text in ("1", "yes", "true")


def _sender(text: str) -> str:
    """The number that text messages come from, in the carrier's spelling."""
    number = plain_number(text)
    if number and not is_dialled(number) and not _SHORT_CODE.fullmatch(number):
        raise problem(
            f"IVR_MESSAGES_FROM={text!r} is not a number that can send text messages",
            "write a number of your account with + and country code, e.g. +14155550100, or a short code of five or six"
            " digits",
        )
    return number


def _host(text: str) -> str:
    """A host as lookups compare it: in lower case, without a trailing dot."""
    parts = _HOST.fullmatch(text.lower())
    if not parts or int(parts[2] or 1) > 65_535:
        raise problem(
            f"IVR_LOOKUP_HOSTS: {text!r} is not a host name",
            "write HOST or HOST:PORT, e.g. crm.internal:8080, without http:// and path",
        )
    return f"{parts[1]}:{parts[2]}" if parts[2] else parts[1]


def auth_tokens(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The account's auth tokens: the current one first, then those that it replaces.

    Examples
    --------
    >>> auth_tokens({"TWILIO_AUTH_TOKEN": "new, old"})
    ('new', 'old')
    """
    return listed(environ.get("TWILIO_AUTH_TOKEN", ""))


def numbers_from(environ: Mapping[str, str]) -> CallerNumbers:
    """How a service with this environment keeps callers' numbers.

    Raises
    ------
    UsageError
        When no secret is set, or a service would refuse it.

    Examples
    --------
    >>> numbers_from({"TWILIO_AUTH_TOKEN": "12345"}).keeping
    'hashed'
    """
    tokens = auth_tokens(environ)
    keys = cursor_keys(environ.get("IVR_CALLER_KEY", "")) or cursor_keys(environ.get("IVR_CURSOR_KEY", ""))
    check_keys("auth token", tokens, least=0)
    check_keys("caller key" if environ.get("IVR_CALLER_KEY") else "cursor key", keys)
    if not keys and not tokens:
        raise problem(
            "no caller can be found without the secret of the service",
            "set IVR_CALLER_KEY, IVR_CURSOR_KEY or TWILIO_AUTH_TOKEN as the service has it",
        )
    return CallerNumbers(secrets_of(keys, *tokens), environ.get("IVR_CALLERS") or KEEPING[0])
